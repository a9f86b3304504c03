import { describe, expect, it } from 'vitest';
import { parseConfigFile } from '../../src/config/config-file.ts';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import type { Environment, FlagValues } from '../../src/config/settings.ts';
import { catchError } from './catch-error.ts';

const PATH = '/work/.luauexecrc';

interface Given {
  flags?: FlagValues;
  env?: Environment;
  file?: unknown;
}

function resolve({ flags = {}, env = {}, file }: Given) {
  return resolveSettings({
    flags,
    env,
    file: file === undefined ? null : parseConfigFile({ path: PATH, content: file, keyPrefix: '' }),
  });
}

const fromFile = (key: string) => ({ kind: 'file', path: PATH, key });
const fromEnvironment = (name: string) => ({ kind: 'environment', name });

it('has a default for everything but the key and the ids', () => {
  const origin = { kind: 'default' };
  expect(resolve({})).toEqual({
    apiKey: { value: null, origin },
    universeId: { value: null, origin },
    placeId: { value: null, origin },
    placeVersion: { value: null, origin },
    timeoutSeconds: { value: 300, origin },
    waitTimeoutSeconds: { value: null, origin },
    queueTimeoutSeconds: { value: 300, origin },
    isCancellable: { value: false, origin },
    cancelPollSeconds: { value: 2, origin },
    isLive: { value: false, origin },
    baseUrl: { value: 'https://apis.roblox.com', origin },
    target: { value: null, origin },
  });
});

describe('the strongest source wins', () => {
  const file = { universeId: '3', target: 'staging', targets: { staging: { universeId: '4' }, bare: {} } };
  it.each<[Given, string, object]>([
    [
      { flags: { universeId: '1' }, env: { ROBLOX_UNIVERSE_ID: '2' }, file },
      '1',
      { kind: 'flag', name: '--universe' },
    ],
    [{ env: { ROBLOX_UNIVERSE_ID: '2' }, file }, '2', fromEnvironment('ROBLOX_UNIVERSE_ID')],
    [
      { env: { UNIVERSE_ID: '9', LUAU_EXEC_UNIVERSE_ID: '8' } },
      '8',
      fromEnvironment('LUAU_EXEC_UNIVERSE_ID'),
    ],
    [{ env: { UNIVERSE_ID: '9', LUAU_EXEC_UNIVERSE_ID: '' } }, '9', fromEnvironment('UNIVERSE_ID')],
    [{ env: { UNIVERSE_ID: '9', LUAU_EXEC_UNIVERSE_ID: ' ' } }, '9', fromEnvironment('UNIVERSE_ID')],
    [{ env: { UNIVERSE_ID: '9\r' } }, '9', fromEnvironment('UNIVERSE_ID')],
    [{ flags: { universeId: undefined }, file }, '4', fromFile('targets.staging.universeId')],
    [{ flags: { target: 'bare' }, file }, '3', fromFile('universeId')],
    [{ env: { LUAU_EXEC_TARGET: 'bare' }, file }, '3', fromFile('universeId')],
    [
      { flags: { target: 'staging' }, env: { LUAU_EXEC_TARGET: 'bare' }, file },
      '4',
      fromFile('targets.staging.universeId'),
    ],
    [{ flags: { target: 'local' }, file }, '3', fromFile('universeId')],
    [{ env: { ID: '77' }, file: { universeId: `\${ID}` } }, '77', fromFile('universeId')],
    [{ env: { A: '1', B: '2' }, file: { universeId: `\${A}0\${B}` } }, '102', fromFile('universeId')],
  ])('%j', (given, value, origin) => expect(resolve(given).universeId).toEqual({ value, origin }));

  it.each([
    'LUAU_EXEC_API_KEY',
    'ROBLOX_API_KEY',
    'ROBLOX_OPEN_CLOUD_API_KEY',
    'RBLX_OC_API_KEY',
    'RBXCLOUD_API_KEY',
  ])('the key is read from %s, without white space around it', (name) =>
    expect(resolve({ env: { [name]: ' abc\n' } }).apiKey).toEqual({
      value: 'abc',
      origin: fromEnvironment(name),
    }),
  );

  it.each<[Given, object]>([
    [{ flags: { timeout: '90s' } }, { timeoutSeconds: { value: 90 } }],
    [{ env: { LUAU_EXEC_TIMEOUT: '1500ms' } }, { timeoutSeconds: { value: 1.5 } }],
    [
      { file: { timeout: 60, queueTimeout: 0 } },
      { timeoutSeconds: { value: 60 }, queueTimeoutSeconds: { value: 0 } },
    ],
    [{ flags: { waitTimeout: '60d' } }, { waitTimeoutSeconds: { value: 5_184_000 } }],
    [{ env: { LUAU_EXEC_BASE_URL: 'http://127.0.0.1:9/' } }, { baseUrl: { value: 'http://127.0.0.1:9' } }],
    [{ file: { placeVersion: 7 } }, { placeVersion: { value: '7' } }],
  ])('%j', (given, expected) => expect(resolve(given)).toMatchObject(expected));

  it('needs no variable for a value that a stronger source gives', () => {
    const file = { apiKey: `\${NOT_SET}`, targets: { other: { placeId: `\${NOT_SET_EITHER}` } } };
    expect(resolve({ env: { ROBLOX_API_KEY: 'abc' }, file }).apiKey.value).toBe('abc');
  });

  it('does not look for variables in what a variable holds', () => {
    expect(resolve({ env: { A: `\${B}`, B: 'x' }, file: { apiKey: `\${A}` } }).apiKey.value).toBe(`\${B}`);
  });
});

