import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from '../../src/history/journal.ts';
import { asNobody } from '../helpers/as-nobody.ts';
import { listJournalFiles } from '../helpers/journal-files.ts';
import { readPath } from '../open-cloud/answers.ts';
import { created, intent, ORIGIN, SENT, seen } from './journal-lines.ts';

const HOUR_MS = 3_600_000;

let directory = '';
let nowMs = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'luau-exec-journal-'));
  nowMs = Date.parse(SENT) + 5_000;
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const open = (path: string | null = directory) => {
  const problems: string[] = [];
  const journal = new Journal({
    directory: path,
    wallNow: () => nowMs,
    onProblem: (why) => problems.push(why),
  });
  return { journal, problems, readIds: () => [...journal.readRuns(null)].map(({ facts }) => facts.runId) };
};
const FIRST = 'journal-000001-2026-11-21T09.jsonl';
const write = (text: string, name = FIRST) => writeFileSync(join(directory, name), text);
const timeIn = (ms: number) => new Date(nowMs + ms).toISOString();

test('runs come back, the newest first, with the path and the state where they are known', () => {
  const { journal, problems } = open(join(directory, 'a', 'b'));
  journal.append(intent('one', { target: 'staging' }));
  journal.append(created('one'));
  journal.append(intent('two'));
  journal.append(seen('one', { state: 'FAILED', code: 'SCRIPT_ERROR' }));
  expect([...open(join(directory, 'a', 'b')).journal.readRuns(null)]).toMatchObject([
    { facts: { runId: 'two', script: 'two.luau', origin: ORIGIN }, path: null, seen: null },
    {
      facts: { runId: 'one', target: 'staging', timeoutSeconds: 300 },
      path: readPath(),
      seen: { state: 'FAILED', code: 'SCRIPT_ERROR', isFinished: true },
    },
  ]);
  expect(problems).toEqual([]);
});

test('runs of one API', () => {
  const { journal } = open();
  journal.append(intent('one'));
  journal.append(intent('two', { origin: 'http://127.0.0.1:8787' }));
  expect([...journal.readRuns(ORIGIN)]).toMatchObject([{ facts: { runId: 'one' } }]);
});

test('only the user may read it', () => {
  const { journal } = open(join(directory, 'state'));
  journal.append(intent('one'));
  expect(statSync(join(directory, 'state')).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'state', FIRST)).mode & 0o777).toBe(0o600);
});

const good = `${JSON.stringify(intent('good'))}\n${JSON.stringify(created('good'))}\n`;
test.each([
  ['empty', '', []],
  ['text', 'hello\n', []],
  ['binary', '\u0000\u0001\uFFFD\n', []],
  ['other JSON', '1\nnull\n[]\n"x"\n{}\n', []],
  ['an event of a later version', `{"event":"new","runId":"x"}\n${good}`, ['good']],
  [
    'no run id',
    `{"event":"intent","runId":""}\n{"event":"intent"}\n{"event":"intent","runId":3}\n${good}`,
    ['good'],
  ],
  [
    'a created without its intent, which says all itself',
    `${JSON.stringify(created('lost'))}\n${good}`,
    ['good', 'lost'],
  ],
  ['a line that was cut off', `${good}{"event":"intent","runId":"cu`, ['good']],
  ['a BOM', `\uFEFF${good.split('\n')[0]}\n${JSON.stringify(intent('next'))}\n`, ['next']],
  ['CRLF', good.replaceAll('\n', '\r\n'), ['good']],
  ['hostile keys', `{"__proto__":{"event":"intent","runId":"p"}}\n${good}`, ['good']],
])('a journal with %s is read as far as it goes', (_name, text, runIds) => {
  write(text);
  expect(open().readIds()).toEqual(runIds);
});

test('a line that was cut off does not take the next one with it', () => {
  write(`${good}{"event":"intent","runId":"cu`);
  const { journal, readIds } = open();
  journal.append(intent('next'));
  expect(readIds()).toEqual(['next', 'good']);
});

