import { execFileSync, spawn } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, type BinResult, collect, NODE } from '../helpers/bin.ts';
import { type GatedSession, useGatedSessions } from '../helpers/gated-session.ts';
import { createBytes } from '../helpers/transfer-session.ts';

const open = useGatedSessions();
const BYTES = createBytes(3_000_001);
const MOST_BYTES = 100 * 1024 * 1024;
const FILES = {
  'in.bin': BYTES,
  'empty.bin': '',
  'game.rbxl': '<roblox!one',
  'other.rbxl': '<roblox!other',
  'in.luau': 'return buffer.len(({...})[1].BinaryInput)',
  'out.luau': 'return { BinaryOutput = ({...})[1].BinaryInput, ReturnValues = { "made" } }',
  'version.luau': 'return game.PlaceVersion',
};
const OUTPUT = ['run', 'out.luau', '--binary-input', 'in.bin', '--binary-output'];

/** A pipe and a directory beside the files. */
async function openOdd(): Promise<GatedSession> {
  const session = await open({ files: FILES });
  execFileSync('mkfifo', [join(session.place.directory, 'pipe')]);
  execFileSync('mkdir', [join(session.place.directory, 'folder')]);
  return session;
}

/** Everything that stood in the directory before, and nothing in the temporary one. */
function expectNothingDone(session: GatedSession, result: BinResult): void {
  expect(result.stdout).toBe('');
  expect([...session.api.heads, ...session.store.heads]).toEqual([]);
  expect(session.listFiles()).toEqual([...Object.keys(FILES), 'folder', 'pipe'].sort());
  expect(session.listTemporary()).toEqual([]);
}

