import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { API_KEY, type CliSession, type CliSessionOptions } from '../helpers/cli-session.ts';
import { useControlSessions } from '../helpers/control-session.ts';
import { createBytes, sha256 } from '../helpers/transfer-session.ts';
import { setTemporaryDirectory } from '../place/fake-rojo.ts';

const openSession = useControlSessions();

const SLOT = 'POST /cloud/v2/universes/11/luau-execution-session-task-binary-inputs';
const CREATE = 'POST /cloud/v2/universes/11/places/22/luau-execution-session-tasks';
const PUT = 'PUT /emulator/binary-inputs/ID';
const GET = 'GET /emulator/binary-outputs/ID';
const BYTES = createBytes(300_000);

const FILES = {
  'input.bin': BYTES,
  'in.luau': 'local input = ({...})[1].BinaryInput\nreturn buffer.len(input), buffer.readu8(input, 9)',
  'out.luau':
    'local input = ({...})[1]\nprint("made")\nreturn { BinaryOutput = input and input.BinaryInput or buffer.fromstring("out"), ReturnValues = { 1, "two" } }',
};
const IN = [BYTES.byteLength, BYTES[9]];

const open = (options: Omit<CliSessionOptions, 'scripts' | 'checksSyntax'> = {}) =>
  openSession({ ...options, files: { ...FILES, ...options.files } });

/** What changes something, and what goes to presigned addresses. */
function listTransfers({ requests }: CliSession): string[] {
  return requests
    .splice(0)
    .map((request) => request.replace(/(binary-(?:in|out)puts\/)[\w-]+$/, '$1ID'))
    .filter((request) => !request.startsWith('GET /cloud'));
}

/** A temporary directory of its own for each test, as others may make names in the common one meanwhile. */
let restore: () => void;
beforeEach(() => {
  restore = setTemporaryDirectory(mkdtempSync(join(tmpdir(), 'luau-exec-temporary-')));
});
afterEach(() => {
  const directory = tmpdir();
  restore();
  rmSync(directory, { recursive: true, force: true });
});

/** Names that were made for this tool in the temporary directory. */
function listTemporary(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^luau-exec-\w{6}$/.test(name));
}

