import { describe, expect, test } from 'vitest';
import type { JournalLine } from '../../src/history/journal-line.ts';
import { collectRuns } from '../../src/history/journal-run.ts';
import { readPath } from '../open-cloud/answers.ts';
import { created, facts, intent, SENT, seen } from './journal-lines.ts';

const SENT_MS = Date.parse(SENT);
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** `lines` in the order of writing, dated as they say. */
function collect(lines: JournalLine[], nowMs = SENT_MS + 60 * SECOND_MS) {
  const dated = lines.map((line) => ({ line, atMs: Date.parse(line.time) }));
  return [...collectRuns(dated.reverse(), nowMs)];
}
const ids = (...given: Parameters<typeof collect>) => collect(...given).map((run) => run.facts.runId);
const afterMs = (ms: number) => new Date(SENT_MS + ms).toISOString();

test('the last state of each, the newest first', () => {
  const lines = [intent('one', { target: 'staging' }), created('one'), intent('two'), seen('one')];
  expect(collect(lines)).toEqual([
    { facts: intent('two'), sentMs: SENT_MS, createdMs: null, path: null, seen: null },
    {
      facts: intent('one', { target: 'staging' }),
      sentMs: SENT_MS,
      createdMs: SENT_MS + SECOND_MS,
      path: readPath(),
      seen: { state: 'COMPLETE', isFinished: true, code: null, atMs: SENT_MS + 2 * SECOND_MS },
    },
  ]);
});

test('the answer to the create tells a state too', () => {
  expect(collect([intent('one'), created('one')])).toMatchObject([
    { seen: { state: 'PROCESSING', isFinished: false, atMs: SENT_MS + SECOND_MS } },
  ]);
  expect(collect([intent('one'), created('one', { state: null })])).toMatchObject([{ seen: null }]);
});

test('what has finished stays so, although another process says later what it saw before', () => {
  const late = seen('one', { state: 'PROCESSING', isFinished: false, time: afterMs(3 * SECOND_MS) });
  const failed = seen('one', { state: 'FAILED', code: 'SCRIPT_ERROR' });
  expect(collect([intent('one'), created('one'), failed, late])).toMatchObject([
    { seen: { state: 'FAILED', code: 'SCRIPT_ERROR' } },
  ]);
});

test('the last of several unfinished states counts', () => {
  const queued = seen('one', { state: 'QUEUED', isFinished: false });
  const processing = seen('one', { state: 'PROCESSING', isFinished: false, time: afterMs(9_000) });
  expect(collect([intent('one'), created('one'), queued, processing])).toMatchObject([
    { seen: { state: 'PROCESSING', atMs: SENT_MS + 9_000 } },
  ]);
});

test('a run that made no task is passed over', () => {
  const none: JournalLine = { event: 'not_created', runId: 'one', time: SENT };
  expect(ids([intent('one'), intent('two'), none])).toEqual(['two']);
  expect(ids([none])).toEqual([]);
});

test('runs whose intents are gone come last, by the time they were sent', () => {
  const lines = [
    seen('later', { sentTime: afterMs(-2 * SECOND_MS) }),
    created('former version', { origin: '' }),
    created('earlier', { sentTime: afterMs(-3 * SECOND_MS) }),
    created('without a time', { sentTime: '' }),
    intent('new'),
  ];
  expect(ids(lines)).toEqual(['new', 'later', 'earlier']);
});

test('a path that is none counts as not known', () => {
  expect(collect([intent('one'), created('one', { taskPath: '../../v1/x' })])).toMatchObject([
    { path: null },
  ]);
});

test('no more lines are read than the runs that are asked for need', () => {
  let count = 0;
  function* read() {
    for (const line of [created('two'), intent('two'), seen('one'), intent('one')]) {
      count++;
      yield { line, atMs: SENT_MS };
    }
  }
  const { value } = collectRuns(read(), SENT_MS).next();
  expect({ runId: value?.facts.runId, count }).toEqual({ runId: 'two', count: 2 });
});

describe('a run is remembered for 24 h after its task can have finished at the latest', () => {
  const soon = { sentTime: SENT, timeoutSeconds: 60 };
  const unfinished = { state: 'PROCESSING', isFinished: false };
  test.each<[what: string, lines: JournalLine[], endMs: number]>([
    ['never answered', [intent('a', soon)], 105_000],
    ['created', [intent('a', soon), created('a', { time: afterMs(10_000) })], 115_000],
    ['with a time-out that is not known', [intent('a', { timeoutSeconds: null })], 345_000],
    ['seen to have finished', [intent('a', soon), created('a'), seen('a', { time: afterMs(5_000) })], 5_000],
    [
      'seen to have finished hours later',
      [intent('a', soon), created('a'), seen('a', { time: afterMs(9_000_000) })],
      106_000,
    ],
    ['seen unfinished', [intent('a', soon), created('a'), seen('a', { ...unfinished })], 106_000],
    [
      'seen unfinished hours later, as one that cannot load',
      [intent('a', soon), created('a'), seen('a', { ...unfinished, time: afterMs(9_000_000) })],
      9_000_000,
    ],
    ['known by its state alone', [seen('a', { ...facts('a', soon), ...unfinished })], 105_000],
  ])('%s', (_what, lines, endMs) => {
    expect(ids(lines, SENT_MS + endMs + DAY_MS - 1)).toEqual(['a']);
    expect(ids(lines, SENT_MS + endMs + DAY_MS)).toEqual([]);
  });
});
