import { exchangeThroughNoProxy, file, line, script } from './config-setup.ts';
import type { MessageCase } from './message-case.ts';

/** Settings of flags and of the environment that cannot be used. */
export const settingCases: readonly MessageCase[] = [
  {
    does: 'a universe id that is none',
    line: 'run a.luau -u 12a',
    id: 'LX005',
    exit: 2,
    says: [
      'error: universe id "12a" is not a number (from --universe)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'a place id with a fraction',
    line: 'run a.luau -p 1.5',
    id: 'LX005',
    exit: 2,
    says: [
      'error: place id "1.5" is not a positive whole number (from --place)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'a place version of zero',
    line: 'run a.luau --place-version 0',
    id: 'LX005',
    exit: 2,
    says: [
      'error: place version "0" is not a positive whole number (from --place-version)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'an id that YAML has rounded',
    line,
    session: file('universeId: 100000000000000000000'),
    id: 'LX005',
    exit: 2,
    says: [
      'error: universe id 100000000000000000000 is too large for a bare number (from universeId in CWD/.luauexecrc)',
      'hint: put it in quotes',
    ],
  },
  {
    does: 'a universe id of the environment that is none',
    line,
    session: { files: script, env: { ROBLOX_UNIVERSE_ID: 'x' } },
    id: 'LX005',
    exit: 2,
    says: [
      'error: universe id "x" is not a number (from ROBLOX_UNIVERSE_ID)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'a time-out that is too long',
    line: 'run a.luau -t 6m',
    id: 'LX011',
    exit: 2,
    says: [
      'error: timeout "6m" is not between 1 s and 300 s, which is all that Open Cloud allows (from --timeout)',
      'hint: write it as 30s, 2m or 500ms; a bare number is seconds',
    ],
  },
  {
    does: 'a time-out that is no duration',
    line: 'run a.luau -t soon',
    id: 'LX011',
    exit: 2,
    says: [
      'error: timeout "soon" is not a duration (from --timeout)',
      'hint: write it as 30s, 2m or 500ms; a bare number is seconds',
    ],
  },
  {
    does: 'a wait of nothing',
    line: 'run a.luau --wait-timeout 0',
    id: 'LX011',
    exit: 2,
    says: [
      'error: wait timeout "0" is not longer than nothing (from --wait-timeout)',
      'hint: use --detach to leave without waiting',
    ],
  },
  {
    does: 'a queue time-out that no clock has',
    line: 'run a.luau --queue-timeout 999999999999d',
    id: 'LX011',
    exit: 2,
    says: [
      'error: queue timeout "999999999999d" is not a duration (from --queue-timeout)',
      'hint: write it as 30s, 2m or 500ms; a bare number is seconds',
    ],
  },
  {
    does: 'a base URL in the clear',
    line: 'run a.luau --base-url http://example.com',
    id: 'LX011',
    exit: 2,
    says: [
      'error: base URL "http://example.com" is neither https nor http on loopback (from --base-url)',
      'hint: write it as https://HOST',
    ],
  },
  {
    does: 'a base URL with a password',
    line: 'run a.luau --base-url https://a:b@example.com',
    id: 'LX011',
    exit: 2,
    says: [
      'error: base URL "https://…@example.com" holds a user name or password (from --base-url)',
      'hint: leave out everything before the @',
    ],
  },
  {
    does: 'a base URL with a path',
    line: 'run a.luau --base-url https://example.com/cloud',
    id: 'LX011',
    exit: 2,
    says: [
      'error: base URL "https://example.com/cloud" has something after the host (from --base-url)',
      'hint: write it as https://example.com',
    ],
  },
  {
    does: 'a target without a name',
    line: "run a.luau --target ''",
    id: 'LX011',
    exit: 2,
    says: ['error: target "" is empty (from --target)', 'hint: name a target of the config file, or local'],
  },
  {
    does: 'a target that does not exist',
    line: 'run a.luau --target zzzzzz',
    id: 'LX003',
    exit: 2,
    says: [
      'error: unknown target "zzzzzz" (from --target)',
      '  the targets are local',
      '  no config file was found that could define more',
      'hint: choose one of these, or define it under targets',
    ],
  },
  {
    does: 'a target that is mistyped',
    line: 'run a.luau --target stagin',
    session: file('targets: { staging: { placeId: 1 } }'),
    id: 'LX003',
    exit: 2,
    says: [
      'error: unknown target "stagin" (from --target)',
      '  the targets are staging, local',
      '  they are defined in CWD/.luauexecrc',
      'hint: did you mean staging?',
    ],
  },
  {
    does: 'a proxy that is no URL',
    line,
    session: { files: script, intercept: exchangeThroughNoProxy },
    id: 'LX011',
    exit: 2,
    says: [
      'error: the proxy that HTTPS_PROXY names is not a URL',
      'hint: set HTTPS_PROXY to a URL such as http://proxy.example:8080, or unset it',
    ],
  },
];
