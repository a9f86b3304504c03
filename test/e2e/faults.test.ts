import { describe, expect, it } from 'vitest';
import { collect, useWorkplaces, type Workplace, waitForText } from '../helpers/bin.ts';

const open = useWorkplaces();

async function startEmulator(place: Workplace, faults: object) {
  place.write({ 'faults.json': JSON.stringify(faults) });
  const child = place.start(['emulate', '--port', '0', '--faults', 'faults.json']);
  const result = collect(child);
  const baseUrl = (await waitForText(child.stdout, /\n/)).trim();
  const env = {
    ROBLOX_API_KEY: 'any-key-will-do',
    UNIVERSE_ID: '1',
    PLACE_ID: '2',
    LUAU_EXEC_BASE_URL: baseUrl,
  };
  const stop = () => {
    child.kill('SIGTERM');
    return result;
  };
  return { env, stop };
}

describe('emulate --faults', () => {
  it('answers a create with 502: exit code 9 after exactly one POST', async () => {
    const place = open();
    const { env, stop } = await startEmulator(place, {
      faults: [
        { request: 'createTask', do: { answer: { status: 502, body: '<h1>Bad Gateway</h1>' } } },
        // A create that was sent twice would meet this one.
        { request: 'createTask', nth: 2, do: { answer: { status: 403 } } },
        { request: 'listLogs', times: 2, do: { answer: { status: 503 } } },
      ],
    });
    const run = () => place.run(['run', '-e', 'return 1', '-vv'], { env });
    const first = await run();
    expect(first).toMatchObject({ exitCode: 9, stdout: '' });
    expect(first.stderr).toContain('LX510');
    expect(first.stderr.match(/^POST /gm)).toHaveLength(1);
    expect(await run()).toMatchObject({ exitCode: 4, stdout: '' });
    expect(await run()).toMatchObject({ exitCode: 0, stdout: '1\n' });
    expect(await stop()).toMatchObject({
      exitCode: 0,
      signal: null,
      stderr: expect.not.stringContaining('to be met'),
    });
  });

  it('says at its end which faults were not met', async () => {
    const place = open();
    const { stop } = await startEmulator(place, {
      faults: [
        { request: 'createTask', nth: 3, times: 2, do: { never: true } },
        { request: 'any', times: 'always', do: { reset: 'before' } },
      ],
    });
    const { exitCode, stderr } = await stop();
    expect(exitCode).toBe(0);
    expect(stderr.trimEnd().split('\n').slice(-2)).toEqual([
      'the fault for createTask number 3 was to be met 2 times, and was met 0 times',
      'the fault for any number 1 was to be met at least once, and was met 0 times',
    ]);
  });

  it.each([
    [
      '{"faults":[{"request":"createTask","do":{"reset":"befor"}}]}',
      'faults[0].do.reset in faults.json is "befor"',
      'did you mean before?',
    ],
    ['{', 'faults.json is not JSON', 'the format is in docs/faults.md'],
  ])('does not start with %j', async (text, headline, hint) => {
    const place = open();
    place.write({ 'faults.json': text });
    const { exitCode, stdout, stderr } = await place.run([
      'emulate',
      '--port',
      '0',
      '--faults',
      'faults.json',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`error: ${headline}`);
    expect(stderr).toContain(`hint: ${hint}`);
  });

  it('names a file that cannot be read', async () => {
    const result = await open().run(['emulate', '--port', '0', '--faults', 'none.json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('error: the faults file none.json does not exist');
  });
});
