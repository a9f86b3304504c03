import { posix, win32 } from 'node:path';

export interface StateDirectoryOptions {
  env: Readonly<Record<string, string | undefined>>;
  homeDirectory: string | null;
  platform: string;
}

/**
 * Where this tool remembers the tasks it sent: `LUAU_EXEC_STATE_DIR`, else the system's place for state. Null when
 * the system names no home, in which case nothing is remembered.
 */
export function resolveStateDirectory({
  env,
  homeDirectory,
  platform,
}: StateDirectoryOptions): string | null {
  if (env.LUAU_EXEC_STATE_DIR) return env.LUAU_EXEC_STATE_DIR;
  const { join } = platform === 'win32' ? win32 : posix;
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA || (homeDirectory && join(homeDirectory, 'AppData', 'Local'));
    return local ? join(local, 'luau-exec', 'State') : null;
  }
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'luau-exec');
  if (homeDirectory === null) return null;
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Application Support', 'luau-exec');
  return join(homeDirectory, '.local', 'state', 'luau-exec');
}
