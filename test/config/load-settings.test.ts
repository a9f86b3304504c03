import { execFileSync } from 'node:child_process';
import { chmod, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isReadableByOthers } from '../../src/config/key-exposure.ts';
import { type LoadSettingsOptions, loadSettings } from '../../src/config/load-settings.ts';
import { MemoryKeyring, NO_KEYRING } from '../helpers/memory-keyring.ts';
import { catchError } from './catch-error.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

const EXAMPLE = fileURLToPath(new URL('../../.luauexecrc.example', import.meta.url));

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.remove());

async function* stream(...chunks: Array<string | Uint8Array>) {
  yield* chunks;
}

function load(options: Partial<LoadSettingsOptions> = {}) {
  return loadSettings({
    flags: {},
    env: {},
    cwd: sandbox.root,
    homeDirectory: sandbox.root,
    platform: 'linux',
    stdin: stream(),
    keyring: new MemoryKeyring(),
    ...options,
  });
}

it('brings flags, environment and file together', async () => {
  await sandbox.write({ '.luauexecrc': 'placeId: 3\nuniverseId: 4\ntargets: { live: { universeId: "5" } }' });
  const { settings, warnings, searched } = await load({
    flags: { target: 'live', timeout: '10s' },
    env: { ROBLOX_API_KEY: 'abc' },
  });
  expect(settings).toMatchObject({
    apiKey: { value: 'abc' },
    universeId: { value: '5' },
    placeId: { value: '3' },
    timeoutSeconds: { value: 10 },
  });
  expect(warnings).toEqual([]);
  expect(searched.file).toBe(sandbox.path('.luauexecrc'));
});

describe('--api-key-file', () => {
  it.each<[string, string | Uint8Array]>([
    ['plain', 'abc'],
    ['with line end', 'abc\r\n'],
    ['as old PowerShell writes it', Buffer.from('\ufeffabc\r\n', 'utf16le')],
  ])('%s', async (_, content) => {
    await sandbox.write({ 'key.txt': content });
    const fromFile = await load({ flags: { apiKeyFile: 'key.txt' }, env: { ROBLOX_API_KEY: 'other' } });
    expect(fromFile.settings.apiKey).toEqual({
      value: 'abc',
      origin: { kind: 'flag', name: '--api-key-file' },
    });
    const bytes = Buffer.from(content);
    const stdin = stream(bytes.subarray(0, 1), bytes.subarray(1));
    const fromStdin = await load({ flags: { apiKeyFile: '-' }, stdin });
    expect(fromStdin.settings.apiKey.value).toBe('abc');
  });

  it.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'the API key is empty (from --api-key-file)'],
    ['two lines', 'hidden\nhidden', 'the API key holds a line break at position 7 (from --api-key-file)'],
    [
      'too long for a key',
      'k'.repeat(10_240),
      'the API key is longer than 8192 characters (from --api-key-file)',
    ],
    ['too long for a key file', 'k'.repeat(70_000), 'the API key file key.txt is larger than 65536 bytes'],
    ['not text', Buffer.from([0xff, 0x61]), 'the API key file key.txt is not UTF-8 text'],
  ])('%s', async (_, content, message) => {
    await sandbox.write({ 'key.txt': content });
    const error = await catchError(() => load({ flags: { apiKeyFile: 'key.txt' } }));
    expect(error).toMatchObject({ id: 'LX002', kind: 'usage', message });
    expect(JSON.stringify([error.message, error.facts])).not.toContain('hidden');
  });

  it('leaves standard input alone where a file is named', async () => {
    await sandbox.write({ 'key.txt': 'abc' });
    const world = { flags: { apiKeyFile: 'key.txt' }, env: {}, cwd: sandbox.root, homeDirectory: null };
    const { settings } = await loadSettings({
      ...world,
      keyring: new MemoryKeyring(),
      platform: 'linux',
      get stdin(): never {
        throw new Error('standard input was touched');
      },
    });
    expect(settings.apiKey.value).toBe('abc');
  });

  it('names a file that is not there', async () => {
    const error = await catchError(() => load({ flags: { apiKeyFile: 'gone' } }));
    expect(error).toMatchObject({ id: 'LX002', message: 'the API key file gone does not exist' });
  });

  it('reads no key that is typed at a terminal, and no endless input', async () => {
    const terminal = Object.assign(stream('abc'), { isTTY: true });
    const typed = await catchError(() => load({ flags: { apiKeyFile: '-' }, stdin: terminal }));
    expect(typed.message).toBe('the API key cannot be typed at a terminal');
    async function* endless() {
      for (;;) yield 'k'.repeat(1_000);
    }
    const error = await catchError(() => load({ flags: { apiKeyFile: '-' }, stdin: endless() }));
    expect(error.message).toContain('standard input is larger than 65536 bytes');
  });
});

