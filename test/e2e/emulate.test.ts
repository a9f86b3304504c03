import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { useWorkplaces, type Workplace, waitForText } from '../helpers/bin.ts';

const open = useWorkplaces();

/** Starts an emulator in a process of its own, and calls of the program that talk to it. */
async function startEmulator(place: Workplace, ...argv: string[]) {
  const child = place.start(['emulate', '--port', '0', '--json', ...argv]);
  const line = await waitForText(child.stdout, /\n/);
  const { baseUrl } = JSON.parse(line);
  const env = {
    ROBLOX_API_KEY: 'any-key-will-do',
    UNIVERSE_ID: '1',
    PLACE_ID: '2',
    LUAU_EXEC_BASE_URL: baseUrl,
  };
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  return { child, env, line, ended };
}

async function waitForFile(file: string): Promise<void> {
  while (!existsSync(file)) await setTimeout(10);
}

describe('emulate', () => {
  it('prints one line when it is ready, serves, and stops at SIGTERM with 0', async () => {
    const place = open();
    const { child, env, line, ended } = await startEmulator(place);
    expect(line).toMatch(/^\{"baseUrl":"http:\/\/127\.0\.0\.1:\d+"\}\n$/);
    const run = await place.run(['run', '-e', 'print("over HTTP") return game.PlaceId'], { env });
    expect(run).toMatchObject({ exitCode: 0, stdout: '2\n' });
    expect(await place.run(['status'], { env })).toMatchObject({ exitCode: 0 });
    expect(await place.run(['logs', '@1'], { env })).toMatchObject({ exitCode: 0, stdout: 'over HTTP\n' });
    expect(await place.run(['wait', '-q'], { env })).toMatchObject({ exitCode: 0, stdout: '2\n' });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it('says how to run a script there, which works as it stands', async () => {
    const place = open();
    place.write({ 'script.luau': 'return "here"', 'key.txt': 'the-only-key' });
    const read = async (...argv: string[]) => {
      const child = place.start(['emulate', '--port', '0', ...argv]);
      const hint = /hint: luau-exec (.*), with (.*)\n/.exec(await waitForText(child.stderr, /hint: .*\n/));
      return { words: hint?.[1]?.split(' ') ?? [], key: hint?.[2] };
    };
    const free = await read();
    expect(free.key).toBe('any text as ROBLOX_API_KEY');
    const env = { ROBLOX_API_KEY: 'any-text' };
    expect(await place.run([...free.words, '-q'], { env })).toMatchObject({
      exitCode: 0,
      stdout: '"here"\n',
    });
    const closed = await read('--api-key-file', 'key.txt');
    expect(closed.key).toBe('the same --api-key-file');
    expect(await place.run([...closed.words, '-q', '--api-key-file', 'key.txt'])).toMatchObject({
      exitCode: 0,
      stdout: '"here"\n',
    });
  });

  it('two at once with ten scripts each keep their tasks apart', async () => {
    const place = open();
    const emulators = await Promise.all([startEmulator(place), startEmulator(place)]);
    const runs = emulators.flatMap(({ env }, which) =>
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) =>
        place.run(['run', '-e', `task.wait(0.1) return ${which}, ${n}`, '-q'], { env }),
      ),
    );
    const results = await Promise.all(runs);
    expect(results.map(({ exitCode, stdout, stderr }) => [exitCode, stdout, stderr])).toEqual(
      emulators.flatMap((_, which) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [0, `${which}\n${n}\n`, ''])),
    );
  });

  it('accepts one key alone where it is given one', async () => {
    const place = open();
    place.write({ 'key.txt': 'the-only-key\n' });
    const { env } = await startEmulator(place, '--api-key-file', 'key.txt');
    const good = { ...env, ROBLOX_API_KEY: 'the-only-key' };
    expect(await place.run(['run', '-e', 'return 1', '-q'], { env: good })).toMatchObject({ exitCode: 0 });
    expect(await place.run(['run', '-e', 'return 1', '-q'], { env })).toMatchObject({
      exitCode: 4,
      stdout: '',
    });
  });

  it('keeps data stores in a directory, also when it is killed', async () => {
    const place = open();
    const script = `local store = game:GetService("DataStoreService"):GetDataStore("Runs")
return (store:IncrementAsync("count"))`;
    const first = await startEmulator(place, '--data-dir', 'data/stores');
    expect(await place.run(['run', '-e', script, '-q'], { env: first.env })).toMatchObject({ stdout: '1\n' });
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await startEmulator(place, '--data-dir', 'data/stores');
    expect(await place.run(['run', '-e', script, '-q'], { env: second.env })).toMatchObject({
      stdout: '2\n',
    });
    const file = join(place.directory, 'data/stores/1/+runs/global/count.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      key: 'count',
      value: 2,
    });
  });

  it('leaves whole files when it is killed in the middle of writing', async () => {
    const place = open();
    const { child, env, ended } = await startEmulator(place, '--data-dir', 'data');
    const script = `local store = game:GetService("DataStoreService"):GetDataStore("Runs")
while true do store:UpdateAsync("text", function(old) return string.rep("x", 200000 + #(old or "") % 2 + 1) end) end`;
    expect(await place.run(['run', '-e', script, '--detach'], { env })).toMatchObject({ exitCode: 0 });
    const file = join(place.directory, 'data/1/+runs/global/text.json');
    await waitForFile(file);
    await setTimeout(Math.random() * 200);
    child.kill('SIGKILL');
    await ended;
    const { value } = JSON.parse(readFileSync(file, 'utf8'));
    expect([200_001, 200_002]).toContain(value.length);
  });

  it('a second one on the same port says so', async () => {
    const place = open();
    const { line } = await startEmulator(place);
    const port = new URL(JSON.parse(line).baseUrl).port;
    const result = await place.run(['emulate', '--port', port]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(`error: cannot listen on 127.0.0.1:${port}`);
  });

  it('Ctrl-C while waiting dies by SIGINT, says how to go on, and the task can be taken up again', async () => {
    const place = open();
    const { env } = await startEmulator(place);
    const child = place.start(['run', '-e', 'task.wait(1) return "late"'], { env });
    child.stdin.end();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
    await waitForText(child.stderr, /processing/);
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: null, signal: 'SIGINT' });
    expect(stderr).toContain('error: stopped waiting; the script goes on for at most 345 s');
    const resume = /hint: luau-exec (wait \S+)/.exec(stderr)?.[1] ?? '';
    const waited = await place.run([...resume.split(' '), '-q'], { env });
    expect(waited).toMatchObject({ exitCode: 0, stdout: '"late"\n' });
  });

  it('a killed process leaves its task in the journal', async () => {
    const place = open();
    const { env } = await startEmulator(place);
    const child = place.start(['run', '-e', 'task.wait(0.3) return "still there"'], { env });
    child.stdin.end();
    await waitForText(child.stderr, /created/);
    child.kill('SIGKILL');
    expect(await place.run(['wait', '@last', '-q'], { env })).toMatchObject({
      exitCode: 0,
      stdout: '"still there"\n',
    });
  });
});