describe('--binary-input', () => {
  it('is what the script finds, and is told of in the envelope', async () => {
    const session = await open();
    const result = await session.run('run', 'in.luau', '--binary-input', 'input.bin', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 0,
      results: IN,
      binaryInput: { file: 'input.bin', sizeBytes: BYTES.byteLength, sha256: sha256(BYTES) },
      binaryOutput: null,
    });
    expect(listTransfers(session)).toEqual([SLOT, PUT, CREATE]);
  });

  it('is uploaded once for several scripts', async () => {
    const session = await open();
    const scripts = Array.from({ length: 6 }, () => 'in.luau');
    const { stdout } = await session.run('run', ...scripts, '--binary-input', 'input.bin');
    expect(stdout).toBe(`${IN.join('\n')}\n`.repeat(6));
    const transfers = listTransfers(session);
    expect(transfers.slice(0, 2)).toEqual([SLOT, PUT]);
    expect(transfers.slice(2)).toEqual(scripts.map(() => CREATE));
  });

  it('is uploaded again for a script that comes 13 minutes later', async () => {
    const session = await open({
      files: { 'slow.luau': 'task.wait(290)\nreturn buffer.len(({...})[1].BinaryInput)' },
    });
    const scripts = ['slow.luau', 'slow.luau', 'slow.luau', 'slow.luau'];
    const flags = ['--binary-input', 'input.bin', '--concurrency', '1'];
    const { exitCode, stdout } = await session.run('run', ...scripts, ...flags);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${BYTES.byteLength}\n`.repeat(4) });
    expect(listTransfers(session)).toEqual([SLOT, PUT, CREATE, CREATE, CREATE, SLOT, PUT, CREATE]);
  });

  it('is another one by then: that is said, and the script is not sent', async () => {
    const session = await open({
      files: { 'slow.luau': 'task.wait(290)\nreturn 1', 'late.luau': 'return 2' },
    });
    const scripts = ['slow.luau', 'slow.luau', 'slow.luau', 'late.luau'];
    const flags = ['--binary-input', 'input.bin', '--concurrency', '1', '--json'];
    const running = session.run('run', ...scripts, ...flags);
    while (session.requests.filter((request) => request === CREATE).length < 3)
      await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(join(session.cwd, 'input.bin'), createBytes(299_999));
    const { runs } = JSON.parse((await running).stdout);
    expect(runs[3]).toMatchObject({
      exitCode: 2,
      task: null,
      error: { id: 'LX015', message: 'input.bin is not what it was when the first script was sent' },
    });
  });

  it('comes from standard input, which is kept in a file meanwhile', async () => {
    const before = listTemporary();
    const session = await open({ stdin: BYTES });
    const result = await session.run('run', 'in.luau', '--binary-input', '-', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      results: IN,
      binaryInput: { file: '-', sizeBytes: BYTES.byteLength, sha256: sha256(BYTES) },
    });
    expect(listTemporary()).toEqual(before);
  });

  it('comes from a named pipe', async () => {
    const before = listTemporary();
    const session = await open();
    const pipe = join(session.cwd, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const running = session.run('run', 'in.luau', '--binary-input', 'pipe', '--json');
    const writer = await openFile(pipe, 'w');
    await writer.writeFile(BYTES);
    await writer.close();
    expect(JSON.parse((await running).stdout)).toMatchObject({
      results: IN,
      binaryInput: { file: 'pipe', sizeBytes: BYTES.byteLength },
    });
    expect(listTemporary()).toEqual(before);
  });

  it('of 100 MiB is taken', async () => {
    const session = await open({ files: { 'len.luau': 'return buffer.len(({...})[1].BinaryInput)' } });
    const file = await openFile(join(session.cwd, 'large.bin'), 'w');
    await file.truncate(104_857_600);
    await file.close();
    const { exitCode, stdout } = await session.run('run', 'len.luau', '--binary-input', 'large.bin');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '104857600\n' });
  });

  it.each([
    ['a file that is missing', 'none.bin', /^cannot read none\.bin: ENOENT/],
    ['a directory', '.', /^cannot read \.: it is a directory$/],
    ['an empty file', 'empty.bin', /^the binary input is empty$/],
    ['one byte too many', 'large.bin', /^the binary input is 100\.1 MiB, Open Cloud accepts 100 MiB$/],
    ['a device without an end', '/dev/zero', /^the binary input is 100\.1 MiB, Open Cloud accepts 100 MiB$/],
    ['a device without anything', '/dev/null', /^the binary input is empty$/],
    ['empty standard input', '-', /^the binary input is empty$/],
  ])('that is %s is refused before anything is sent', async (_name, name, message) => {
    const before = listTemporary();
    const session = await open({ files: { 'empty.bin': '' } });
    const file = await openFile(join(session.cwd, 'large.bin'), 'w');
    await file.truncate(104_857_601);
    await file.close();
    const result = await session.run('run', 'in.luau', '--binary-input', name, '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 2,
      error: { id: 'LX015', message: expect.stringMatching(message) },
    });
    expect(session.requests).toEqual([]);
    expect(listTemporary()).toEqual(before);
  });

  it.each([
    [['-'], 'can be read once, and the script and the binary input are to come from it'],
    [
      ['in.luau', '--api-key-file', '-'],
      'can be read once, and the API key and the binary input are to come from it',
    ],
    [['in.luau', '--watch'], '--watch reads the input again, and standard input can be read once'],
  ])('cannot be standard input beside %j', async (words, message) => {
    const session = await open({ stdin: 'return 1' });
    const result = await session.run('run', ...words, '--binary-input', '-');
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(message);
    expect(session.requests).toEqual([]);
  });

  it('that cannot be uploaded leaves nothing created', async () => {
    const fault = { request: 'uploadBinaryInput', times: 4, do: { answer: { status: 503 } } } as const;
    const session = await open({ faults: [fault] });
    const result = await session.run('run', 'in.luau', '--binary-input', 'input.bin', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 7,
      task: null,
      error: { id: 'LX540', message: expect.stringContaining('uploading the binary input failed') },
    });
    expect(listTransfers(session)).toEqual([SLOT, PUT, PUT, PUT, PUT]);
    expect(JSON.parse((await session.run('list', '--json')).stdout).tasks).toEqual([]);
  });

  it('whose slot expires while limits hold the create back is uploaded again', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '100' };
    const session = await open({
      faults: [{ request: 'createTask', times: 10, do: { answer: { status: 429, headers } } }],
    });
    const flags = ['--binary-input', 'input.bin', '--queue-timeout', '30m', '--json'];
    const result = await session.run('run', 'in.luau', ...flags);
    expect(JSON.parse(result.stdout)).toMatchObject({ exitCode: 0, results: IN });
    const transfers = listTransfers(session);
    expect(transfers.filter((request) => request === PUT)).toHaveLength(2);
    expect(transfers.slice(-3)).toEqual([SLOT, PUT, CREATE]);
  });

  it('is not sent where a signal stops the upload', async () => {
    const session = await open({ files: { 'input.bin': createBytes(8_000_000) } });
    const running = session.run('run', 'in.luau', '--binary-input', 'input.bin', '--json');
    while (!listSeen(session, '/emulator/binary-inputs'))
      await new Promise((resolve) => setImmediate(resolve));
    session.interrupt('SIGINT');
    expect(JSON.parse((await running).stdout)).toMatchObject({
      exitCode: 130,
      error: { id: 'LX602', message: 'stopped while the binary input was uploaded; the script was not sent' },
    });
    expect(session.requests).not.toContain(CREATE);
  });
});

function listSeen({ requests }: CliSession, path: string): boolean {
  return requests.some((request) => request.includes(path));
}

describe('--binary-output', () => {
  it('is in the file, the results where they always are', async () => {
    const session = await open();
    const result = await session.run('run', 'out.luau', '--binary-output', 'out.bin', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 0,
      results: [1, 'two'],
      binaryOutput: { file: 'out.bin', sizeBytes: 3, sha256: sha256(Buffer.from('out')) },
    });
    expect(readFileSync(join(session.cwd, 'out.bin'), 'utf8')).toBe('out');
    expect(listTransfers(session)).toEqual([CREATE, GET]);
    const people = await session.run('run', 'out.luau', '--binary-output', 'out.bin');
    expect(people.stdout).toBe('1\n"two"\n');
    expect(people.stderr).toMatch(/^complete in .*; wrote out\.bin \(3 B\)$/m);
  });

  it('goes with an input, tags, a harness and a guard that fires', async () => {
    const session = await open({
      files: { 'game.rbxl': '<roblox!' },
      emulator: { warmServers: true },
    });
    const flags = ['--binary-input', 'input.bin', '--binary-output', 'out.bin', '--encode-results'];
    const more = ['--cancellable', '--place-file', 'game.rbxl', '--json'];
    const result = await session.run('run', 'out.luau', ...flags, ...more);
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 0,
      results: [1, 'two'],
      task: { versionId: '2' },
      binaryOutput: { sizeBytes: BYTES.byteLength, sha256: sha256(BYTES) },
    });
    expect(readFileSync(join(session.cwd, 'out.bin')).equals(BYTES)).toBe(true);
  });

  it.each([
    [['--binary-output', 'no/such/out.bin'], 74, 'LX074', 'cannot write'],
    [['--binary-output', 'sub'], 74, 'LX074', 'cannot write'],
    [['--binary-output', '-'], 2, 'LX003', 'standard output carries the results, not binary output'],
    [['--binary-output', ''], 2, 'LX003', '--binary-output names no file'],
    [['--binary-output', 'in.luau'], 2, 'LX003', 'in.luau is named as a script is'],
    [['--binary-output', 'o.bin', 'in.luau'], 2, 'LX003', '--binary-output is one file, and 2 scripts would'],
    [['--binary-output', 'o.bin', '--logs', 'o.bin'], 2, 'LX003', '--logs and --binary-output would both be'],
  ])('that cannot be written is said before anything is sent: %j', async (flags, exitCode, id, message) => {
    const session = await open();
    mkdirSync(join(session.cwd, 'sub'));
    const result = await session.run('run', 'out.luau', ...flags, '--json');
    const { error } = JSON.parse(result.stdout);
    expect({ exitCode: result.exitCode, id: error.id }).toEqual({ exitCode, id });
    expect(error.message).toContain(message);
    expect(session.requests).toEqual([]);
  });

  it('of a script that fails leaves the file that was there', async () => {
    const session = await open({ files: { 'fails.luau': 'error("no")', 'out.bin': 'old' } });
    const result = await session.run('run', 'fails.luau', '--binary-output', 'out.bin', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({ exitCode: 1, binaryOutput: null });
    expect(readFileSync(join(session.cwd, 'out.bin'), 'utf8')).toBe('old');
    expect(readdirSync(session.cwd)).not.toContain('out.bin.part');
  });

  it('of a script that returns none is an error of the script', async () => {
    const session = await open({ files: { 'none.luau': 'return 1' } });
    const result = await session.run('run', 'none.luau', '--binary-output', 'out.bin', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({ exitCode: 1, outcome: 'script_failed' });
    expect(existsSync(join(session.cwd, 'out.bin'))).toBe(false);
  });

  it('that the task does not name is no success', async () => {
    const session = await open({
      faults: [{ request: 'getTask', times: 'always', do: { patch: { binaryOutputUri: '' } } }],
    });
    const result = await session.run('run', 'out.luau', '--binary-output', 'out.bin', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 10,
      results: [1, 'two'],
      error: { id: 'LX541', message: 'the task names no binary output' },
    });
  });

  it('that cannot be downloaded costs its results nothing, and wait takes it up', async () => {
    const fault = { request: 'downloadBinaryOutput', times: 5, do: { answer: { status: 503 } } } as const;
    const session = await open({ faults: [fault] });
    const result = await session.run('run', 'out.luau', '--binary-output', 'out.bin', '--json');
    const envelope = JSON.parse(result.stdout);
    expect(envelope).toMatchObject({
      exitCode: 7,
      outcome: 'unavailable',
      results: [1, 'two'],
      task: { state: 'COMPLETE' },
      logs: { messages: [{ message: 'made' }] },
      error: {
        id: 'LX540',
        hint: `luau-exec wait ${envelope.task.path} --binary-output out.bin`,
      },
    });
    expect(readdirSync(session.cwd).filter((name) => name.startsWith('out.bin'))).toEqual([]);
    const later = await session.run('wait', '--binary-output', 'out.bin', '--json');
    expect(JSON.parse(later.stdout)).toMatchObject({
      exitCode: 0,
      results: [1, 'two'],
      binaryOutput: { file: 'out.bin', sizeBytes: 3 },
    });
    expect(readFileSync(join(session.cwd, 'out.bin'), 'utf8')).toBe('out');
  });

  it('whose address has expired is asked for once more, and then given up', async () => {
    const refused = { request: 'downloadBinaryOutput', do: { answer: { status: 403 } } } as const;
    const session = await open({ faults: [refused] });
    const result = await session.run('run', 'out.luau', '--binary-output', 'out.bin', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 7,
      results: [1, 'two'],
      error: { id: 'LX540' },
    });
    expect(listTransfers(session)).toEqual([CREATE, GET]);
  });

  it('is fetched by wait of a run that was detached', async () => {
    const session = await open();
    await session.run('run', 'out.luau', '--detach', '--binary-output', 'out.bin');
    expect(existsSync(join(session.cwd, 'out.bin'))).toBe(false);
    await session.run('wait', '--binary-output', 'out.bin');
    expect(readFileSync(join(session.cwd, 'out.bin'), 'utf8')).toBe('out');
    const none = await session.run('wait', '--binary-output', 'no/out.bin');
    expect(none.exitCode).toBe(74);
  });

  it('of a run that was sent without one is no success', async () => {
    const session = await open();
    await session.run('run', 'in.luau', '--binary-input', 'input.bin');
    const result = await session.run('wait', '--binary-output', 'out.bin', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 10,
      results: IN,
      error: { id: 'LX541', facts: ['a run has one only if it was sent with --binary-output'] },
    });
  });

  it('that a signal stops leaves no half file, and says how to go on', async () => {
    const session = await open({
      files: { 'input.bin': createBytes(2_000_000) },
      faults: [{ request: 'downloadBinaryOutput', do: { drip: { bytes: 1_000, everyMs: 1_000 } } }],
    });
    const flags = ['--binary-input', 'input.bin', '--binary-output', 'out.bin', '--json'];
    const running = session.run('run', 'out.luau', ...flags);
    const part = join(session.cwd, 'out.bin.part');
    while ((statSync(part, { throwIfNoEntry: false })?.size ?? 0) < 5_000)
      await new Promise((resolve) => setImmediate(resolve));
    session.interrupt('SIGINT');
    const envelope = JSON.parse((await running).stdout);
    expect(envelope).toMatchObject({
      exitCode: 130,
      results: [1, 'two'],
      error: {
        id: 'LX602',
        message: 'stopped before the binary output was read; the task has finished: COMPLETE',
        hint: `luau-exec wait ${envelope.task.path} --binary-output out.bin`,
      },
    });
    expect(readdirSync(session.cwd).filter((name) => name.startsWith('out.bin'))).toEqual([]);
  });
});

test('the key is in no request to a presigned address', async () => {
  const session = await open();
  const flags = ['--binary-input', 'input.bin', '--binary-output', 'out.bin', '-vv'];
  const { stderr } = await session.run('run', 'out.luau', ...flags);
  const traced = stderr.split('\n').filter((line) => line.includes('/emulator/'));
  expect(traced.map((line) => line.split(' ')[0])).toEqual(['PUT', 'GET']);
  expect(stderr).not.toContain(API_KEY);
  expect(stderr).not.toContain('signature=');
});
