import { files, UNKNOWN, withKey } from './init-setup.ts';
import type { MessageCase } from './message-case.ts';

/** Answers that `init` cannot use. */
export const initAnswerCases: readonly MessageCase[] = [
  {
    does: 'init without ids',
    line: 'init',
    session: { env: UNKNOWN },
    id: 'LX001',
    exit: 2,
    says: [
      'error: no universe id and no place id',
      '  looked for the universe id at --universe, LUAU_EXEC_UNIVERSE_ID, ROBLOX_UNIVERSE_ID, UNIVERSE_ID and in a config file',
      '  looked for the place id at --place, LUAU_EXEC_PLACE_ID, ROBLOX_PLACE_ID, PLACE_ID and in a config file',
      '  nothing is asked without a terminal, with --json, or where a flag has answered',
      'hint: luau-exec init --universe ID --place ID',
    ],
  },
  {
    does: 'init without a place',
    line: 'init --universe 5 --key-variable KEY --force',
    session: { env: UNKNOWN },
    id: 'LX001',
    exit: 2,
    says: [
      'error: no place id',
      '  looked for the place id at --place, LUAU_EXEC_PLACE_ID, ROBLOX_PLACE_ID, PLACE_ID and in a config file',
      '  nothing is asked without a terminal, with --json, or where a flag has answered',
      'hint: luau-exec init --universe 5 --place ID --key-variable KEY --force',
    ],
  },
  {
    does: 'init without a key',
    line: 'init --key-source file',
    session: { env: UNKNOWN },
    id: 'LX001',
    exit: 2,
    says: [
      'error: no universe id, no place id, no API key',
      '  looked for the universe id at --universe, LUAU_EXEC_UNIVERSE_ID, ROBLOX_UNIVERSE_ID, UNIVERSE_ID and in a config file',
      '  looked for the place id at --place, LUAU_EXEC_PLACE_ID, ROBLOX_PLACE_ID, PLACE_ID and in a config file',
      '  --api-key-file gives the API key, and none is stored for http://HOST',
      '  nothing is asked without a terminal, with --json, or where a flag has answered',
      'hint: luau-exec init --universe ID --place ID --key-source file --api-key-file FILE',
    ],
  },
  {
    does: 'init with a universe that is no number',
    line: 'init --universe x --place 6',
    session: { env: UNKNOWN },
    id: 'LX005',
    exit: 2,
    says: [
      'error: universe id "x" is not a number (from --universe)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'init with an empty universe',
    line: "init --universe '' --place 6",
    session: { env: UNKNOWN },
    id: 'LX005',
    exit: 2,
    says: [
      'error: universe id "" is empty (from --universe)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'init with a URL of no ids',
    line: 'init --universe https://example.com/ --place 6',
    session: { env: UNKNOWN },
    id: 'LX005',
    exit: 2,
    says: [
      'error: universe id "https://example.com/" is a URL that names no id for certain (from --universe)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'init with a URL of a place for the universe',
    line: 'init --universe https://www.roblox.com/games/77/x --place 6',
    session: { env: UNKNOWN },
    id: 'LX005',
    exit: 2,
    says: [
      'error: universe id "https://www.roblox.com/games/77/…" is a URL that names a place id (77) and no universe id (from --universe)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'init with a place of another universe',
    line: 'init --universe 5 --place https://create.roblox.com/dashboard/creations/experiences/7/places/8/configure',
    session: { env: UNKNOWN },
    id: 'LX005',
    exit: 2,
    says: [
      'error: place id "https://create.roblox.com/dashbo…" is a URL of universe 7, not of 5 (from --place)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'init with a key that is none',
    line: withKey,
    session: files({ key: 'a b' }),
    id: 'LX002',
    exit: 2,
    says: [
      'error: the API key holds a space at position 2 (from --api-key-file)',
      '  its value is not shown',
      'hint: copy the key again from the Creator Dashboard',
    ],
  },
  {
    does: 'init with a key that looks like a variable',
    line: withKey,
    session: files({ key: ['abcdef$', '{x}'].join('') }),
    id: 'LX002',
    exit: 2,
    says: [
      'error: the API key holds ${, which a config file takes for a variable (from --api-key-file)',
      '  its value is not shown',
      'hint: use --key-source keyring',
    ],
  },
];
