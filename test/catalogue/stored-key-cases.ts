import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_KEY } from '../helpers/cli-session.ts';
import { LOCKED_KEYRING, MemoryKeyring, NO_KEYRING } from '../helpers/memory-keyring.ts';
import { credentials, file, line, NO_KEY, script, storing, track } from './config-setup.ts';
import type { MessageCase } from './message-case.ts';

/** Keys that others can read, and stored ones that cannot be used. */
export const storedKeyCases: readonly MessageCase[] = [
  {
    does: 'no place to store a key',
    line: 'auth set --api-key-file key',
    session: {
      files: { key: API_KEY },
      env: NO_KEY,
      homeDirectory: null,
      keyring: new MemoryKeyring(NO_KEYRING),
    },
    id: 'LX014',
    exit: 2,
    says: [
      'error: there is no place to store the API key: no Secret Service, and the system names no home directory',
      'hint: export ROBLOX_API_KEY=… or --api-key-file FILE',
    ],
  },
  {
    does: 'a key in a file that others can read',
    line,
    session: file(`apiKey: ${API_KEY}\nuniverseId: 11\nplaceId: 22`, NO_KEY),
    before: ({ cwd }) => chmodSync(join(cwd, '.luauexecrc'), 0o644),
    id: 'LX013',
    exit: 0,
    says: [
      'warning: the API key stands in CWD/.luauexecrc, which others on this machine can read',
      'hint: chmod 600 CWD/.luauexecrc; or better: export ROBLOX_API_KEY=… or --api-key-file FILE',
    ],
  },
  {
    does: 'a key in a file that git tracks',
    line,
    session: file(`apiKey: ${API_KEY}\nuniverseId: 11\nplaceId: 22`, NO_KEY),
    before: track(0o600),
    id: 'LX013',
    exit: 0,
    says: [
      'warning: the API key stands in CWD/.luauexecrc, which git tracks',
      'hint: make a new key and keep it out of the repository: export ROBLOX_API_KEY=… or --api-key-file FILE',
    ],
  },
  {
    does: 'a key in a file that git tracks and others can read',
    line,
    session: file(`apiKey: ${API_KEY}\nuniverseId: 11\nplaceId: 22`, NO_KEY),
    before: track(0o644),
    id: 'LX013',
    exit: 0,
    says: [
      'warning: the API key stands in CWD/.luauexecrc, which git tracks, and others on this machine can read it',
      'hint: make a new key and keep it out of the repository: export ROBLOX_API_KEY=… or --api-key-file FILE',
    ],
  },
  {
    does: 'a key in a file that git tracks, asked of config',
    line: 'config',
    session: file(`apiKey: ${API_KEY}\nuniverseId: 11\nplaceId: 22`, NO_KEY),
    before: track(0o600),
    id: 'LX013',
    exit: 0,
    says: [
      'warning: the API key stands in CWD/.luauexecrc, which git tracks',
      'hint: make a new key and keep it out of the repository: export ROBLOX_API_KEY=… or --api-key-file FILE',
    ],
  },
  {
    does: 'a key in a file that git tracks, asked of auth',
    line: 'auth status',
    session: file(`apiKey: ${API_KEY}\nuniverseId: 11\nplaceId: 22`, NO_KEY),
    before: track(0o600),
    id: 'LX013',
    exit: 0,
    says: [
      'warning: the API key stands in CWD/.luauexecrc, which git tracks',
      'hint: make a new key and keep it out of the repository: export ROBLOX_API_KEY=… or --api-key-file FILE',
    ],
  },
  {
    does: 'a key in a file that git tracks, asked of list',
    line: 'list --refresh',
    session: file(`apiKey: ${API_KEY}\nuniverseId: 11\nplaceId: 22`, NO_KEY),
    before: track(0o600),
    id: 'LX013',
    exit: 0,
    says: [
      'warning: the API key stands in CWD/.luauexecrc, which git tracks',
      'hint: make a new key and keep it out of the repository: export ROBLOX_API_KEY=… or --api-key-file FILE',
    ],
  },
  {
    does: 'stored keys that are no file',
    line,
    session: { files: script, env: NO_KEY },
    before: (session) => mkdirSync(credentials(session), { recursive: true }),
    id: 'LX014',
    exit: 2,
    says: [
      'error: the stored API keys in CWD/.home/.config/luau-exec/credentials cannot be used: the file is not a regular file',
      'hint: remove CWD/.home/.config/luau-exec/credentials, then luau-exec auth set',
    ],
  },
  {
    does: 'stored keys that are no JSON',
    line,
    session: { files: script, env: NO_KEY },
    before: storing('{'),
    id: 'LX014',
    exit: 2,
    says: [
      'error: the stored API keys in CWD/.home/.config/luau-exec/credentials cannot be used: the file is not valid JSON',
      'hint: remove CWD/.home/.config/luau-exec/credentials, then luau-exec auth set',
    ],
  },
  {
    does: 'stored keys without keys',
    line,
    session: { files: script, env: NO_KEY },
    before: storing('{}'),
    id: 'LX014',
    exit: 2,
    says: [
      'error: the stored API keys in CWD/.home/.config/luau-exec/credentials cannot be used: the file does not hold "keys"',
      'hint: remove CWD/.home/.config/luau-exec/credentials, then luau-exec auth set',
    ],
  },
  {
    does: 'a stored key that is no text',
    line,
    session: { files: script, env: NO_KEY },
    before: storing('{"keys":{"x":1}}'),
    id: 'LX014',
    exit: 2,
    says: [
      'error: the stored API keys in CWD/.home/.config/luau-exec/credentials cannot be used: the file holds a key that is not text',
      'hint: remove CWD/.home/.config/luau-exec/credentials, then luau-exec auth set',
    ],
  },
  {
    does: 'stored keys that are too large',
    line,
    session: { files: script, env: NO_KEY },
    before: storing(' '.repeat(1_048_577)),
    id: 'LX014',
    exit: 2,
    says: [
      'error: the stored API keys in CWD/.home/.config/luau-exec/credentials cannot be used: the file is larger than 1048576 bytes',
      'hint: remove CWD/.home/.config/luau-exec/credentials, then luau-exec auth set',
    ],
  },
  {
    does: 'stored keys that cannot be written',
    line: 'auth set --api-key-file key',
    session: { files: { key: API_KEY }, keyring: new MemoryKeyring(NO_KEYRING) },
    before: ({ cwd }) => writeFileSync(join(cwd, '.home'), ''),
    id: 'LX074',
    exit: 74,
    says: [
      "error: the API key could not be stored in CWD/.home/.config/luau-exec/credentials: ENOTDIR: not a directory, stat 'CWD/.home/.config/luau-exec'",
      'hint: keep the key in ROBLOX_API_KEY, or use --api-key-file FILE',
    ],
  },
  {
    does: 'a keyring that refuses to remove a key',
    line: 'auth remove',
    session: { keyring: new MemoryKeyring(LOCKED_KEYRING) },
    id: 'LX014',
    exit: 74,
    says: [
      'error: the keyring did not answer, so a key may still be in it: the unlock prompt was dismissed',
      'hint: unlock the keyring, then luau-exec auth remove',
    ],
  },
  {
    does: 'a keyring that refuses to remove a key that is also in the file',
    line: 'auth remove',
    session: { keyring: new MemoryKeyring(LOCKED_KEYRING) },
    before: (session) => storing(JSON.stringify({ keys: { [session.emulator.baseUrl]: API_KEY } }))(session),
    id: 'LX014',
    exit: 74,
    says: [
      'error: the keyring did not answer, so a key may still be in it: the unlock prompt was dismissed',
      '  the key was removed from CWD/.home/.config/luau-exec/credentials',
      'hint: unlock the keyring, then luau-exec auth remove',
    ],
  },
];
