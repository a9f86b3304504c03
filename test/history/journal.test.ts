import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal, type JournalCreated, type JournalIntent } from '../../src/history/journal.ts';
import { asNobody } from '../helpers/as-nobody.ts';
import { readPath, TASK_PATH } from '../open-cloud/answers.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'luau-exec-journal-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const open = (path: string | null = directory) => {
  const problems: string[] = [];
  return { journal: new Journal(path, (why) => problems.push(why)), problems };
};
const intent = (runId: string, script = `${runId}.luau`): JournalIntent => ({
  event: 'intent',
  runId,
  time: '2026-11-21T09:00:00.000Z',
  script,
  universeId: '11',
  placeId: '22',
  origin: 'https://apis.roblox.com',
});
const created = (runId: string, taskPath = TASK_PATH): JournalCreated => ({
  event: 'created',
  runId,
  time: '2026-11-21T09:00:01.000Z',
  taskPath,
});
const write = (text: string) => writeFileSync(join(directory, 'journal.jsonl'), text);
const file = () => join(directory, 'journal.jsonl');

test('runs come back, the newest first, with the path where there is one', () => {
  const { journal, problems } = open(join(directory, 'a', 'b'));
  journal.append(intent('one'));
  journal.append(created('one'));
  journal.append(intent('two'));
  expect(open(join(directory, 'a', 'b')).journal.readRuns()).toEqual([
    { runId: 'two', time: intent('').time, script: 'two.luau', origin: intent('').origin, path: null },
    { runId: 'one', time: intent('').time, script: 'one.luau', origin: intent('').origin, path: readPath() },
  ]);
  expect(problems).toEqual([]);
});

test('only the user may read it', () => {
  const { journal } = open(join(directory, 'state'));
  journal.append(intent('one'));
  expect(statSync(join(directory, 'state')).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'state', 'journal.jsonl')).mode & 0o777).toBe(0o600);
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
  ['a created without its intent', `${JSON.stringify(created('lost'))}\n${good}`, ['good']],
  ['a line that was cut off', `${good}{"event":"intent","runId":"cu`, ['good']],
  ['a BOM', `\uFEFF${good}`, []],
  ['CRLF', good.replaceAll('\n', '\r\n'), ['good']],
  ['hostile keys', `{"__proto__":{"event":"intent","runId":"p"}}\n${good}`, ['good']],
])('a journal with %s is read as far as it goes', (_name, text, runIds) => {
  write(text);
  expect(
    open()
      .journal.readRuns()
      .map(({ runId }) => runId),
  ).toEqual(runIds);
});

test('a path that is none counts as not known', () => {
  write(`${JSON.stringify(intent('one'))}\n${JSON.stringify(created('one', '../../v1/x'))}\n`);
  expect(open().journal.readRuns()).toMatchObject([{ runId: 'one', path: null }]);
});

test('a line that was cut off does not take the next one with it', () => {
  write(`${good}{"event":"intent","runId":"cu`);
  const { journal } = open();
  journal.append(intent('next'));
  expect(journal.readRuns().map(({ runId }) => runId)).toEqual(['next', 'good']);
});

test('many processes write at once and no line is lost', async () => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../../src/history/journal.ts', import.meta.url)),
    platform: 'node',
  });
  await bundle.write({ dir: join(directory, 'built'), entryFileNames: 'journal.mjs' });
  await bundle.close();
  const script = `
    import { Journal } from './built/journal.mjs';
    const journal = new Journal('.', (why) => { throw new Error(why); });
    for (let index = 0; index < 200; index++) {
      journal.append({ event: 'intent', runId: process.pid + '-' + index, script: 'x'.repeat(3000) });
    }`;
  const writers = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: directory, stdio: 'ignore' }),
  );
  await Promise.all(writers.map((writer) => once(writer, 'exit')));
  const runs = open().journal.readRuns();
  expect(new Set(runs.map(({ runId }) => runId)).size).toBe(800);
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
    'a directory where the file should be',
    () => {
      mkdirSync(file());
      return directory;
    },
    /EISDIR/,
  ],
])('with %s nothing is remembered, which is told once', (_name, prepare, why) => {
  const { journal, problems } = open(prepare());
  journal.append(intent('one'));
  journal.append(created('one'));
  expect(journal.readRuns()).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(why)]);
});

test('a directory that may not be written to is told once', async () => {
  chmodSync(directory, 0o555);
  const { journal, problems } = open();
  await asNobody(() => {
    journal.append(intent('one'));
    journal.append(created('one'));
  });
  expect(problems).toEqual([expect.stringContaining('EACCES')]);
  chmodSync(directory, 0o700);
});