describe('a stored key', () => {
  const ROBLOX = 'https://apis.roblox.com';
  const EMULATOR = 'http://127.0.0.1:8787';

  it('comes from the keyring when nothing else gives one', async () => {
    const keyring = new MemoryKeyring();
    keyring.secrets.set(ROBLOX, ' kept\n');
    const { settings, searched } = await load({ keyring });
    expect(settings.apiKey).toEqual({ value: 'kept', origin: { kind: 'keyring', account: ROBLOX } });
    expect(searched.storedKeyFacts).toEqual([]);
  });

  it('comes from the file where there is no keyring', async () => {
    await sandbox.write({ '.config/luau-exec/credentials': JSON.stringify({ keys: { [ROBLOX]: 'kept' } }) });
    const { settings } = await load({ keyring: new MemoryKeyring(NO_KEYRING) });
    const path = sandbox.path('.config/luau-exec/credentials');
    expect(settings.apiKey).toEqual({ value: 'kept', origin: { kind: 'stored_file', path } });
  });

  it('is for the API that it was stored for', async () => {
    const keyring = new MemoryKeyring();
    keyring.secrets.set(ROBLOX, 'for-roblox');
    const { settings, searched } = await load({ keyring, flags: { baseUrl: EMULATOR } });
    expect(settings.apiKey.value).toBeNull();
    expect(keyring.reads).toEqual([EMULATOR]);
    expect(searched.storedKeyFacts).toEqual([expect.stringContaining(`no key is stored for ${EMULATOR}`)]);
  });

  it.each<[string, Partial<LoadSettingsOptions>]>([
    ['a flag', { flags: { apiKeyFile: '-' }, stdin: stream('given') }],
    ['the environment', { env: { ROBLOX_API_KEY: 'given' } }],
    ['a config file', { cwd: 'project' }],
    ['the local target', { flags: { target: 'local' } }],
  ])('is not even looked for with %s', async (_, options) => {
    await sandbox.write({ 'project/.luauexecrc': 'apiKey: given' });
    const keyring = new MemoryKeyring();
    keyring.secrets.set(ROBLOX, 'kept');
    const cwd = sandbox.path(options.cwd ?? '.');
    const { settings, searched } = await load({ ...options, cwd, keyring });
    expect(settings.apiKey.value).toBe(options.flags?.target === 'local' ? null : 'given');
    expect(keyring.reads).toEqual([]);
    expect(searched.storedKeyFacts).toEqual([]);
  });

  it('is checked like any other, and not shown', async () => {
    const keyring = new MemoryKeyring();
    keyring.secrets.set(ROBLOX, 'hidden key');
    const error = await catchError(() => load({ keyring }));
    expect(error).toMatchObject({
      id: 'LX002',
      message: 'the API key holds a space at position 7 (from keyring)',
    });
  });
});

