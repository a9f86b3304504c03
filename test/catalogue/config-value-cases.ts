import { file, line, variable } from './config-setup.ts';
import type { MessageCase } from './message-case.ts';

/** What stands in a config file and may not. */
export const configValueCases: readonly MessageCase[] = [
  {
    does: 'an unknown key',
    line,
    session: file('zzzzzz: 1'),
    id: 'LX003',
    exit: 2,
    says: [
      'error: unknown key "zzzzzz" in CWD/.luauexecrc',
      '  the keys here are apiKey, universeId, placeId, placeVersion, timeout, waitTimeout, queueTimeout, cancellable, cancelPoll, live, target, targets',
      'hint: take the key out',
    ],
  },
  {
    does: 'a key that is mistyped',
    line,
    session: file('universId: 1'),
    id: 'LX003',
    exit: 2,
    says: [
      'error: unknown key "universId" in CWD/.luauexecrc',
      '  the keys here are apiKey, universeId, placeId, placeVersion, timeout, waitTimeout, queueTimeout, cancellable, cancelPoll, live, target, targets',
      'hint: did you mean universeId?',
    ],
  },
  {
    does: 'an unknown key of a target',
    line,
    session: file('targets: { staging: { zzzzzz: 1 } }'),
    id: 'LX003',
    exit: 2,
    says: [
      'error: unknown key "zzzzzz" under targets.staging in CWD/.luauexecrc',
      '  the keys here are apiKey, universeId, placeId, placeVersion, timeout, waitTimeout, queueTimeout, cancellable, cancelPoll, live',
      'hint: take the key out',
    ],
  },
  {
    does: 'a base URL in the config file',
    line,
    session: file('baseUrl: https://example.com'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: baseUrl may not stand in a config file (CWD/.luauexecrc)',
      '  a config file is read from whatever directory you stand in, and must not send your API key elsewhere',
      'hint: use --base-url URL or the variable LUAU_EXEC_BASE_URL',
    ],
  },
  {
    does: 'a file of the key in the config file',
    line,
    session: file('apiKeyFile: key'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: apiKeyFile may not stand in a config file (CWD/.luauexecrc)',
      '  a config file is read from whatever directory you stand in, and must not choose which files are read as a key',
      'hint: use --api-key-file FILE',
    ],
  },
  {
    does: 'a list for an id',
    line,
    session: file('universeId: [1]'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: universeId in CWD/.luauexecrc is a list, not text or a number',
      'hint: write it as universeId: "…"',
    ],
  },
  {
    does: 'a truth for an id',
    line,
    session: file('universeId: true'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: universeId in CWD/.luauexecrc is true or false, not text or a number',
      'hint: write it as universeId: "…"',
    ],
  },
  {
    does: 'a date for an id',
    line,
    session: file('universeId: 2026-01-01'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: universeId in CWD/.luauexecrc is a date, not text or a number',
      'hint: write it as universeId: "…"',
    ],
  },
  {
    does: 'a mapping for an id',
    line,
    session: file('universeId: { a: 1 }'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: universeId in CWD/.luauexecrc is a mapping, not text or a number',
      'hint: write it as universeId: "…"',
    ],
  },
  {
    does: 'a text for the settings',
    line,
    session: file('hello'),
    id: 'LX011',
    exit: 2,
    says: ['error: CWD/.luauexecrc is text, not a mapping of settings', 'hint: write it as key: value lines'],
  },
  {
    does: 'a number for the targets',
    line,
    session: file('targets: 1'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: targets in CWD/.luauexecrc is a number, not a mapping of settings',
      'hint: write it as targets: { staging: { placeId: "…" } }',
    ],
  },
  {
    does: 'a target called local',
    line,
    session: file('targets: { local: { placeId: 1 } }'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: the target name "local" is built in and cannot be defined (targets in CWD/.luauexecrc)',
      'hint: give the target another name',
    ],
  },
  {
    does: 'a target with a bad name',
    line,
    session: file('targets: { "a b": { placeId: 1 } }'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: the target name "a b" holds more than letters, digits, dots, dashes and underscores (targets in CWD/.luauexecrc)',
      'hint: give the target another name',
    ],
  },
  {
    does: 'a target with a name that is too long',
    line,
    session: file(`targets: { ${'x'.repeat(65)}: { placeId: 1 } }`),
    id: 'LX011',
    exit: 2,
    says: [
      'error: the target name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" is longer than 64 characters (targets in CWD/.luauexecrc)',
      'hint: give the target another name',
    ],
  },
  {
    does: 'a target with an empty name',
    line,
    session: file('targets: { "": { placeId: 1 } }'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: the target name "" is empty (targets in CWD/.luauexecrc)',
      'hint: give the target another name',
    ],
  },
  {
    does: 'an id of the config file that is none',
    line,
    session: file('universeId: 12a'),
    id: 'LX005',
    exit: 2,
    says: [
      'error: universe id "12a" is not a number (from universeId in CWD/.luauexecrc)',
      'hint: copy the id from the Creator Dashboard',
    ],
  },
  {
    does: 'a variable that is not set',
    line,
    session: file(`universeId: ${variable('MY_UNIVERSE')}`),
    id: 'LX011',
    exit: 2,
    says: [
      'error: the environment variable MY_UNIVERSE is not set (needed by universeId in CWD/.luauexecrc)',
      'hint: give MY_UNIVERSE a value in the environment',
    ],
  },
  {
    does: 'a variable without a name',
    line,
    session: file(`universeId: ${variable('')}`),
    id: 'LX011',
    exit: 2,
    says: [
      `error: "${variable('')}" is not of the form ${variable('NAME')} (needed by universeId in CWD/.luauexecrc)`,
      'hint: put the name of one environment variable between the braces',
    ],
  },
];
