import { chmod, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findCredentialsFile,
  findStoredKey,
  inspectStoredKey,
  removeStoredKey,
  storeKey,
} from '../../src/config/stored-key.ts';
import { LOCKED_KEYRING, MemoryKeyring, NO_KEYRING } from '../helpers/memory-keyring.ts';
import { catchError } from './catch-error.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

const ROBLOX = 'https://apis.roblox.com';
const EMULATOR = 'http://127.0.0.1:8787';

let sandbox: Sandbox;
let file: string;
beforeEach(async () => {
  sandbox = await createSandbox();
  file = sandbox.path('.config', 'luau-exec', 'credentials');
});
afterEach(() => sandbox.remove());

function placesWith(keyring: MemoryKeyring, homeDirectory: string | null = sandbox.root) {
  return { keyring, env: {}, homeDirectory, platform: 'linux' };
}

it.each([
  [{ platform: 'linux', homeDirectory: '/h', env: {} }, '/h/.config/luau-exec/credentials'],
  [{ platform: 'linux', homeDirectory: '/h', env: { XDG_CONFIG_HOME: '/x' } }, '/x/luau-exec/credentials'],
  [
    { platform: 'darwin', homeDirectory: '/h', env: {} },
    '/h/Library/Application Support/luau-exec/credentials',
  ],
  [{ platform: 'linux', homeDirectory: null, env: {} }, null],
])('%j has its credentials file', (start, expected) => expect(findCredentialsFile(start)).toBe(expected));

describe('with a keyring', () => {
  it('keeps the key there, for one API alone, and writes no file', async () => {
    const keyring = new MemoryKeyring();
    const places = placesWith(keyring);
    expect(await storeKey(ROBLOX, 'key-1', places)).toEqual({ path: null, problem: null });
    expect(await findStoredKey(ROBLOX, places)).toEqual({
      key: { value: 'key-1', origin: { kind: 'keyring', account: ROBLOX } },
      facts: [],
      warnings: [],
    });
    expect(await findStoredKey(EMULATOR, places)).toEqual({
      key: null,
      facts: [`no key is stored for ${EMULATOR}, neither in the keyring nor in ${file}`],
      warnings: [],
    });
    expect([...keyring.secrets]).toEqual([[ROBLOX, 'key-1']]);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('takes the key out of the file when the keyring has it, and leaves the others', async () => {
    const keyring = new MemoryKeyring(NO_KEYRING);
    const places = placesWith(keyring);
    await storeKey(ROBLOX, 'old', places);
    await storeKey(EMULATOR, 'other', places);
    keyring.refusal = null;
    await storeKey(ROBLOX, 'new', places);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ keys: { [EMULATOR]: 'other' } });
    expect((await findStoredKey(ROBLOX, places)).key?.value).toBe('new');
  });

  it('removes from both, and has nothing against nothing', async () => {
    const keyring = new MemoryKeyring(NO_KEYRING);
    const places = placesWith(keyring);
    await storeKey(ROBLOX, 'in-file', places);
    keyring.refusal = null;
    keyring.secrets.set(ROBLOX, 'in-keyring');
    expect((await findStoredKey(ROBLOX, places)).key?.origin.kind).toBe('keyring');
    expect(await inspectStoredKey(ROBLOX, places)).toEqual({
      keyring: { hasKey: true, problem: null },
      file: { hasKey: true, problem: null },
      path: file,
    });
    expect(await removeStoredKey(ROBLOX, places)).toEqual({
      fromKeyring: true,
      filePath: file,
      keyringProblem: null,
    });
    expect(await removeStoredKey(ROBLOX, places)).toEqual({
      fromKeyring: false,
      filePath: null,
      keyringProblem: null,
    });
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });
});

describe.each([
  ['without a keyring', NO_KEYRING],
  ['with one that refuses', LOCKED_KEYRING],
])('%s', (_, refusal) => {
  it('keeps the key in the file, and says why', async () => {
    const places = placesWith(new MemoryKeyring(refusal));
    expect(await storeKey(ROBLOX, 'key-1', places)).toEqual({ path: file, problem: refusal.reason });
    expect(await storeKey(EMULATOR, 'key-2', places)).toMatchObject({ path: file });
    expect(await findStoredKey(ROBLOX, places)).toEqual({
      key: { value: 'key-1', origin: { kind: 'stored_file', path: file } },
      facts: [],
      warnings: [],
    });
    expect((await findStoredKey(EMULATOR, places)).key?.value).toBe('key-2');
    expect((await findStoredKey('https://example.com', places)).facts[0]).toBe(
      `no key is stored for https://example.com in ${file}`,
    );
  });

  it('has no place without a home directory', async () => {
    const places = placesWith(new MemoryKeyring(refusal), null);
    const error = await catchError(() => storeKey(ROBLOX, 'hidden-key', places));
    expect(error).toMatchObject({
      id: 'LX014',
      message: `there is no place to store the API key: ${refusal.reason}, and the system names no home directory`,
    });
    expect((await findStoredKey(ROBLOX, places)).key).toBeNull();
    expect(await inspectStoredKey(ROBLOX, places)).toEqual({
      keyring: { hasKey: false, problem: refusal.reason },
      file: { hasKey: false, problem: 'the system names no home directory' },
      path: null,
    });
  });
});

it('says in vain searches whether the keyring could be asked', async () => {
  const facts = async (keyring: MemoryKeyring) => (await findStoredKey(ROBLOX, placesWith(keyring))).facts[1];
  expect(await facts(new MemoryKeyring(NO_KEYRING))).toBe('no keyring works on this machine');
  expect(await facts(new MemoryKeyring(LOCKED_KEYRING))).toBe(
    'the keyring could not be read: the unlock prompt was dismissed',
  );
});

it('does not claim to have removed a key from a keyring that refuses', async () => {
  const keyring = new MemoryKeyring(NO_KEYRING);
  const places = placesWith(keyring);
  await storeKey(ROBLOX, 'key-1', places);
  expect(await removeStoredKey(EMULATOR, places)).toEqual({
    fromKeyring: false,
    filePath: null,
    keyringProblem: NO_KEYRING.reason,
  });
  keyring.refusal = LOCKED_KEYRING;
  const error = await catchError(() => removeStoredKey(ROBLOX, places));
  expect(error).toMatchObject({
    id: 'LX014',
    kind: 'io',
    message: 'the keyring did not answer, so a key may still be in it: the unlock prompt was dismissed',
    facts: [`the key was removed from ${file}`],
  });
  await expect(readFile(file)).rejects.toThrow('ENOENT');
});

it('warns of a file that others can read', async () => {
  const places = placesWith(new MemoryKeyring(NO_KEYRING));
  await storeKey(ROBLOX, 'key-1', places);
  await chmod(file, 0o644);
  const { key, warnings } = await findStoredKey(ROBLOX, places);
  expect(key?.value).toBe('key-1');
  expect(warnings).toMatchObject([
    { id: 'LX013', message: `the API key stands in ${file}, which others on this machine can read` },
  ]);
});

it('stores nothing at all beside a file that it does not understand', async () => {
  await sandbox.write({ '.config/luau-exec/credentials': 'not ours' });
  const keyring = new MemoryKeyring();
  const places = placesWith(keyring);
  expect(await catchError(() => storeKey(ROBLOX, 'key-1', places))).toMatchObject({ id: 'LX014' });
  expect(keyring.secrets.size).toBe(0);
  expect(await readFile(file, 'utf8')).toBe('not ours');
});
