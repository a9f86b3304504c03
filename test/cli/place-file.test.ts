import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { OpenCloudClient } from '../../src/open-cloud/client.ts';
import { uploadPlace } from '../../src/open-cloud/upload-place.ts';
import { API_KEY, type CliSession, type CliSessionOptions } from '../helpers/cli-session.ts';
import { useControlSessions } from '../helpers/control-session.ts';
import { createBytes, sha256 } from '../helpers/transfer-session.ts';
import { useRawServers } from '../open-cloud/raw-server.ts';

const openSession = useControlSessions();
const { open: openTransport } = useRawServers();

const UPLOAD = 'POST /universes/v1/11/places/22/versions';
const HEAD = 'POST /cloud/v2/universes/11/places/22/luau-execution-session-tasks';
const pinned = (version: number) =>
  `POST /cloud/v2/universes/11/places/22/versions/${version}/luau-execution-session-tasks`;

function createPlace(text: string): Buffer {
  return Buffer.concat([Buffer.from('<roblox!'), Buffer.from(text)]);
}

const FILES = {
  'game.rbxl': createPlace('one'),
  'other.rbxl': createPlace('other'),
  'a.luau': 'print("a ran")\nreturn game.PlaceVersion',
  'b.luau': 'return "b", game.PlaceVersion',
  'fails.luau': '-- first\n\nlocal none = nil\nreturn none.x',
};

const open = (options: Omit<CliSessionOptions, 'scripts' | 'checksSyntax'> = {}) =>
  openSession({ ...options, files: { ...FILES, ...options.files } });

/** The requests that change something. */
function listPosts({ requests }: CliSession): string[] {
  return requests.splice(0).filter((request) => request.startsWith('POST'));
}

/** Somebody else saves the place. */
async function saveElsewhere({ emulator }: CliSession, text: string): Promise<void> {
  const client = new OpenCloudClient({
    apiKey: API_KEY,
    baseUrl: emulator.baseUrl,
    exchange: openTransport().exchange,
  });
  await uploadPlace(client, createPlace(text), { universeId: '11', placeId: '22', versionType: 'Saved' });
}

