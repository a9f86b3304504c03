import { expect, it } from 'vitest';
import { LogStore } from '../../src/emulator/log-store.ts';

function keep(lengths: readonly number[]): number[] {
  const store = new LogStore();
  for (const length of lengths) store.push({ level: 'OUTPUT', message: 'x'.repeat(length), wallMs: 0 });
  return store
    .chunks(Number.POSITIVE_INFINITY)
    .flatMap((chunk) => chunk.map(({ message }) => message.length));
}

const CAPACITY = 460_800;

it.each<[string, number[], number[]]>([
  ['a message that just fits', [CAPACITY - 47], [CAPACITY - 47]],
  ['no message that is too long by itself', [CAPACITY - 46], []],
  ['two that just fit', [CAPACITY - 100, 6], [CAPACITY - 100, 6]],
  ['the newer of two that do not', [CAPACITY - 100, 7], [7]],
  ['only as much of the tail as fits', [200_000, 200_000, 200_000, 1], [200_000, 200_000, 1]],
])('keeps %s', (_name, lengths, kept) => {
  expect(keep(lengths)).toEqual(kept);
});

it('counts characters, not bytes', () => {
  const store = new LogStore();
  store.push({ level: 'OUTPUT', message: 'é'.repeat(CAPACITY - 47), wallMs: 0 });
  expect(store.chunks(1)[0]).toHaveLength(1);
});

it('keeps at most 9,804 empty messages', () => {
  expect(keep(Array.from({ length: 12_000 }, () => 0))).toHaveLength(9_804);
});

it('cuts chunks of the length asked for', () => {
  const store = new LogStore();
  for (let wallMs = 0; wallMs < 4; wallMs++) store.push({ level: 'INFO', message: '', wallMs });
  expect(store.chunks(2).map((chunk) => chunk.map(({ wallMs }) => wallMs))).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(new LogStore().chunks(2)).toEqual([[]]);
});