describe('segments', () => {
  test('each hour has its own, in the order of writing', () => {
    const { journal, readIds } = open();
    for (const runId of ['one', 'two', 'three']) {
      journal.append(intent(runId, { sentTime: timeIn(0) }));
      nowMs += HOUR_MS / 2;
    }
    expect(listJournalFiles(directory)).toEqual([FIRST, 'journal-000002-2026-11-21T10.jsonl']);
    expect(readIds()).toEqual(['three', 'two', 'one']);
  });

  test('a clock that goes back does not change the order', () => {
    const { journal, readIds } = open();
    journal.append(intent('one', { sentTime: timeIn(0) }));
    nowMs -= 3 * HOUR_MS;
    journal.append(intent('two', { sentTime: timeIn(0) }));
    nowMs += 365 * 24 * HOUR_MS;
    // What was before counts as a year old.
    expect(readIds()).toEqual([]);
    journal.append(intent('three', { sentTime: timeIn(0) }));
    expect(readIds()).toEqual(['three']);
    nowMs -= 365 * 24 * HOUR_MS;
    journal.append(intent('four', { sentTime: timeIn(0) }));
    expect(readIds()).toEqual(['four', 'three']);
    // What a wrong clock has written is forgotten as the rest is.
    nowMs += 27 * HOUR_MS;
    journal.append(intent('five', { sentTime: timeIn(0) }));
    expect(readIds()).toEqual(['five']);
    expect(listJournalFiles(directory)).toHaveLength(1);
  });

  test('one in which nothing can matter is deleted when another is begun', () => {
    const { journal, readIds } = open();
    journal.append(intent('one', { sentTime: timeIn(0) }));
    nowMs += 25 * HOUR_MS;
    journal.append(intent('two', { sentTime: timeIn(0) }));
    expect(listJournalFiles(directory)).toHaveLength(2);
    expect(readIds()).toEqual(['two']);
    nowMs += HOUR_MS;
    journal.append(intent('three', { sentTime: timeIn(0) }));
    expect(listJournalFiles(directory)).toEqual([
      'journal-000002-2026-11-22T10.jsonl',
      'journal-000003-2026-11-22T11.jsonl',
    ]);
  });

  test('a task that goes on for longer than its first segment is still known', () => {
    const { journal } = open();
    journal.append(intent('one', { sentTime: SENT }));
    journal.append(created('one'));
    nowMs += 20 * HOUR_MS;
    journal.append(seen('one', { state: 'PROCESSING', isFinished: false, time: timeIn(0) }));
    nowMs += 20 * HOUR_MS;
    journal.append(intent('two', { sentTime: timeIn(0) }));
    expect(listJournalFiles(directory)).not.toContain(FIRST);
    expect([...journal.readRuns(null)]).toMatchObject([
      { facts: { runId: 'two' } },
      { facts: { runId: 'one', script: 'one.luau' }, path: readPath(), seen: { state: 'PROCESSING' } },
    ]);
  });

  test('other files are left alone, and what has the name of an old segment but is none harms nobody', () => {
    write('{}', 'notes.txt');
    write('', 'journal-000001-2020-01-01T00.jsonl.bak');
    mkdirSync(join(directory, 'journal-000001-2020-01-01T00.jsonl'));
    const { journal, problems, readIds } = open();
    journal.append(intent('one', { sentTime: timeIn(0) }));
    expect(readIds()).toEqual(['one']);
    expect(problems).toEqual([]);
    expect(readdirSync(directory)).toHaveLength(4);
  });
});