describe('a place file', () => {
  it('is uploaded, and the script runs in the version that it became', async () => {
    const session = await open();
    const result = await session.run('run', 'a.luau', '--place-file', 'game.rbxl', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 0,
      results: [2],
      task: { versionId: '2' },
      placeFile: {
        file: 'game.rbxl',
        sizeBytes: FILES['game.rbxl'].byteLength,
        sha256: sha256(FILES['game.rbxl']),
        versionId: '2',
        uploaded: true,
        published: false,
      },
    });
    expect(listPosts(session)).toEqual([UPLOAD, HEAD]);
  });

  it('is uploaded once for ten runs, whether of one call or of ten', async () => {
    const session = await open();
    const ten = Array.from({ length: 10 }, () => 'b.luau');
    const together = await session.run('run', ...ten, '--place-file', 'game.rbxl', '--concurrency', '10');
    expect(together.exitCode).toBe(0);
    expect(together.stdout).toBe('"b"\n2\n'.repeat(10));
    expect(listPosts(session).filter((request) => request === UPLOAD)).toEqual([UPLOAD]);
    for (let run = 0; run < 10; run++) {
      const { exitCode, stdout } = await session.run('run', 'b.luau', '--place-file', 'game.rbxl');
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"b"\n2\n' });
    }
    expect(listPosts(session)).toEqual(Array.from({ length: 10 }, () => HEAD));
  });

  it('is uploaded once by ten processes at the same time', async () => {
    const session = await open();
    const runs = await Promise.all(
      Array.from({ length: 5 }, () => session.run('run', 'b.luau', '--place-file', 'game.rbxl')),
    );
    expect(runs.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(
      Array.from({ length: 5 }, () => [0, '"b"\n2\n']),
    );
    expect(listPosts(session).filter((request) => request === UPLOAD)).toEqual([UPLOAD]);
    expect(readdirSync(join(session.stateDirectory, 'places'))).toHaveLength(1);
  });

  it('is uploaded once also where the answer takes longer than a process is given to say that it is there', async () => {
    const session = await open({ faults: [{ request: 'uploadPlace', do: { delayMs: 75_000 } }] });
    const runs = await Promise.all([
      session.run('run', 'b.luau', '--place-file', 'game.rbxl'),
      session.run('run', 'b.luau', '--place-file', 'game.rbxl'),
    ]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(listPosts(session).filter((request) => request === UPLOAD)).toEqual([UPLOAD]);
    expect(runs.map(({ stderr }) => stderr).join('')).toContain(
      'waiting for another luau-exec, which uploads to this place',
    );
  });

  it('is uploaded all the same where a process is gone that was about to', async () => {
    const session = await open();
    await session.run('run', 'b.luau', '--place-file', 'other.rbxl');
    const [name = ''] = readdirSync(join(session.stateDirectory, 'places'));
    const lock = join(session.stateDirectory, 'places', `${name}.lock`);
    writeFileSync(lock, 'somebody');
    const seconds = session.clock.wallNow() / 1000;
    utimesSync(lock, seconds, seconds);
    const { exitCode, stderr } = await session.run('run', 'b.luau', '--place-file', 'game.rbxl');
    expect(exitCode).toBe(0);
    expect(listPosts(session).filter((request) => request === UPLOAD)).toHaveLength(2);
    expect(stderr).toMatch(/^waiting for another luau-exec, which uploads to this place$/m);
    expect(readdirSync(join(session.stateDirectory, 'places'))).toEqual([name]);
  });

  it('that has changed is uploaded again', async () => {
    const session = await open();
    await session.run('run', 'b.luau', '--place-file', 'game.rbxl');
    writeFileSync(join(session.cwd, 'game.rbxl'), createPlace('two'));
    const { stdout } = await session.run('run', 'b.luau', '--place-file', 'game.rbxl');
    expect(stdout).toBe('"b"\n3\n');
    expect(listPosts(session)).toEqual([UPLOAD, HEAD, UPLOAD, HEAD]);
  });

  it('of which the service has forgotten the version is uploaded again', async () => {
    const session = await open();
    await session.run('run', 'b.luau', '--place-file', 'game.rbxl');
    const [name = ''] = readdirSync(join(session.stateDirectory, 'places'));
    const file = join(session.stateDirectory, 'places', name);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"versionId":"2"', '"versionId":"77"'));
    listPosts(session);
    const { exitCode, stdout } = await session.run('run', 'b.luau', '--place-file', 'game.rbxl');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"b"\n2\n' });
    expect(listPosts(session)).toEqual([HEAD, pinned(77), UPLOAD, HEAD]);
  });

  it('is uploaded each time where nothing can be remembered, or what is remembered makes no sense', async () => {
    const session = await open();
    await session.run('run', 'b.luau', '--place-file', 'game.rbxl');
    const [name = ''] = readdirSync(join(session.stateDirectory, 'places'));
    for (const text of ['', 'null', '[{"sha256":1}]', '{"a":1}', '[[', 'directory']) {
      const file = join(session.stateDirectory, 'places', name);
      rmSync(file, { recursive: true, force: true });
      if (text === 'directory') mkdirSync(file);
      else writeFileSync(file, text);
      listPosts(session);
      const { exitCode } = await session.run('run', 'b.luau', '--place-file', 'game.rbxl');
      expect(exitCode).toBe(0);
      expect(listPosts(session)).toEqual([UPLOAD, HEAD]);
    }
  });

  it('works with the emulator of --local, which remembers nothing', async () => {
    const session = await openSession({ files: FILES, env: { LUAU_EXEC_BASE_URL: undefined } });
    for (let run = 0; run < 2; run++) {
      const result = await session.run('run', 'b.luau', '--local', '--place-file', 'game.rbxl', '--json');
      expect(JSON.parse(result.stdout)).toMatchObject({ results: ['b', 2], placeFile: { uploaded: true } });
    }
  });
});

describe('a version guard', () => {
  it('that fires leads to the version itself, and leaves no trace', async () => {
    const session = await open();
    await session.run('run', 'a.luau', '--place-file', 'game.rbxl');
    await saveElsewhere(session, 'elsewhere');
    listPosts(session);
    const result = await session.run('run', 'a.luau', '--place-file', 'game.rbxl', '--json');
    const envelope = JSON.parse(result.stdout);
    expect(envelope).toMatchObject({
      exitCode: 0,
      results: [2],
      task: { versionId: '2' },
      placeFile: { versionId: '2', uploaded: false },
      logs: { messages: [{ message: 'a ran' }] },
      warnings: [],
    });
    expect(listPosts(session)).toEqual([HEAD, pinned(2)]);
    const list = await session.run('list', '--json');
    expect(JSON.parse(list.stdout).tasks).toHaveLength(2);
    const status = await session.run('status');
    expect(status.stdout).toMatch(/^version +2$/m);
  });

  it('is left out where this machine knows that the version is no longer the latest', async () => {
    const session = await open();
    await session.run('run', 'a.luau', '--place-file', 'game.rbxl');
    await session.run('run', 'a.luau', '--place-file', 'other.rbxl');
    listPosts(session);
    const { stdout } = await session.run('run', 'a.luau', '--place-file', 'game.rbxl');
    expect(stdout).toBe('2\n');
    expect(listPosts(session)).toEqual([pinned(2)]);
  });

  it('holds where a warm server runs the version before', async () => {
    const session = await open({ emulator: { warmServers: true } });
    const result = await session.run('run', 'a.luau', 'b.luau', '--place-file', 'game.rbxl');
    expect(result.stdout).toBe('2\n"b"\n2\n');
    expect(listPosts(session).sort()).toEqual([HEAD, HEAD, pinned(2), pinned(2), UPLOAD].sort());
  });

  it.each([
    ['--pin', 'always', [UPLOAD, pinned(2)]],
    ['--pin', 'never', [UPLOAD, HEAD]],
    ['--id-file', 'id.txt', [UPLOAD, pinned(2)]],
    ['--concurrency', '1', [UPLOAD, HEAD]],
  ])('and %s %s', async (flag, value, posts) => {
    const session = await open();
    const { exitCode } = await session.run('run', 'a.luau', '--place-file', 'game.rbxl', flag, value);
    expect(exitCode).toBe(0);
    expect(listPosts(session)).toEqual(posts);
  });

  it('is not sent where nobody waits to see it fire', async () => {
    const session = await open();
    const { exitCode } = await session.run('run', 'a.luau', '--place-file', 'game.rbxl', '--detach');
    expect(exitCode).toBe(0);
    expect(listPosts(session)).toEqual([UPLOAD, pinned(2)]);
  });

  it.each([
    [[], [pinned(1)]],
    [['--pin', 'always'], [pinned(1)]],
    [['--pin', 'auto'], [HEAD]],
  ])('and --place-version with %j', async (flags, posts) => {
    const session = await open();
    const { stdout } = await session.run('run', 'a.luau', '--place-version', '1', ...flags);
    expect(stdout).toBe('1\n');
    expect(listPosts(session)).toEqual(posts);
  });

  it('leaves errors in their lines, also after it has fired', async () => {
    const session = await open({ emulator: { warmServers: true } });
    const result = await session.run('run', 'fails.luau', '--place-file', 'game.rbxl', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 1,
      outcome: 'script_failed',
      error: { file: 'fails.luau', line: 4, message: "fails.luau:4: attempt to index nil with 'x'" },
    });
    expect(listPosts(session)).toEqual([UPLOAD, HEAD, pinned(2)]);
  });

  it('goes with arguments, tags, modules and a harness', async () => {
    const session = await open({
      files: {
        'main.luau': 'local lib = require("./lib")\nreturn lib.double(ARGS.n), game.PlaceVersion, 0/0',
        'lib.luau': 'return { double = function(n) return 2 * n end }',
      },
      emulator: { warmServers: true },
    });
    const flags = ['--arg-json', 'n=21', '--encode-results', '--cancellable', '--live'];
    const result = await session.run('run', 'main.luau', '--place-file', 'game.rbxl', ...flags);
    expect(result.stdout).toBe('42\n2\n"$luau:nan"\n');
  });

  it('that fired in a run which was killed then is told of by wait, status and list', async () => {
    const session = await open({ emulator: { warmServers: true } });
    const interrupted = session.run('run', 'a.luau', '--place-file', 'game.rbxl');
    for (;;) {
      if (session.requests.includes(HEAD)) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    session.interrupt('SIGKILL');
    expect((await interrupted).exitCode).not.toBe(0);
    await session.clock.advance(10_000);
    for (const command of ['wait', 'status']) {
      const result = await session.run(command, '--json');
      expect(JSON.parse(result.stdout)).toMatchObject({
        exitCode: 3,
        outcome: 'not_run',
        results: null,
        error: { id: 'LX203', message: 'the script did not run: the server had version 1 of the place' },
      });
    }
  });
});

describe('what cannot be is said before anything is sent', () => {
  it.each([
    [['--place-file', 'none.rbxl'], 'LX020', 2, 'cannot read none.rbxl'],
    [['--place-file', '.'], 'LX020', 2, 'cannot read .: it is a directory'],
    [['--place-file', 'a.luau'], 'LX020', 2, 'a.luau is not a place file'],
    [['--place-file', ''], 'LX003', 2, '--place-file names no file'],
    [['--place-file', 'game.rbxl', '--rojo'], 'LX003', 2, '--rojo builds a place file, and --place-file'],
    [['--place-file', 'game.rbxl', '--place-version', '3'], 'LX003', 2, 'a place file becomes a version'],
    [['--publish'], 'LX003', 2, '--publish publishes a place file, and none is named'],
    [['--pin', 'always'], 'LX003', 2, '--pin always needs a version'],
    [['--pin', 'never', '--place-version', '3'], 'LX003', 2, '--pin never runs the latest version'],
    [['--pin', 'sometimes'], 'LX011', 2, '--pin "sometimes" is none of auto, always, never'],
    [['--rojo', '--watch'], 'LX003', 2, '--watch cannot tell what a rojo project is built from'],
    [['--rojo', 'none.project.json'], 'LX021', 2, 'cannot build none.project.json with rojo'],
    [['--rojo', 'b.luau'], 'LX003', 2, '--rojo takes a project, whose name ends in .json'],
    [['--rojo', '.'], 'LX003', 2, '--rojo takes a project, whose name ends in .json'],
    [
      ['--place-file', 'game.rbxl', '--publish', '--yes', '--watch'],
      'LX003',
      2,
      '--watch uploads a place at each',
    ],
    [['--place-file', 'game.rbxl', '--publish'], 'LX023', 2, '--publish changes the live game'],
  ])('%j', async (flags, id, exitCode, message) => {
    const session = await open();
    const isJson = !flags.includes('--watch');
    const result = await session.run('run', 'a.luau', ...flags, ...(isJson ? ['--json'] : []));
    expect(result.exitCode).toBe(exitCode);
    if (isJson) {
      const { error } = JSON.parse(result.stdout);
      expect(error.id).toBe(id);
      expect(error.message.startsWith(message)).toBe(true);
    } else expect(result.stderr).toContain(message);
    expect(session.requests).toEqual([]);
  });
});

describe('--publish', () => {
  it('asks at a terminal, and publishes after a yes', async () => {
    const session = await open({ typed: 'y\n' });
    const result = await session.run('run', 'a.luau', '--place-file', 'game.rbxl', '--publish', '--json');
    expect(result.stderr).toContain('publish game.rbxl as place 22 of universe 11?');
    expect(JSON.parse(result.stdout)).toMatchObject({ exitCode: 0, placeFile: { published: true } });
  });

  it.each(['n\n', '\n\x03', 'yeah\n'])('sends nothing after %j', async (typed) => {
    const session = await open({ typed });
    const result = await session.run('run', 'a.luau', '--place-file', 'game.rbxl', '--publish');
    expect(result.exitCode).not.toBe(0);
    expect(session.requests).toEqual([]);
  });

  it('asks nobody after --yes, and uploads also what is there', async () => {
    const session = await open();
    for (let run = 0; run < 2; run++) {
      const flags = ['--place-file', 'game.rbxl', '--publish', '--yes'];
      expect((await session.run('run', 'a.luau', ...flags)).exitCode).toBe(0);
    }
    expect(listPosts(session)).toEqual([UPLOAD, HEAD, UPLOAD, HEAD]);
  });

  it('is not repeated where its answer was lost', async () => {
    const session = await open({ faults: [{ request: 'uploadPlace', do: { reset: 'after' } }] });
    const flags = ['--place-file', 'game.rbxl', '--publish', '--yes', '--json'];
    const result = await session.run('run', 'a.luau', ...flags);
    expect(JSON.parse(result.stdout)).toMatchObject({ exitCode: 9, error: { id: 'LX511' }, task: null });
    expect(listPosts(session)).toEqual([UPLOAD]);
    const list = await session.run('list', '--json');
    expect(JSON.parse(list.stdout).tasks).toEqual([]);
  });
});

describe('an upload that fails', () => {
  it('by Team Create says so, and nothing runs', async () => {
    const session = await open({ faults: [{ request: 'uploadPlace', do: { answer: { status: 409 } } }] });
    const result = await session.run('run', 'a.luau', '--place-file', 'game.rbxl', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({ exitCode: 7, error: { id: 'LX409' } });
    expect(listPosts(session)).toEqual([UPLOAD]);
  });

  it('by Ctrl-C stops at once, and says what may have come of it', async () => {
    const session = await open({
      files: { 'game.rbxl': createPlace(createBytes(8_000_000).toString('latin1')) },
    });
    const running = session.run('run', 'a.luau', '--place-file', 'game.rbxl', '--json');
    while (!session.requests.includes(UPLOAD)) await new Promise((resolve) => setImmediate(resolve));
    session.interrupt('SIGINT');
    const result = await running;
    expect(JSON.parse(result.stdout)).toMatchObject({
      exitCode: 130,
      error: { id: 'LX602', message: 'stopped while the place was uploaded; no script was sent' },
    });
    expect(listPosts(session)).toEqual([UPLOAD]);
    expect(readdirSync(join(session.stateDirectory, 'places'))).toEqual([]);
  });
});

describe('--rojo', () => {
  const openWithRojo = async (script: string) => {
    const session = await open({
      files: { 'default.project.json': '{}', 'dev.project.json': '{}' },
      // The user's own name for it, as in `apiKey: ${STUDIO_KEY}`; on Windows any case is the same name.
      env: { STUDIO_KEY: API_KEY, roblox_api_key: 'k' },
    });
    const bin = join(session.cwd, '.home', '.rokit', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'rojo'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'rojo'), 0o755);
    return session;
  };
  const BUILD = `printf '<roblox!%s' "$2" > "$4"; env | grep -c ${API_KEY} > leak.txt; exit 0`;

  it.each([
    [['a.luau', '--rojo'], 'default.project.json'],
    [['--rojo', 'dev.project.json', 'a.luau'], 'dev.project.json'],
  ])('builds, uploads and runs with %j', async (words, project) => {
    const session = await openWithRojo(BUILD);
    const result = await session.run('run', ...words, '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      results: [2],
      script: { name: 'a.luau' },
      placeFile: { file: project, sha256: sha256(createPlace(project)), versionId: '2' },
    });
    expect(listPosts(session)).toEqual([UPLOAD, HEAD]);
    expect(readFileSync(join(session.cwd, 'leak.txt'), 'utf8')).toBe('0\n');
    const again = await session.run('run', ...words);
    expect(again.stdout).toBe('2\n');
    expect(listPosts(session)).toEqual([HEAD]);
  });

  it('shows what rojo says where it fails, and sends nothing', async () => {
    const session = await openWithRojo('echo "[ERROR rojo] no such file: src"; exit 3');
    const result = await session.run('run', 'a.luau', '--rojo');
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(
      /^\[ERROR rojo\] no such file: src\nerror: rojo could not build default\.project\.json \(exit code 3\)/m,
    );
    expect(session.requests).toEqual([]);
  });
});

