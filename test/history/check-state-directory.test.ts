import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeStateProblem } from '../../src/history/check-state-directory.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'luau-exec-test-'));
  writeFileSync(join(directory, 'file'), '');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test.each<[name: string, expected: string | null]>([
  ['', null],
  ['not/there/yet', null],
  ['file', 'file is not a directory'],
  ['file/below', 'file is not a directory'],
])('%j', (name, expected) => {
  const problem = describeStateProblem(join(directory, name));
  expect(problem).toBe(expected === null ? null : join(directory, expected));
});

test('no directory at all', () => {
  expect(describeStateProblem(null)).toBe('the system names no home directory');
});

test('looking leaves nothing behind', () => {
  describeStateProblem(join(directory, 'new'));
  rmSync(join(directory, 'file'));
  expect(() => rmSync(join(directory, 'new'))).toThrow(/ENOENT/);
});