describe('--binary-input', () => {
  it.each([
    ['a file of 0 bytes', 'empty.bin', 'the binary input is empty'],
    ['a directory', 'folder', 'cannot read folder: it is a directory'],
    ['100 MiB and a byte', 'in.bin', 'the binary input is 100.1 MiB, Open Cloud accepts 100 MiB'],
  ])('%s is refused, and nothing is sent', async (_name, name, message) => {
    const session = await openOdd();
    if (name === 'in.bin') truncateSync(join(session.place.directory, name), MOST_BYTES + 1);
    const result = await session.place.run(['run', 'in.luau', '--binary-input', name]);
    expect(result).toMatchObject({ exitCode: 2, stderr: `error: ${message}\n` });
    expectNothingDone(session, result);
  });

  it('takes 100 MiB, to the byte', async () => {
    const session = await open({ files: FILES });
    truncateSync(join(session.place.directory, 'in.bin'), MOST_BYTES);
    const { exitCode, stdout } = await session.place.run(['run', 'in.luau', '--binary-input', 'in.bin']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${MOST_BYTES}\n` });
    const [input = new Uint8Array()] = session.jobs.map(({ binaryInput }) => binaryInput);
    expect(session.read('in.bin').equals(input)).toBe(true);
  });

  it.each([
    [MOST_BYTES + 1, 2],
    [BYTES.byteLength, 0],
    [0, 2],
  ])('of a named pipe reads %i bytes: %i', async (sizeBytes, exitCode) => {
    const session = await openOdd();
    const running = session.place.run(['run', 'in.luau', '--binary-input', 'pipe']);
    const writer = await openFile(join(session.place.directory, 'pipe'), 'w');
    const bytes = sizeBytes === BYTES.byteLength ? BYTES : Buffer.alloc(sizeBytes);
    // One that is too long is read no further.
    await writer.writeFile(bytes).catch((error: unknown) => expect(error).toMatchObject({ code: 'EPIPE' }));
    await writer.close();
    const result = await running;
    expect(result.exitCode).toBe(exitCode);
    if (exitCode === 0) {
      expect(result.stdout).toBe(`${sizeBytes}\n`);
      expect(BYTES.equals(session.jobs[0]?.binaryInput ?? BYTES.subarray(1))).toBe(true);
      expect(session.listTemporary()).toEqual([]);
    } else expectNothingDone(session, result);
  });
});

describe('--place-file and --binary-output', () => {
  it.each([
    [['--place-file', 'empty.bin'], 2, 'the place file is empty'],
    [['--place-file', 'folder'], 2, 'cannot read folder: it is a directory'],
    [['--place-file', 'pipe'], 2, 'cannot read pipe: it is not a regular file'],
    [['--binary-output', 'folder'], 74, 'cannot write folder: it is a directory'],
    [['--binary-output', 'pipe'], 74, 'cannot write pipe: it is not a regular file'],
  ])('%j is refused, and nothing is sent', async (flags, exitCode, message) => {
    const session = await openOdd();
    const result = await session.place.run(['run', 'version.luau', ...flags]);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toMatch(new RegExp(`^error: ${message}\n`));
    expectNothingDone(session, result);
  });

  it('an output of 0 bytes is a file of 0 bytes', async () => {
    const session = await open({
      files: { 'out.luau': 'return { BinaryOutput = buffer.create(0), ReturnValues = {} }' },
    });
    expect(await session.place.run(['run', 'out.luau', '--binary-output', 'out.bin'])).toMatchObject({
      exitCode: 0,
    });
    expect(session.read('out.bin').byteLength).toBe(0);
  });
});

/** Runs the program where no file can grow past 1 MiB. For it, that is a disk without room: the write fails. */
function runOnFullDisk({ place }: GatedSession, argv: readonly string[], input: Buffer): Promise<BinResult> {
  const shell = spawn('bash', ['-c', 'ulimit -f 1024; exec "$@"', 'bash', NODE, BIN, ...argv, '--no-check'], {
    cwd: place.directory,
    env: place.environment,
  });
  shell.stdin.on('error', () => undefined);
  shell.stdin.end(input);
  return collect(shell);
}

describe('a disk that is full', () => {
  it.each([
    ['where no output was', null],
    ['where one was before', 'from before'],
  ])('leaves no half output, %s, and the results where they always are', async (_name, before) => {
    const session = await open({ files: FILES });
    if (before !== null) writeFileSync(join(session.place.directory, 'out.bin'), before);
    const result = await runOnFullDisk(session, [...OUTPUT, 'out.bin'], Buffer.alloc(0));
    expect(result).toMatchObject({ exitCode: 74, signal: null, stdout: '"made"\n' });
    expect(result.stderr).toContain('error: cannot write out.bin: EFBIG: file too large, write\n');
    expect(result.stderr).toMatch(
      /^hint: name a file in a directory .* that has room; then luau-exec wait \S+ --binary-output out\.bin$/m,
    );
    const names = Object.keys(FILES);
    expect(session.listFiles()).toEqual((before === null ? names : [...names, 'out.bin']).sort());
    if (before !== null) expect(session.read('out.bin').toString()).toBe(before);
    // Once is enough.
    expect(session.store.heads.map(({ method }) => method)).toEqual(['PUT', 'GET']);
  });

  it('leaves nothing of an input that does not fit into the temporary directory', async () => {
    const session = await open({ files: FILES });
    const result = await runOnFullDisk(session, ['run', 'in.luau', '--binary-input', '-'], BYTES);
    expect(result).toMatchObject({
      exitCode: 74,
      signal: null,
      stdout: '',
      stderr: `error: cannot keep the binary input in the temporary directory: EFBIG: file too large

hint: free some space there, or name a file instead of a pipe
`,
    });
    expect(session.listTemporary()).toEqual([]);
    expect(session.api.heads).toEqual([]);
  });
});

describe('ten runs with one place file upload it once', () => {
  const countUploads = ({ api }: GatedSession) =>
    api.heads.filter(({ path }) => path.startsWith('/universes/v1/')).length;

  it('one after the other, and ten at the same time', async () => {
    const session = await open({ files: FILES });
    const run = (name: string) => session.place.run(['run', 'version.luau', '--place-file', name]);
    for (let nth = 0; nth < 10; nth++) {
      expect(await run('game.rbxl')).toMatchObject({ exitCode: 0, stdout: '2\n' });
    }
    expect(countUploads(session)).toBe(1);
    const results = await Promise.all(Array.from({ length: 10 }, () => run('other.rbxl')));
    expect(results.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(
      Array.from({ length: 10 }, () => [0, '3\n']),
    );
    expect(countUploads(session)).toBe(2);
  }, 60_000);
});