test('the notice at the end names the version', async () => {
  const session = await open();
  const { stderr } = await session.run('run', 'a.luau', '--place-file', 'game.rbxl');
  expect(stderr).toMatch(/^complete in .*, version 2 of the place$/m);
});

test('--pin never uploads a file that is known as well, so that head is that file, and names what ran', async () => {
  const session = await open();
  await session.run('run', 'a.luau', '--place-file', 'game.rbxl');
  await session.run('run', 'a.luau', '--place-file', 'other.rbxl');
  listPosts(session);
  const { stdout, stderr } = await session.run(
    'run',
    'a.luau',
    '--place-file',
    'game.rbxl',
    '--pin',
    'never',
  );
  expect(stdout).toBe('4\n');
  expect(stderr).toMatch(/^complete in .*, version 4 of the place$/m);
  expect(listPosts(session)).toEqual([UPLOAD, HEAD]);
});

test('a script that returns what looks like the mark of a guard has run, and is not sent again', async () => {
  const script = 'print("side effect")\nreturn "luau-exec: wants place version 6 (abcd-12345)", 5';
  const session = await open({ files: { 'forged.luau': script }, emulator: { headVersion: 5 } });
  const result = await session.run('run', 'forged.luau', '--place-file', 'game.rbxl', '--json');
  expect(JSON.parse(result.stdout).logs.messages).toHaveLength(1);
  expect(listPosts(session)).toEqual([UPLOAD, HEAD]);
});

