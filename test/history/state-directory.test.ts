import { expect, test } from 'vitest';
import { resolveStateDirectory } from '../../src/history/state-directory.ts';

const HOME = '/home/u';
test.each<
  [platform: string, env: Record<string, string>, homeDirectory: string | null, expected: string | null]
>([
  ['linux', {}, HOME, '/home/u/.local/state/luau-exec'],
  ['linux', { XDG_STATE_HOME: '/state' }, HOME, '/state/luau-exec'],
  ['linux', { XDG_STATE_HOME: '' }, HOME, '/home/u/.local/state/luau-exec'],
  ['linux', {}, null, null],
  ['linux', { XDG_STATE_HOME: '/state' }, null, '/state/luau-exec'],
  ['freebsd', {}, HOME, '/home/u/.local/state/luau-exec'],
  ['darwin', {}, HOME, '/home/u/Library/Application Support/luau-exec'],
  ['darwin', { XDG_STATE_HOME: '/state' }, HOME, '/state/luau-exec'],
  ['win32', { LOCALAPPDATA: '/local' }, HOME, '/local/luau-exec/State'],
  ['win32', { XDG_STATE_HOME: '/state' }, HOME, '/home/u/AppData/Local/luau-exec/State'],
  ['win32', { LOCALAPPDATA: '' }, HOME, '/home/u/AppData/Local/luau-exec/State'],
  ['win32', {}, null, null],
  ...['linux', 'darwin', 'win32'].flatMap(
    (platform): [string, Record<string, string>, string | null, string][] => [
      [
        platform,
        { LUAU_EXEC_STATE_DIR: '/mine', XDG_STATE_HOME: '/state', LOCALAPPDATA: '/local' },
        HOME,
        '/mine',
      ],
      [platform, { LUAU_EXEC_STATE_DIR: '/mine' }, null, '/mine'],
    ],
  ),
])('%s with %j and home %s: %s', (platform, env, homeDirectory, expected) => {
  // node:path joins as this machine does, so the separators are made alike.
  expect(resolveStateDirectory({ platform, env, homeDirectory })?.replaceAll('\\', '/') ?? null).toBe(
    expected,
  );
});
