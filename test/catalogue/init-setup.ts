import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_KEY, type CliSession, type CliSessionOptions } from '../helpers/cli-session.ts';

export const UNKNOWN = {
  ROBLOX_API_KEY: undefined,
  ROBLOX_UNIVERSE_ID: undefined,
  ROBLOX_PLACE_ID: undefined,
};
export const IDS = '--universe 5 --place 6';
export const withKey = `init ${IDS} --key-source file --api-key-file key`;
export const KEY_FILE = { files: { key: API_KEY }, env: UNKNOWN };

export function files(given: Readonly<Record<string, string>>): CliSessionOptions {
  return { files: { key: API_KEY, ...given }, env: UNKNOWN };
}

/** git's index, as far as it is read. */
export function track({ cwd }: CliSession): void {
  writeFileSync(join(cwd, '.git', 'index'), Buffer.from('DIRC\0\u000b.luauexecrc\0'));
}
