import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BinResult, collect } from '../helpers/bin.ts';
import { type GatedSession, useGatedSessions } from '../helpers/gated-session.ts';
import { createBytes } from '../helpers/transfer-session.ts';

const open = useGatedSessions();
const BYTES = createBytes(3_000_001);
const FILES = {
  'in.bin': BYTES,
  'game.rbxl': Buffer.concat([Buffer.from('<roblox!'), BYTES]),
  'in.luau': 'return buffer.len(({...})[1].BinaryInput)',
  'out.luau': 'return { BinaryOutput = ({...})[1].BinaryInput, ReturnValues = { "made" } }',
};
const INPUT = ['in.luau', '--binary-input', 'in.bin'];
const OUTPUT = ['out.luau', '--binary-input', 'in.bin', '--binary-output', 'out.bin'];
const TASK = 'universes/11/places/22/versions/1/luau-execution-sessions/\\S+/tasks/\\S+';

interface Moment {
  what: string;
  argv: string[];
  /** Of the transfer that stands still in its middle. */
  method: string;
  /** All of stdout, and the end of stderr. */
  stdout: string;
  says: RegExp;
  jobs: number;
}

const MOMENTS: Moment[] = [
  {
    what: 'the upload of an input',
    argv: INPUT,
    method: 'PUT',
    stdout: '',
    says: /^error: stopped while the binary input was uploaded; the script was not sent\n\nhint: run it again\n$/m,
    jobs: 0,
  },
  {
    what: 'the upload of a place',
    argv: ['in.luau', '--place-file', 'game.rbxl'],
    method: 'POST',
    stdout: '',
    says: /^error: stopped while the place was uploaded; no script was sent\n {2}what .*\n\nhint: run it again\n$/m,
    jobs: 0,
  },
  {
    what: 'the download of an output',
    argv: OUTPUT,
    method: 'GET',
    stdout: '"made"\n',
    says: new RegExp(
      `^error: stopped before the binary output was read; the task has finished: COMPLETE\n.*\n\nhint: luau-exec wait ${TASK} --binary-output out\\.bin\n$`,
      'm',
    ),
    jobs: 1,
  },
];

function openHeld(method: string): Promise<GatedSession> {
  return open({
    files: FILES,
    obstruct: (seen, nth) => (seen === method && nth === 0 ? { stop: { share: 0.5, how: 'hold' } } : null),
  });
}

function start({ place }: GatedSession, argv: string[]) {
  const child = place.start(['run', ...argv]);
  child.stdin.on('error', () => undefined);
  return { child, ended: collect(child) };
}

async function untilHeld({ api, store }: GatedSession): Promise<void> {
  await Promise.race([api.untilStopped(), store.untilStopped()]);
}

/** What is left of an upload or a download, and of who uploads a place. */
function listLeft(session: GatedSession): string[] {
  const places = join(session.place.directory, 'home/.local/state/luau-exec/places');
  const names = [...session.listFiles(), ...session.listTemporary()];
  if (existsSync(places)) names.push(...readdirSync(places));
  return names.filter((name) => !(name in FILES));
}

/** Milliseconds until the process is gone, and how it went. */
async function measureEnd(
  { child, ended }: ReturnType<typeof start>,
  signal: NodeJS.Signals,
): Promise<[ms: number, BinResult]> {
  const sentMs = performance.now();
  child.kill(signal);
  const result = await ended;
  return [performance.now() - sentMs, result];
}

describe.each(MOMENTS)('in the middle of $what', ({ argv, method, stdout, says, jobs }) => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s is what the process dies of, and leaves no half file',
    async (signal) => {
      const session = await openHeld(method);
      const running = start(session, argv);
      await untilHeld(session);
      if (method === 'GET') expect(session.listFiles()).toContain('out.bin.part');
      const [ms, result] = await measureEnd(running, signal);
      expect(result).toMatchObject({ exitCode: null, signal, stdout });
      expect(result.stderr).toMatch(says);
      expect(ms).toBeLessThan(1_000);
      expect(listLeft(session)).toEqual([]);
      expect(session.jobs).toHaveLength(jobs);
    },
  );

  it('two SIGINTs at once, as npm makes of one, are one', async () => {
    const session = await openHeld(method);
    const running = start(session, argv);
    await untilHeld(session);
    running.child.kill('SIGINT');
    const [ms, result] = await measureEnd(running, 'SIGINT');
    expect(result).toMatchObject({ signal: 'SIGINT', stdout });
    expect(result.stderr).toMatch(says);
    expect(ms).toBeLessThan(1_000);
    expect(listLeft(session)).toEqual([]);
  });
});

it('an output that was there before stays, and wait brings the new one', async () => {
  const session = await openHeld('GET');
  writeFileSync(join(session.place.directory, 'out.bin'), 'from before');
  const running = start(session, OUTPUT);
  await untilHeld(session);
  const [, { stderr }] = await measureEnd(running, 'SIGINT');
  expect(session.read('out.bin').toString()).toBe('from before');
  const [, hint = ''] = /^hint: luau-exec (wait .*)$/m.exec(stderr) ?? [];
  expect(await session.place.run(hint.split(' '))).toMatchObject({ exitCode: 0, stdout: '"made"\n' });
  expect(session.read('out.bin').equals(BYTES)).toBe(true);
});

it('a place that was not uploaded whole is uploaded by the next run, which waits for nobody', async () => {
  const session = await openHeld('POST');
  const argv = ['out.luau', '--place-file', 'game.rbxl', ...OUTPUT.slice(1)];
  const running = start(session, argv);
  await untilHeld(session);
  await measureEnd(running, 'SIGTERM');
  const startMs = performance.now();
  expect(await session.place.run(['run', ...argv])).toMatchObject({ exitCode: 0, stdout: '"made"\n' });
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

describe('while an input is read that has no end yet', () => {
  it.each([
    ['standard input', '-'],
    ['a named pipe', 'pipe'],
  ])('SIGINT leaves nothing of %s', async (_name, name) => {
    const session = await open({ files: FILES });
    const path = join(session.place.directory, 'pipe');
    execFileSync('mkfifo', [path]);
    const running = start(session, ['in.luau', '--binary-input', name]);
    const pipe = name === 'pipe' ? await openFile(path, 'w') : null;
    // More than a pipe holds: it is being read once this is gone.
    if (pipe) await pipe.writeFile(BYTES);
    else await new Promise((resolve) => running.child.stdin.write(BYTES, resolve));
    expect(session.listTemporary()).toHaveLength(1);
    const [ms, result] = await measureEnd(running, 'SIGINT');
    await pipe?.close();
    expect(result).toMatchObject({
      exitCode: null,
      signal: 'SIGINT',
      stdout: '',
      stderr: 'error: stopped\n',
    });
    expect(ms).toBeLessThan(1_000);
    expect(listLeft(session)).toEqual(['pipe']);
    expect(session.api.heads).toEqual([]);
  });
});
