import { expect } from 'vitest';

/** What `luau-exec run examples/NAME --local --json` comes to. */
export interface ExampleOutcome {
  /** Further arguments that the example asks for. */
  argv?: string[];
  exitCode: number;
  results: unknown;
  /** Null for a script that is not sent. */
  logs: LoggedMessage[] | LogSummary | null;
  error: ExampleError | null;
  /** Identifiers of the warnings. */
  warnings: string[];
}

export type LoggedMessage = [level: string, message: unknown];

/** For more messages than anybody would list: how many there are, and the two at the ends. */
export interface LogSummary {
  count: number;
  first: LoggedMessage;
  last: LoggedMessage;
}

interface ExampleError {
  id: string;
  code: string | null;
  message: string;
  file: string | null;
  line: number | null;
  traceback: { file: string; line: number; function: string | null }[];
}

const complete = (
  results: unknown[],
  logs: ExampleOutcome['logs'] = [],
  warnings: string[] = [],
): ExampleOutcome => ({ exitCode: 0, results, logs, error: null, warnings });

const failed = (
  error: Pick<ExampleError, 'id' | 'code' | 'message'> & Partial<ExampleError>,
  logs: LoggedMessage[] = [],
): ExampleOutcome => ({
  exitCode: 1,
  results: null,
  logs,
  error: { file: null, line: null, traceback: [], ...error },
  warnings: [],
});

const printed = (message: unknown): LoggedMessage => ['OUTPUT', message];
const warned = (message: string): LoggedMessage => ['WARNING', message];
const uncaught = (...lines: string[]): LoggedMessage => ['ERROR', lines.join('\n')];
/** On a busy machine a script's clock may be a tenth of a second ahead of what the script asked for. */
const timed = (what: string) => printed(expect.stringMatching(new RegExp(`^\\d+\\.\\d s {2}${what}$`)));

const RUNTIME_ERROR = 'examples/runtime-error.luau';
const PLAYERS = [
  {
    userId: 101,
    displayName: 'Ada',
    coins: 2500,
    inventory: { sword: 1, shield: 1, potion: 2 },
    version: 3,
  },
  { userId: 102, displayName: 'Grace', coins: 750, inventory: [], version: 3 },
  { userId: 105, displayName: 'Margaret', coins: 12_000, inventory: { rocket: 1, potion: 1 }, version: 3 },
];

