import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createDataStoreMethods } from '../../../src/emulator/data-stores/data-store-methods.ts';
import { EntriesInMemory } from '../../../src/emulator/data-stores/entries-in-memory.ts';
import { createEngineCalls } from '../../../src/emulator/engine-calls.ts';
import type { ClosableLuauRunner, LuauJob } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { runScript, scriptError } from '../../helpers/run-script.ts';

const directory = new URL('../../../examples/', import.meta.url);

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 64 });
});
afterAll(() => runLuau.close());

const complete = (...results: unknown[]) => ({ kind: 'complete', results });

interface Example {
  result: unknown;
  /** The first messages; all of them where `logCount` is not given. */
  logs: string[];
  logCount?: number;
  job?: Partial<LuauJob>;
}

const EXAMPLES: Record<string, Example> = {
  'hello.luau': { result: complete(42), logs: ['Hello from Luau!'] },
  'return-values.luau': {
    result: complete(
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
    ),
    logs: [],
  },
  'nil-holes.luau': { result: complete(1, null, 2, [1, null, 3], null), logs: [] },
  'nested-tables.luau': {
    result: complete({
      weapons: [
        { id: 1, tags: ['sword', 'rare'], stats: { damage: 12, weight: 3.5 } },
        { id: 2, tags: [], stats: { damage: 4, weight: 0.5 } },
      ],
      potions: [{ id: 9, tags: ['healing'], stats: { health: 50 } }],
    }),
    logs: [],
  },
  'unicode.luau': {
    result: complete({
      Hello: { bytes: 5, characters: 5 },
      'Grüß Gott': { bytes: 11, characters: 9 },
      你好: { bytes: 6, characters: 2 },
      Привет: { bytes: 12, characters: 6 },
      '👋🌍': { bytes: 8, characters: 2 },
    }),
    logs: ['Hello', 'Grüß Gott', '你好', 'Привет', '👋🌍'],
  },
  'log-levels.luau': {
    result: complete('still here'),
    logs: [
      'an ordinary message, with several values: 1 true nil',
      'a warning',
      "TaskScript:5: an error that ends this thread only\nStack Begin\nScript 'TaskScript', Line 5\nStack End",
      'one message\nof two lines',
    ],
  },
  'task-library.luau': {
    result: complete([
      'spawned: at once',
      'main: before the wait',
      'deferred: as soon as the main thread waits',
      'delayed: after 0.1 s',
      'spawned: after 0.2 s',
      'main: after the wait',
    ]),
    logs: ['0.0 s  spawned: at once'],
    logCount: 6,
  },
  'runtime-error.luau': {
    result: scriptError("TaskScript:10: attempt to index nil with 'level'"),
    logs: [
      'reading Ada',
      'reading Grace',
      [
        "TaskScript:10: attempt to index nil with 'level'",
        'Stack Begin',
        "Script 'TaskScript', Line 10 - function levelOf",
        "Script 'TaskScript', Line 17 - function averageLevel",
        "Script 'TaskScript', Line 22",
        'Stack End',
      ].join('\n'),
    ],
  },
  'syntax-error.luau': {
    result: scriptError("TaskScript:3: Expected identifier when parsing expression, got '='"),
    logs: ["TaskScript:3: Expected identifier when parsing expression, got '='"],
  },
  'infinite-loop.luau': {
    result: { kind: 'failed', code: 'DEADLINE_EXCEEDED', message: 'the script did not finish within 0.1 s' },
    logs: ['going round and round'],
    job: { timeoutMs: 100 },
  },
  'many-logs.luau': {
    result: complete('printed them all'),
    logs: ['message 1 of 100000', 'message 2 of 100000'],
    logCount: 100_000,
  },
  'large-result.luau': {
    result: {
      kind: 'failed',
      code: 'OUTPUT_SIZE_LIMIT_EXCEEDED',
      message:
        'Return results too large. Please reduce return result length to 4194304. Current size: 5000004',
    },
    logs: [],
  },
  'json.luau': {
    result: complete({
      event: 'Winter',
      rewards: [
        { day: 1, coins: 100 },
        { day: 2, coins: 250 },
      ],
      totalCoins: 350,
      link: 'https://example.com/events?name=Winter%20%26%20Snow',
    }),
    logs: [],
    logCount: 1,
  },
  'migrate-data-store.luau': {
    result: complete({ migrated: 2, upToDate: 1, failed: 1 }),
    logs: ['player_104: TaskScript:25: gold is not a number', 'migrated 2 records to version 2'],
    job: { engine: createEngineCalls(createDataStoreMethods(new EntriesInMemory(), systemClock), '11') },
  },
  'migrate-players.luau': {
    result: complete(
      {
        migrated: 3,
        skipped: 2,
        coinsBefore: 15_250,
        coinsAfter: 15_250,
        problems: ['player 103 has -5 gold', 'player 104 has no name'],
      },
      [
        {
          userId: 101,
          displayName: 'Ada',
          coins: 2500,
          inventory: { sword: 1, shield: 1, potion: 2 },
          version: 3,
        },
        { userId: 102, displayName: 'Grace', coins: 750, inventory: [], version: 3 },
        {
          userId: 105,
          displayName: 'Margaret',
          coins: 12_000,
          inventory: { rocket: 1, potion: 1 },
          version: 3,
        },
      ],
    ),
    logs: [
      'skipped player 103: has -5 gold',
      'skipped player 104: has no name',
      'migrated 3 of 5 records to version 3',
    ],
  },
};

test('every example is in the table', () => {
  const files = readdirSync(directory).filter((name) => name.endsWith('.luau'));
  expect(Object.keys(EXAMPLES).sort()).toEqual(files.sort());
});

test.each(Object.entries(EXAMPLES))('%s', async (name, example) => {
  const script = readFileSync(new URL(name, directory), 'utf8');
  const { result, logs } = await runScript(runLuau, script, example.job);
  expect(result).toEqual(example.result);
  expect(logs.slice(0, example.logs.length).map((entry) => entry.message)).toEqual(example.logs);
  expect(logs.length).toBe(example.logCount ?? example.logs.length);
});
