import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LiveRelay } from '../../src/history/live-relay.ts';

const START = Date.parse('2026-11-21T09:00:00Z');
let directory: string;
let nowMs: number;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'luau-exec-relay-')), 'state');
  nowMs = START;
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const open = (runId = 'abc-1', given: string | null = directory) =>
  new LiveRelay({
    directory: given,
    runId,
    wallNow: () => nowMs,
    redact: (text) => text.replaceAll('secret', '***'),
  });
const path = () => join(directory, 'live-abc-1.jsonl');

describe('the readers of a run', () => {
  test('are one who takes, and others who are told', () => {
    const [first, second, third] = [open(), open(), open()];
    expect([first.claim(), second.claim()]).toEqual([true, false]);
    first.add([1, ['a', 0, 5]]);
    expect([second.claim(), second.takeNew()]).toEqual([false, [[1, ['a', 0, 5]]]]);
    first.add([2, ['b', 0, 5]]);
    expect([second.claim(), second.takeNew()]).toEqual([false, [[2, ['b', 0, 5]]]]);
    // One that comes late has all of it.
    expect([third.claim(), third.takeNew()]).toEqual([
      false,
      [
        [1, ['a', 0, 5]],
        [2, ['b', 0, 5]],
      ],
    ]);
    expect([first.claim(), first.takeNew()]).toEqual([true, []]);
  });

  test('of another run are none of theirs', () => {
    expect([open().claim(), open('other-2').claim()]).toEqual([true, true]);
  });

  test('go on when the first ends', () => {
    const [first, second] = [open(), open()];
    first.claim();
    first.add([1, 0]);
    second.claim();
    first.release();
    expect(existsSync(path())).toBe(false);
    expect([second.claim(), second.takeNew()]).toEqual([true, [[1, 0]]]);
    second.add([2, 0]);
    second.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('go on when the first is gone without a word', () => {
    const [first, second, third] = [open(), open(), open()];
    first.claim();
    second.claim();
    nowMs += 4_900;
    expect(second.claim()).toBe(false);
    nowMs += 200;
    expect([second.claim(), third.claim()]).toEqual([true, false]);
    // The first was only asleep.
    expect(first.claim()).toBe(false);
    first.release();
    expect(existsSync(path())).toBe(true);
  });

  test('are one also where several ask in the same moment', () => {
    const relays = Array.from({ length: 5 }, () => open());
    const first = relays.map((relay) => relay.claim());
    expect(first.filter(Boolean)).toHaveLength(1);
    const again = relays.map((relay) => relay.claim());
    expect(again).toEqual(first);
  });
});

describe('the file', () => {
  test('is for nobody else to read, and has no key in it', () => {
    const relay = open();
    relay.claim();
    relay.add([1, ['a secret', 0, 5]]);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readFileSync(path(), 'utf8')).not.toContain('secret');
  });

  test('of a process that was killed is taken away by a later one', () => {
    open().claim();
    const old = join(directory, 'live-old-1.jsonl');
    const kept = join(directory, 'journal-000001-2026-11-21T08.jsonl');
    for (const name of [old, kept]) {
      writeFileSync(name, '');
      utimesSync(name, START / 1000 - 4_000, START / 1000 - 4_000);
    }
    open('new-2').claim();
    expect([existsSync(old), existsSync(kept), existsSync(path())]).toEqual([false, true, true]);
  });

  test('is read line by line, whatever stands in it', () => {
    const [first, second] = [open(), open()];
    first.claim();
    writeFileSync(path(), 'null\n5\n{"by":"x"}\n{"by":"x","batch":[7,0]}\n{"by":"x","bat', { flag: 'a' });
    utimesSync(path(), nowMs / 1000, nowMs / 1000);
    expect([second.claim(), second.takeNew()]).toEqual([false, [[7, 0]]]);
  });

  test('that cannot be used leaves everybody alone', () => {
    writeFileSync(join(directory, '..', 'file'), '');
    const relays = [open('a-1', join(directory, '..', 'file', 'x')), open('a-1', null)];
    for (const relay of relays) {
      expect([relay.claim(), relay.takeNew()]).toEqual([true, []]);
      relay.add([1, 0]);
      relay.release();
    }
  });
});
