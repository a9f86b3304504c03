import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_KEY, type CliSession, type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';
import { LOCKED_KEYRING, MemoryKeyring, NO_KEYRING } from '../helpers/memory-keyring.ts';

const openSession = useCliSessions();
const NO_ENVIRONMENT_KEY = { ROBLOX_API_KEY: undefined };

function open(keyring: MemoryKeyring, options: CliSessionOptions = {}): Promise<CliSession> {
  return openSession({
    files: { 'a.luau': 'A' },
    scripts: { A: { result: { kind: 'complete', results: [7] } } },
    keyring,
    env: NO_ENVIRONMENT_KEY,
    stdin: `${API_KEY}\n`,
    ...options,
  });
}

const fileOf = ({ cwd }: CliSession) => join(cwd, '.home', '.config', 'luau-exec', 'credentials');

describe('auth set', () => {
  it('stores the key in the keyring, and run uses it', async () => {
    const keyring = new MemoryKeyring();
    const session = await open(keyring);
    const { baseUrl } = session.emulator;
    expect(await session.run('auth', 'set')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `stored the API key for ${baseUrl} in the keyring\n`,
    });
    expect([...keyring.secrets]).toEqual([[baseUrl, API_KEY]]);
    expect(await session.run('run', 'a.luau')).toMatchObject({ exitCode: 0, stdout: '7\n' });
    expect(session.requests.length).toBeGreaterThan(0);
  });

  it('stores it in a file where no keyring works, says so once, and run uses it', async () => {
    const session = await open(new MemoryKeyring(NO_KEYRING));
    const file = fileOf(session);
    expect(await session.run('auth', 'set')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `stored the API key for ${session.emulator.baseUrl} in ${file}, which only you can read: no keyring works here (no Secret Service)\n`,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(await session.run('run', 'a.luau')).toMatchObject({ exitCode: 0, stdout: '7\n' });
  });

  it('takes the key from a file too', async () => {
    const keyring = new MemoryKeyring();
    const session = await open(keyring, { files: { 'key.txt': API_KEY }, stdin: 'not this' });
    expect(await session.run('auth', 'set', '--api-key-file', 'key.txt')).toMatchObject({ exitCode: 0 });
    expect([...keyring.secrets.values()]).toEqual([API_KEY]);
  });

  it('never sends it to another API', async () => {
    const keyring = new MemoryKeyring();
    const session = await open(keyring);
    await session.run('auth', 'set', '--base-url', 'https://apis.roblox.com');
    expect([...keyring.secrets.keys()]).toEqual(['https://apis.roblox.com']);
    const { exitCode, stderr } = await session.run('run', 'a.luau');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: no API key\n');
    expect(stderr).toContain(
      `no key is stored for ${session.emulator.baseUrl}, neither in the keyring nor in`,
    );
    expect(stderr).toContain(
      'hint: export ROBLOX_API_KEY=… or luau-exec auth set; to try without one: --local\n',
    );
    expect(session.requests).toEqual([]);
  });

  it('says when something else comes first', async () => {
    const session = await open(new MemoryKeyring(), { env: { ROBLOX_API_KEY: 'other' } });
    const { stderr } = await session.run('auth', 'set');
    expect(stderr).toMatch(/in the keyring\nROBLOX_API_KEY is set and comes first; [^\n]+\n$/);
  });

  it.each([
    ['nothing', '', 'the API key is empty (from standard input)'],
    [
      'two lines',
      'hidden-1\nhidden-2\n',
      'the API key holds a line break at position 9 (from standard input)',
    ],
    ['something else', 'hidden key', 'the API key holds a space at position 7 (from standard input)'],
  ])('refuses %s', async (_, stdin, message) => {
    const keyring = new MemoryKeyring();
    const session = await open(keyring, { stdin });
    const { exitCode, stdout, stderr } = await session.run('auth', 'set');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: ${message}\n`);
    expect(stderr).not.toContain('hidden');
    expect(keyring.secrets.size).toBe(0);
  });

  it('answers in JSON', async () => {
    const session = await open(new MemoryKeyring(LOCKED_KEYRING));
    const { stdout, stderr } = await session.run('auth', 'set', '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      schema: 'luau-exec.auth/v1',
      action: 'set',
      baseUrl: session.emulator.baseUrl,
      storedIn: 'file',
      path: fileOf(session),
      keyringProblem: 'the unlock prompt was dismissed',
    });
  });
});

describe('auth status', () => {
  const words = (text: string) => text.split('\n').map((line) => line.split(/ {2,}/));

  it('names the keyring', async () => {
    const session = await open(new MemoryKeyring());
    await session.run('auth', 'set');
    const { exitCode, stdout, stderr } = await session.run('auth', 'status');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(words(stdout)).toEqual([
      ['apiKey', 'set (hidden)', 'keyring'],
      ['keyring', 'holds a key', `for ${session.emulator.baseUrl}`],
      ['file', 'holds no key', fileOf(session)],
      [''],
    ]);
    expect((await session.run('config')).stdout).toMatch(/^apiKey +set \(hidden\) +keyring\n/);
  });

  it('names the file', async () => {
    const session = await open(new MemoryKeyring(NO_KEYRING));
    await session.run('auth', 'set');
    const { exitCode, stdout } = await session.run('auth', 'status');
    expect(exitCode).toBe(0);
    expect(words(stdout)).toEqual([
      ['apiKey', 'set (hidden)', `stored in ${fileOf(session)}`],
      ['keyring', 'not usable', 'no Secret Service'],
      ['file', 'holds a key', fileOf(session)],
      [''],
    ]);
  });

  it('names what comes first, and what is stored besides', async () => {
    const keyring = new MemoryKeyring();
    const session = await open(keyring, { env: {} });
    await session.run('auth', 'set');
    const { exitCode, stdout } = await session.run('auth', 'status', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'luau-exec.auth/v1',
      action: 'status',
      baseUrl: session.emulator.baseUrl,
      isSet: true,
      isNeeded: true,
      origin: { kind: 'environment', name: 'ROBLOX_API_KEY' },
      keyring: { hasKey: true, problem: null },
      file: { hasKey: false, problem: null, path: fileOf(session) },
      warnings: [],
    });
  });

  it('exits 4 when there is none, also in JSON', async () => {
    const session = await open(new MemoryKeyring());
    const { exitCode, stdout, stderr } = await session.run('auth', 'status');
    expect([exitCode, stderr]).toEqual([4, 'hint: luau-exec auth set\n']);
    expect(words(stdout)[0]).toEqual(['apiKey', 'not set', 'default']);
    const json = await session.run('auth', 'status', '--json');
    expect(json.exitCode).toBe(4);
    expect(JSON.parse(json.stdout)).toMatchObject({ isSet: false, origin: { kind: 'default' } });
  });

  it('knows that the emulator needs none', async () => {
    const session = await open(new MemoryKeyring());
    const { exitCode, stdout } = await session.run('auth', 'status', '--local');
    expect(exitCode).toBe(0);
    expect(words(stdout)[0]).toEqual(['apiKey', 'not needed', 'the target is local']);
  });

  it('tells of a file that it cannot use', async () => {
    const session = await open(new MemoryKeyring());
    mkdirSync(dirname(fileOf(session)), { recursive: true });
    writeFileSync(fileOf(session), '{"keys": "hidden-key"');
    const { exitCode, stderr } = await session.run('auth', 'status');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('cannot be used: the file is not valid JSON');
    expect(stderr).not.toContain('hidden');
  });
});

describe('auth remove', () => {
  it('removes from keyring and file and says so, and is content with nothing', async () => {
    const keyring = new MemoryKeyring(NO_KEYRING);
    const session = await open(keyring);
    const { baseUrl } = session.emulator;
    await session.run('auth', 'set');
    keyring.refusal = null;
    keyring.secrets.set(baseUrl, 'another');
    const first = await session.run('auth', 'remove');
    expect(first).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `removed the API key for ${baseUrl} from the keyring and ${fileOf(session)}\n`,
    });
    expect(keyring.secrets.size).toBe(0);
    expect(() => readFileSync(fileOf(session))).toThrow('ENOENT');
    const second = await session.run('auth', 'remove');
    expect(second).toEqual({ exitCode: 0, stdout: '', stderr: `no API key was stored for ${baseUrl}\n` });
    const third = await session.run('auth', 'remove', '--json');
    expect(JSON.parse(third.stdout)).toMatchObject({ action: 'remove', fromKeyring: false, fromFile: false });
  });

  it('says that it could not look into a keyring', async () => {
    const session = await open(new MemoryKeyring(NO_KEYRING));
    const { exitCode, stderr } = await session.run('auth', 'remove');
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      `no API key was stored for ${session.emulator.baseUrl}; no keyring works here (no Secret Service)\n`,
    );
  });

  it('does not say that a locked keyring holds none', async () => {
    const session = await open(new MemoryKeyring(LOCKED_KEYRING));
    const { exitCode, stderr } = await session.run('auth', 'remove');
    expect(exitCode).toBe(74);
    expect(stderr).toContain('error: the keyring did not answer, so a key may still be in it');
  });
});

it.each([
  [['auth'], "missing required argument 'action'"],
  [['auth', 'sett'], 'choices are set, status, remove'],
])('%j is an error of use', async (argv, message) => {
  const session = await open(new MemoryKeyring());
  const { exitCode, stderr } = await session.run(...argv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