/** Every file in `examples/`. */
export const EXAMPLE_OUTCOMES: Readonly<Record<string, ExampleOutcome>> = {
  'files/main.luau': {
    ...complete([3], [printed('18 bytes came')]),
    argv: ['--binary-input', 'examples/files/words.txt', '--binary-output', 'capitals.txt'],
  },
  'hello.luau': complete([42], [printed('Hello from Luau!')]),
  'infinite-loop.luau': {
    argv: ['--timeout', '1s'],
    ...failed(
      {
        id: 'LX102',
        code: 'DEADLINE_EXCEEDED',
        message: 'the script did not finish within 1 s and was stopped',
      },
      [printed('going round and round')],
    ),
  },
  'json.luau': complete(
    [
      {
        event: 'Winter',
        rewards: [
          { day: 1, coins: 100 },
          { day: 2, coins: 250 },
        ],
        totalCoins: 350,
        link: 'https://example.com/events?name=Winter%20%26%20Snow',
      },
    ],
    [
      printed(
        '{"event":"Winter","link":"https://example.com/events?name=Winter%20%26%20Snow",' +
          '"rewards":[{"coins":100,"day":1},{"coins":250,"day":2}],"totalCoins":350}',
      ),
    ],
  ),
  'large-result.luau': failed({
    id: 'LX103',
    code: 'OUTPUT_SIZE_LIMIT_EXCEEDED',
    message: 'the returned values are larger than 4 MB',
  }),
  'log-levels.luau': complete(
    ['still here'],
    [
      printed('an ordinary message, with several values: 1 true nil'),
      warned('a warning'),
      uncaught(
        'examples/log-levels.luau:5: an error that ends this thread only',
        'Stack Begin',
        "Script 'examples/log-levels.luau', Line 5",
        'Stack End',
      ),
      printed('one message\nof two lines'),
    ],
  ),
  'modules/main.luau': {
    argv: ['--arg', 'buyer=Ada'],
    ...complete([275], [printed('Ada pays 275 coins')]),
  },
  // 450 KiB at 47 bytes and the text for each message.
  'many-logs.luau': complete(
    ['printed them all'],
    {
      count: 6_582,
      first: printed('message 93419 of 100000'),
      last: printed('message 100000 of 100000'),
    },
    ['LX301'],
  ),
  'migrate-data-store.luau': complete(
    [{ migrated: 2, upToDate: 1, failed: 1 }],
    [
      warned('player_104: examples/migrate-data-store.luau:25: gold is not a number'),
      printed('migrated 2 records to version 2'),
    ],
  ),
  'migrate-players.luau': complete(
    [
      {
        migrated: 3,
        skipped: 2,
        coinsBefore: 15_250,
        coinsAfter: 15_250,
        problems: ['player 103 has -5 gold', 'player 104 has no name'],
      },
      PLAYERS,
    ],
    [
      warned('skipped player 103: has -5 gold'),
      warned('skipped player 104: has no name'),
      printed('migrated 3 of 5 records to version 3'),
    ],
  ),
  'nested-tables.luau': complete([
    {
      weapons: [
        { id: 1, tags: ['sword', 'rare'], stats: { damage: 12, weight: 3.5 } },
        { id: 2, tags: [], stats: { damage: 4, weight: 0.5 } },
      ],
      potions: [{ id: 9, tags: ['healing'], stats: { health: 50 } }],
    },
  ]),
  'nil-holes.luau': complete([1, null, 2, [1, null, 3], null]),
  'return-values.luau': complete([
    42,
    -0.5,
    2 ** 53,
    'text',
    true,
    null,
    ['a', 'list'],
    { name: 'an object', size: 2 },
    [],
    null,
  ]),
  'runtime-error.luau': failed(
    {
      id: 'LX101',
      code: 'SCRIPT_ERROR',
      message: `${RUNTIME_ERROR}:10: attempt to index nil with 'level'`,
      file: RUNTIME_ERROR,
      line: 10,
      traceback: [
        { file: RUNTIME_ERROR, line: 10, function: 'levelOf' },
        { file: RUNTIME_ERROR, line: 17, function: 'averageLevel' },
        { file: RUNTIME_ERROR, line: 22, function: null },
      ],
    },
    [
      printed('reading Ada'),
      printed('reading Grace'),
      uncaught(
        `${RUNTIME_ERROR}:10: attempt to index nil with 'level'`,
        'Stack Begin',
        `Script '${RUNTIME_ERROR}', Line 10 - function levelOf`,
        `Script '${RUNTIME_ERROR}', Line 17 - function averageLevel`,
        `Script '${RUNTIME_ERROR}', Line 22`,
        'Stack End',
      ),
    ],
  ),
  'syntax-error.luau': {
    exitCode: 2,
    results: null,
    // It is never sent.
    logs: null,
    error: {
      id: 'LX006',
      code: null,
      message:
        "examples/syntax-error.luau:3:13: syntax error: Expected identifier when parsing expression, got '='",
      file: 'examples/syntax-error.luau',
      line: 3,
      traceback: [],
    },
    warnings: [],
  },
  'task-library.luau': complete(
    [
      [
        'spawned: at once',
        'main: before the wait',
        'deferred: as soon as the main thread waits',
        'delayed: after 0.1 s',
        'spawned: after 0.2 s',
        'main: after the wait',
      ],
    ],
    [
      timed('spawned: at once'),
      timed('main: before the wait'),
      timed('deferred: as soon as the main thread waits'),
      timed('delayed: after 0.1 s'),
      timed('spawned: after 0.2 s'),
      timed('main: after the wait'),
    ],
  ),
  'unicode.luau': complete(
    [
      {
        Hello: { bytes: 5, characters: 5 },
        'Grüß Gott': { bytes: 11, characters: 9 },
        你好: { bytes: 6, characters: 2 },
        Привет: { bytes: 12, characters: 6 },
        '👋🌍': { bytes: 8, characters: 2 },
      },
    ],
    ['Hello', 'Grüß Gott', '你好', 'Привет', '👋🌍'].map(printed),
  ),
};