describe('a key that stands in the file', () => {
  const git = (...args: string[]) => execFileSync('git', ['-C', sandbox.root, ...args], { stdio: 'ignore' });
  const literal = 'apiKey: abc\n';

  it('is fine where only its owner can read it and git does not track it', async () => {
    await sandbox.write({ '.luauexecrc': literal, 'z/.luauexecrc': literal });
    git('init');
    git('add', 'z');
    expect((await load()).warnings).toEqual([]);
  });

  it('is warned about where others can read it', async () => {
    await sandbox.write({ '.luauexecrc': literal });
    await chmod(sandbox.path('.luauexecrc'), 0o644);
    const path = sandbox.path('.luauexecrc');
    expect((await load()).warnings).toEqual([
      {
        id: 'LX013',
        message: `the API key stands in ${path}, which others on this machine can read`,
        hint: `chmod 600 ${path}; or better: export ROBLOX_API_KEY=… or --api-key-file FILE`,
      },
    ]);
    expect((await load({ platform: 'win32' })).warnings).toEqual([]);
  });

  it.each([
    ['.luauexecrc', literal],
    ['sub/dir/.luauexecrc.yaml', literal],
    ['sub/package.json', '{"luauexec":{"targets":{"a":{"apiKey":"abc"}}}}'],
  ])('is warned about once where git tracks %s', async (name, content) => {
    await sandbox.write({ 'a.txt': 'a', [name]: content, 'z/.luauexecrc': 'x' });
    git('init');
    git('add', '.');
    const path = sandbox.path(name);
    await chmod(path, 0o644);
    const { warnings } = await load({ cwd: sandbox.path(name, '..') });
    expect(warnings.map((warning) => warning.message)).toEqual([
      `the API key stands in ${path}, which git tracks, and others on this machine can read it`,
    ]);
  });

  it('is found in a worktree', async () => {
    await sandbox.write({ 'main/.luauexecrc': literal });
    const inMain = (...args: string[]) =>
      git('-C', 'main', '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args);
    inMain('init');
    inMain('add', '.');
    inMain('commit', '-m', 'x');
    inMain('worktree', 'add', '../tree');
    await chmod(sandbox.path('tree/.luauexecrc'), 0o600);
    expect((await load({ cwd: sandbox.path('tree') })).warnings[0]?.message).toContain('which git tracks');
  });

  it('is not there when a variable is named', async () => {
    await sandbox.write({ '.luauexecrc': `apiKey: \${KEY}` });
    git('init');
    git('add', '.');
    await chmod(sandbox.path('.luauexecrc'), 0o644);
    expect((await load({ env: { KEY: 'abc' } })).warnings).toEqual([]);
  });

  it.each([
    [0o100600, 'linux', false],
    [0o100640, 'linux', true],
    [0o100604, 'darwin', true],
    [0o100611, 'linux', false],
    [0o100666, 'win32', false],
  ])('mode %o on %s is readable by others: %s', (mode, platform, expected) =>
    expect(isReadableByOthers(mode, platform)).toBe(expected),
  );
});

describe('.luauexecrc.example', () => {
  it('works as it is', async () => {
    await sandbox.write({ '.luauexecrc': await readFile(EXAMPLE) });
    const { settings, warnings } = await load();
    expect(settings).toMatchObject({ universeId: { value: '1234567890' }, placeId: { value: '9876543210' } });
    expect(warnings).toEqual([]);
  });

  it('works with every line in use, and explains every key that a file may hold', async () => {
    const text = await readFile(EXAMPLE, 'utf8');
    const used = text.replaceAll(/^# ((?:\w+:(?: \S+)?| {2,}\w+:.*)$)/gm, '$1');
    await sandbox.write({ '.luauexecrc': used });
    const { settings } = await load({ env: { ROBLOX_API_KEY: 'abc' } });
    const file = sandbox.path('.luauexecrc');
    const { baseUrl, apiKey, ...rest } = settings;
    for (const { origin } of Object.values(rest)) expect(origin).toMatchObject({ kind: 'file', path: file });
    expect([baseUrl.origin.kind, apiKey.value, settings.target.value]).toEqual(['default', 'abc', 'staging']);
    expect(settings.timeoutSeconds).toMatchObject({ value: 60, origin: { key: 'targets.staging.timeout' } });
    // The key stands in the file too, where the environment is stronger.
    expect(used).toMatch(/^apiKey: \$\{ROBLOX_API_KEY\}$/m);
  });
});