describe('what cannot be used is an error that names its source', () => {
  const targets = { staging: {}, live: {} };
  it.each<[Given, string, string, string]>([
    [
      { flags: { universeId: '12a' } },
      'LX005',
      'universe id "12a" is not a number (from --universe)',
      'copy the id from the Creator Dashboard',
    ],
    [
      { flags: { placeId: '' } },
      'LX005',
      'place id "" is not a number (from --place)',
      'copy the id from the Creator Dashboard',
    ],
    [
      { env: { PLACE_ID: '1/../2' } },
      'LX005',
      'place id "1/../2" is not a number (from PLACE_ID)',
      'copy the id from the Creator Dashboard',
    ],
    [
      { env: { ID: 'hidden' }, file: { placeId: `\${ID}` } },
      'LX005',
      `place id "\${ID}" is not a number (from placeId in ${PATH})`,
      'copy the id from the Creator Dashboard',
    ],
    [
      { flags: { placeId: '1\u001b[2J\u202e' } },
      'LX005',
      'place id "1\\u{1b}[2J\\u{202e}" is not a number (from --place)',
      'copy the id from the Creator Dashboard',
    ],
    [
      { flags: { placeId: 'k'.repeat(99) } },
      'LX005',
      `place id "${'k'.repeat(32)}…" is not a number (from --place)`,
      'copy the id from the Creator Dashboard',
    ],
    [
      { env: { ROBLOX_API_KEY: 'hid\nden' } },
      'LX002',
      'the API key holds a line break at position 4 (from ROBLOX_API_KEY)',
      'copy the key again from the Creator Dashboard',
    ],
    [
      { flags: { apiKey: '' } },
      'LX002',
      'the API key is empty (from --api-key-file)',
      'copy the key again from the Creator Dashboard',
    ],
    [
      { env: { K: 'hid den' }, file: { apiKey: `\${K}` } },
      'LX002',
      `the API key holds a space at position 4 (from apiKey in ${PATH})`,
      'copy the key again from the Creator Dashboard',
    ],
    [
      { flags: { timeout: '10m' } },
      'LX011',
      'timeout "10m" is not between 1 s and 300 s, which is all that Open Cloud allows (from --timeout)',
      'write it as 30s, 2m or 500ms; a bare number is seconds',
    ],
    [
      { flags: { baseUrl: 'http://evil.example' } },
      'LX011',
      'base URL "http://evil.example" is neither https nor http on loopback (from --base-url)',
      'write it as https://HOST',
    ],
    [
      { flags: { baseUrl: 'https://me:hidden@host' } },
      'LX011',
      'base URL "https://…@host" holds a user name or password (from --base-url)',
      'leave out everything before the @',
    ],
    [
      { file: { placeId: `\${NOPE}` } },
      'LX011',
      `the environment variable NOPE is not set (needed by placeId in ${PATH})`,
      'give NOPE a value in the environment',
    ],
    [
      { env: { NOPE: '' }, file: { placeId: `\${NOPE}` } },
      'LX011',
      `the environment variable NOPE is not set (needed by placeId in ${PATH})`,
      'give NOPE a value in the environment',
    ],
    [
      { file: { apiKey: `\${A:-hey}` } },
      'LX011',
      `"\${A:-hey}" is not of the form \${NAME} (needed by apiKey in ${PATH})`,
      'put the name of one environment variable between the braces',
    ],
    [
      { file: { apiKey: '${A' } },
      'LX011',
      `"\${A" is not of the form \${NAME} (needed by apiKey in ${PATH})`,
      'put the name of one environment variable between the braces',
    ],
    [
      { flags: { target: 'stagin' }, file: { targets } },
      'LX003',
      'unknown target "stagin" (from --target)',
      'did you mean staging?',
    ],
    [
      { flags: { target: 'constructor' }, file: { targets } },
      'LX003',
      'unknown target "constructor" (from --target)',
      'choose one of these, or define it under targets',
    ],
    [
      { env: { LUAU_EXEC_TARGET: 'loacl' } },
      'LX003',
      'unknown target "loacl" (from LUAU_EXEC_TARGET)',
      'did you mean local?',
    ],
    [
      { file: { target: 'x', targets } },
      'LX003',
      `unknown target "x" (from target in ${PATH})`,
      'choose one of these, or define it under targets',
    ],
  ])('%j', async (given, id, message, hint) => {
    const error = await catchError(() => resolve(given));
    expect(error).toMatchObject({ id, kind: 'usage', message, hint });
    expect(JSON.stringify([error.message, error.hint, error.facts])).not.toMatch(/hid|k{33}/);
  });

  it('lists the targets that there are', async () => {
    const error = await catchError(() => resolve({ flags: { target: 'x' }, file: { targets } }));
    expect(error.facts).toEqual(['the targets are staging, live, local', `they are defined in ${PATH}`]);
  });
});