test('scripts that follow one whose guard has fired do not try head again', async () => {
  const session = await open({ emulator: { warmServers: true } });
  const flags = ['--place-file', 'game.rbxl', '--concurrency', '1'];
  const { stdout } = await session.run('run', 'b.luau', 'b.luau', 'b.luau', ...flags);
  expect(stdout).toBe('"b"\n2\n'.repeat(3));
  expect(listPosts(session)).toEqual([UPLOAD, HEAD, pinned(2), pinned(2), pinned(2)]);
});

test('a create that may have run is not sent again for the sake of a file', async () => {
  const session = await open({
    faults: [
      { request: 'createTask', do: { reset: 'after' } },
      { request: 'createTask', nth: 2, do: { answer: { status: 404 } } },
    ],
  });
  await session.run('run', '-e', 'return 1', '--place-file', 'game.rbxl', '--pin', 'always');
  listPosts(session);
  const flags = ['--place-file', 'game.rbxl', '--retry-unsafe', '--json'];
  const result = await session.run('run', 'a.luau', ...flags);
  expect(JSON.parse(result.stdout)).toMatchObject({ exitCode: 9, error: { id: 'LX510' } });
  expect(listPosts(session)).toEqual([HEAD, HEAD]);
});

describe('while a run is behind its guard', () => {
  /** A run whose guard will fire, as soon as its first create was sent. */
  async function start(...flags: string[]) {
    const session = await open({
      files: { 'slow.luau': 'task.wait(20)\nreturn game.PlaceVersion' },
      emulator: { warmServers: true, bootDelayMs: 4_000 },
    });
    const running = session.run('run', 'slow.luau', '--place-file', 'game.rbxl', ...flags);
    // By then the answer to the create is in the journal.
    while (!session.requests.some((request) => request.startsWith('GET')))
      await new Promise((resolve) => setImmediate(resolve));
    return { session, running };
  }

  it('wait goes on to the task in which the script runs', async () => {
    const { session, running } = await start();
    const waited = await session.run('wait', '--json');
    expect(JSON.parse(waited.stdout)).toMatchObject({ exitCode: 0, results: [2], task: { versionId: '2' } });
    expect((await running).stdout).toBe('2\n');
    const last = await session.run('status', '--json');
    expect(JSON.parse(last.stdout)).toMatchObject({ exitCode: 0, results: [2] });
    const list = await session.run('list', '--json');
    expect(JSON.parse(list.stdout).tasks).toMatchObject([{ state: 'COMPLETE' }]);
  });

  it('cancel goes on to it, and stops the script', async () => {
    const { session, running } = await start('--cancellable');
    const cancelled = await session.run('cancel');
    expect(cancelled.stderr).toMatch(/the run was cancelled/);
    expect((await running).exitCode).toBe(3);
  });

  it('Ctrl-C says that the script may not run', async () => {
    const { session, running } = await start('--json');
    await session.clock.advance(1);
    session.interrupt('SIGINT');
    const { error, exitCode } = JSON.parse((await running).stdout);
    expect({ id: error.id, exitCode }).toEqual({ id: 'LX602', exitCode: 130 });
    expect(error.facts).toEqual([
      'where its server has another version of the place than 2, nothing of the script runs',
    ]);
  });

  it('so does a wait that is over', async () => {
    const { running } = await start('--wait-timeout', '1s', '--json');
    const { error, exitCode } = JSON.parse((await running).stdout);
    expect({ id: error.id, exitCode }).toEqual({ id: 'LX601', exitCode: 124 });
    expect(error.facts).toContain(
      'where its server has another version of the place than 2, nothing of the script runs',
    );
  });
});