describe('the one file of earlier versions', () => {
  // As 0.1.0 wrote it.
  const former = [
    {
      event: 'intent',
      runId: 'old',
      time: SENT,
      script: 'a.luau',
      universeId: '11',
      placeId: '22',
      origin: ORIGIN,
    },
    { event: 'created', runId: 'old', time: SENT, taskPath: created('').taskPath },
  ];
  const text = former.map((line) => `\n${JSON.stringify(line)}\n`).join('');
  const setAge = (hours: number) =>
    utimesSync(join(directory, 'journal.jsonl'), nowMs / 1000, nowMs / 1000 - hours * 3600);

  test('is read, behind what was written since', () => {
    write(text, 'journal.jsonl');
    setAge(1);
    const { journal } = open();
    journal.append(intent('new'));
    expect([...journal.readRuns(null)]).toMatchObject([
      { facts: { runId: 'new' } },
      { facts: { runId: 'old', script: 'a.luau', timeoutSeconds: null }, path: readPath(), seen: null },
    ]);
  });

  test.each([
    [25, true],
    [26.5, false],
    [-50, true],
  ])('last written %s hours ago: still there %s', (hours, isThere) => {
    write(text, 'journal.jsonl');
    setAge(hours);
    open().journal.append(intent('new'));
    expect(readdirSync(directory).includes('journal.jsonl')).toBe(isThere);
  });
});

test.each<[name: string, prepare: () => string | null, why: RegExp]>([
  ['no home', () => null, /no home directory/],
  [
    'a file where the directory should be',
    () => {
      writeFileSync(join(directory, 'file'), '');
      return join(directory, 'file');
    },
    /EEXIST|ENOTDIR/,
  ],
  [
    'a directory where the segment should be',
    () => {
      mkdirSync(join(directory, FIRST));
      return directory;
    },
    /EISDIR/,
  ],
])('with %s nothing is remembered, which is told once', (_name, prepare, why) => {
  const { journal, problems } = open(prepare());
  journal.append(intent('one'));
  journal.append(created('one'));
  expect([...journal.readRuns(null)]).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(why)]);
});

describe('a directory that may only be read', () => {
  afterEach(() => chmodSync(directory, 0o700));

  test('is told once, and what is in it stays known', async () => {
    open().journal.append(intent('before'));
    chmodSync(join(directory, FIRST), 0o444);
    chmodSync(directory, 0o555);
    const { journal, problems, readIds } = open();
    await asNobody(() => {
      journal.append(intent('one'));
      journal.append(created('one'));
      expect(readIds()).toEqual(['before']);
    });
    expect(problems).toEqual([expect.stringContaining('EACCES')]);
  });

  test('does not keep a line from being added because old files cannot go', async () => {
    write('', 'journal-000001-2020-01-01T00.jsonl');
    write('');
    chmodSync(directory, 0o777);
    const { journal, problems, readIds } = open();
    // In a sticky directory a user may delete nothing of another's.
    chmodSync(directory, 0o1777);
    await asNobody(() => {
      nowMs += HOUR_MS;
      journal.append(intent('one', { sentTime: timeIn(0) }));
      expect(readIds()).toEqual(['one']);
    });
    expect(problems).toEqual([]);
    expect(listJournalFiles(directory)).toHaveLength(3);
  });

  test('one that may not be read is a problem, and one that is not there is none', async () => {
    chmodSync(directory, 0o000);
    const { problems, readIds } = open();
    await asNobody(() => expect(readIds()).toEqual([]));
    expect(problems).toEqual([expect.stringContaining('EACCES')]);
    chmodSync(directory, 0o700);
    const absent = open(join(directory, 'absent'));
    expect(absent.readIds()).toEqual([]);
    expect(absent.problems).toEqual([]);
  });
});

test('of 100,000 lines, only those are read that the answer needs', () => {
  const pad = 'x'.repeat(200);
  for (let hour = 0; hour < 20; hour++) {
    const lines = Array.from({ length: 5_000 }, (_, index) =>
      JSON.stringify(intent(`${hour}-${index}`, { script: pad, sentTime: timeIn(0) })),
    );
    write(lines.join('\n'), `journal-0000${hour + 10}-${timeIn(0).slice(0, 13)}.jsonl`);
    nowMs += HOUR_MS;
  }
  const { journal, readIds } = open();
  const measure = (work: () => void) => {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
  };
  const firstMs = measure(() => expect(journal.readRuns(null).next().value?.facts.runId).toBe('19-4999'));
  const allMs = measure(() => expect(readIds()).toHaveLength(100_000));
  // A twentieth of the lines.
  expect(firstMs).toBeLessThan(allMs / 2);
});
