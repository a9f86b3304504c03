import { expect, it } from 'vitest';
import { requireApiKey, requireConnection } from '../../src/config/require-connection.ts';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import type { FlagValues } from '../../src/config/settings.ts';
import { catchError } from './catch-error.ts';

const NOWHERE = {
  file: null,
  directories: ['/work/a', '/work'],
  storedKeyFacts: ['no key is stored'],
  shell: 'posix',
} as const;
const resolve = (flags: FlagValues) => resolveSettings({ flags, env: {}, file: null });

it('gives what is set', () => {
  const settings = resolve({ apiKey: 'abc', universeId: '1', placeId: '2' });
  expect(requireConnection(settings, NOWHERE)).toEqual({ apiKey: 'abc', universeId: '1', placeId: '2' });
  expect(requireApiKey(settings, NOWHERE)).toBe('abc');
});

it.each([
  [
    {},
    'no API key, no universe id and no place id',
    'luau-exec init, or export ROBLOX_API_KEY=… ROBLOX_UNIVERSE_ID=… ROBLOX_PLACE_ID=…, or luau-exec auth set for the key; to try without them: --local',
  ],
  [
    { placeId: '2', universeId: '1' },
    'no API key',
    'export ROBLOX_API_KEY=… or luau-exec auth set; to try without one: --local',
  ],
  [
    { apiKey: 'abc', universeId: '1' },
    'no place id',
    'export ROBLOX_PLACE_ID=…; to try without one: --local',
  ],
])('%j lacks something', async (flags, message, hint) => {
  const error = await catchError(() => requireConnection(resolve(flags), NOWHERE));
  expect(error).toMatchObject({ id: 'LX001', kind: 'usage', message, hint });
});

it('lists every place that was looked at', async () => {
  const error = await catchError(() => requireApiKey(resolve({}), NOWHERE));
  expect(error.facts).toEqual([
    'looked for the API key at --api-key-file, LUAU_EXEC_API_KEY, ROBLOX_API_KEY, ROBLOX_OPEN_CLOUD_API_KEY, RBLX_OC_API_KEY, RBXCLOUD_API_KEY and apiKey in a config file',
    'no config file in /work/a, /work',
    'no key is stored',
  ]);
  expect(error.hint).toBe('export ROBLOX_API_KEY=… or luau-exec auth set');
  const withFile = { ...NOWHERE, file: '/work/.luauexecrc' };
  const other = await catchError(() =>
    requireConnection(resolve({ apiKey: 'abc', universeId: '1' }), withFile),
  );
  expect(other.facts).toEqual([
    'looked for the place id at --place, LUAU_EXEC_PLACE_ID, ROBLOX_PLACE_ID, PLACE_ID and placeId in a config file',
    'the config file is /work/.luauexecrc',
  ]);
});

it('says on Windows how PowerShell sets variables', async () => {
  const there = { ...NOWHERE, shell: 'powershell' } as const;
  const error = await catchError(() => requireConnection(resolve({ placeId: '2' }), there));
  expect(error.hint).toBe(
    '$env:ROBLOX_API_KEY="…"; $env:ROBLOX_UNIVERSE_ID="…", or luau-exec auth set for the key; to try without them: --local',
  );
});
