import { chmod, mkdir, readdir, readFile, readlink, stat, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCredentials, saveCredentials } from '../../src/config/credentials-file.ts';
import { catchError } from './catch-error.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

const KEYS = new Map([
  ['https://apis.roblox.com', 'hidden-key-1'],
  ['http://127.0.0.1:8787', 'hidden-key-2'],
]);

let sandbox: Sandbox;
let file: string;
beforeEach(async () => {
  sandbox = await createSandbox();
  file = sandbox.path('.config', 'luau-exec', 'credentials');
});
afterEach(() => sandbox.remove());

const listDirectory = () => readdir(sandbox.path('.config', 'luau-exec'));
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

it('gives back what was saved', async () => {
  expect(await loadCredentials(file)).toEqual({ keys: new Map(), mode: null });
  await saveCredentials(file, KEYS);
  expect((await loadCredentials(file)).keys).toEqual(KEYS);
});

it('lets nobody but the owner in, whatever the umask says', async () => {
  await saveCredentials(file, KEYS);
  expect(await modeOf(file)).toBe(0o600);
  expect(await modeOf(sandbox.path('.config', 'luau-exec'))).toBe(0o700);
  // A file that was open to others is not written into: the new one takes its place.
  await chmod(file, 0o666);
  const { ino } = await stat(file);
  await saveCredentials(file, new Map([['https://apis.roblox.com', 'other']]));
  expect(await modeOf(file)).toBe(0o600);
  expect((await stat(file)).ino).not.toBe(ino);
  expect((await loadCredentials(file)).mode).toBe(0o100600);
});

it('leaves a directory that was there as it is', async () => {
  await mkdir(sandbox.path('.config', 'luau-exec'), { recursive: true });
  await chmod(sandbox.path('.config', 'luau-exec'), 0o755);
  await saveCredentials(file, KEYS);
  expect(await modeOf(sandbox.path('.config', 'luau-exec'))).toBe(0o755);
});

it('leaves nothing but the file, and not even that when there are no keys', async () => {
  await saveCredentials(file, KEYS);
  expect(await listDirectory()).toEqual(['credentials']);
  await saveCredentials(file, new Map());
  expect(await listDirectory()).toEqual([]);
  await saveCredentials(file, new Map());
});

it('leaves the old file, and no other, when the new one cannot be put in its place', async () => {
  // A directory of that name cannot be replaced, also not by root.
  await mkdir(sandbox.path('.config', 'luau-exec', 'credentials', 'sub'), { recursive: true });
  const error = await catchError(() => saveCredentials(file, KEYS));
  expect(error).toMatchObject({ id: 'LX074', kind: 'io' });
  expect(error.message).toContain(`the API key could not be stored in ${file}`);
  expect(JSON.stringify([error.message, error.facts])).not.toContain('hidden');
  expect(await listDirectory()).toEqual(['credentials']);
});

it('does not read through a link, and replaces it without touching what it leads to', async () => {
  await sandbox.write({ 'elsewhere.json': '{"keys":{"https://apis.roblox.com":"planted"}}' });
  await mkdir(sandbox.path('.config', 'luau-exec'), { recursive: true });
  await symlink(sandbox.path('elsewhere.json'), file);
  const error = await catchError(() => loadCredentials(file));
  expect(error).toMatchObject({
    id: 'LX014',
    kind: 'usage',
    message: `the stored API keys in ${file} cannot be used: the file is not a regular file`,
    hint: `remove ${file}, then luau-exec auth set`,
  });
  expect(await readlink(file)).toBe(sandbox.path('elsewhere.json'));
  await saveCredentials(file, KEYS);
  expect((await loadCredentials(file)).keys).toEqual(KEYS);
  expect(await readFile(sandbox.path('elsewhere.json'), 'utf8')).toContain('planted');
});

describe('a file that it did not write', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['broken', '{"keys": {"https://apis.roblox.com": hidden-key}}', 'is not valid JSON'],
    ['empty', '', 'is not valid JSON'],
    ['a list', '["hidden-key"]', 'does not hold "keys"'],
    ['null', 'null', 'does not hold "keys"'],
    ['keys in a list', '{"keys":["hidden-key"]}', 'does not hold "keys"'],
    ['a number', '{"keys":{"https://apis.roblox.com":12345678}}', 'holds a key that is not text'],
    ['no text', Buffer.from([0xff, 0x00]), 'is not UTF-8 text'],
    ['too large', ' '.repeat(1_048_577), 'is larger than 1048576 bytes'],
  ])('%s', async (_, content, reason) => {
    await sandbox.write({ '.config/luau-exec/credentials': content });
    const error = await catchError(() => loadCredentials(file));
    expect(error.message).toBe(`the stored API keys in ${file} cannot be used: the file ${reason}`);
    expect([error.id, error.cause]).toEqual(['LX014', undefined]);
    expect(JSON.stringify([error.message, error.facts, error.hint])).not.toMatch(/hidden|12345678/);
  });
});
