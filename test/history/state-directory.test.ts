import { expect, test } from 'vitest';
import { resolveStateDirectory } from '../../src/history/state-directory.ts';

const HOME = '/home/u';
const WINDOWS_HOME = 'C:\\Users\\u';
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
  ['win32', { LOCALAPPDATA: 'D:\\local' }, WINDOWS_HOME, 'D:\\local\\luau-exec\\State'],
  ['win32', { XDG_STATE_HOME: '/state' }, WINDOWS_HOME, `${WINDOWS_HOME}\\AppData\\Local\\luau-exec\\State`],
  ['win32', { LOCALAPPDATA: '' }, WINDOWS_HOME, `${WINDOWS_HOME}\\AppData\\Local\\luau-exec\\State`],
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
  expect(resolveStateDirectory({ platform, env, homeDirectory })).toBe(expected);
});
