import { describe, expect, test } from 'vitest';
import { measureWidth } from '../../src/output/display-width.ts';
import {
  formatTransfer,
  formatTransferActivity,
  formatTransferBeat,
  formatTransferEnd,
  formatTransferStart,
} from '../../src/output/format-transfer.ts';
import { createStyle, plainStyle } from '../../src/output/style.ts';
import type { Pace } from '../../src/output/transfer-rate.ts';
import type { TransferState } from '../../src/task/run-event.ts';

const MIB = 1024 * 1024;
const STATE: TransferState = {
  title: 'uploading game.rbxl',
  doneBytes: 45.25 * MIB,
  totalBytes: 100 * MIB,
  isDone: false,
};
const PACE: Pace = { bytesPerSecond: 12.3 * MIB, isStalled: false };

/** Text and suffix as they stand beside each other. */
function show(
  state: Partial<TransferState> = {},
  { pace = PACE, width = 77 }: { pace?: Pace; width?: number } = {},
): string {
  const { text, suffix } = formatTransfer({ ...STATE, ...state }, { pace, width, style: plainStyle });
  return suffix === '' ? text : `${text} ${suffix}`;
}

describe('a transfer', () => {
  test.each([
    [
      120,
      'uploading game.rbxl ━━━━━━━━━━━━━╾──────────────── 45.2 of 100 MiB, 12.3 MiB/s, 5 s left',
      'downloading out.bin 45.3 MiB, 12.3 MiB/s',
    ],
    [
      80,
      'uploading game.rbxl ━━━━━━━━╾────────── 45.2 of 100 MiB, 12.3 MiB/s, 5 s left',
      'downloading out.bin 45.3 MiB, 12.3 MiB/s',
    ],
    [
      69,
      'uploading game.rbxl ━━━╾──── 45.2 of 100 MiB, 12.3 MiB/s, 5 s left',
      'downloading out.bin 45.3 MiB, 12.3 MiB/s',
    ],
    [
      68,
      'uploading game.rbxl 45.2 of 100 MiB, 12.3 MiB/s, 5 s left',
      'downloading out.bin 45.3 MiB, 12.3 MiB/s',
    ],
    [59, 'uploading game.rbxl 45.2 of 100 MiB, 5 s left', 'downloading out.bin 45.3 MiB, 12.3 MiB/s'],
    [40, 'uploading game.rbxl 45%, 5 s left', 'downloading out.bin 45.3 MiB, 12.3 MiB/s'],
    [30, 'uploading game.rbxl 45%', 'downloading out.bin 45.3 MiB'],
    [20, 'uploading 45%', 'downloading 45.3 MiB'],
    [12, '45%', '45.3 MiB'],
    [3, '45%', '45…'],
    [0, '…', '…'],
  ])('in %d columns', (width, known, unknown) => {
    expect(show({}, { width })).toBe(known);
    expect(show({ title: 'downloading out.bin', totalBytes: null }, { width })).toBe(unknown);
  });

  test.each([
    'uploading game.rbxl',
    'downloading',
    `uploading ${'deep/'.repeat(10)}レシート 🏠.rbxl`,
    `${'y'.repeat(70)} x`,
  ])('never takes more room than there is: %s', (title) => {
    for (let width = 1; width <= 120; width++) {
      for (const totalBytes of [100 * MIB, 999, null]) {
        for (const doneBytes of [1, 99.96 * MIB]) {
          for (const bytesPerSecond of [0, 1e-9, 99.94 * 1024]) {
            const pace = { bytesPerSecond, isStalled: bytesPerSecond === 0 };
            const line = show({ title, doneBytes, totalBytes }, { pace, width });
            expect(measureWidth(line)).toBeLessThanOrEqual(width);
            expect(line).not.toMatch(/NaN|Infinity|undefined|null/);
          }
        }
      }
    }
  });

  test('keeps the end of a long name, and cuts it before the bar goes', () => {
    const title = 'uploading places/レシート/lobby-2024.rbxl';
    expect(show({ title })).toBe(
      'uploading …/lobby-2024.rbxl ━━━╾──── 45.2 of 100 MiB, 12.3 MiB/s, 5 s left',
    );
    expect(show({ title }, { width: 37 })).toBe('uploading …ート/lobby-2024.rbxl 45%');
  });

  test.each([
    [0, '────────'],
    [6, '────────'],
    [7, '╾───────'],
    [12.5, '━───────'],
    [99, '━━━━━━━╾'],
    [100, '━━━━━━━━'],
    [101, '━━━━━━━━'],
  ])('at %d of 100 bytes has the bar %s', (doneBytes, bar) => {
    const line = show({ title: 'up', doneBytes, totalBytes: 100 }, { width: 50 });
    expect(line.split(/[ ,]+/)[1]).toBe(bar);
  });

  test('keeps its place while the numbers grow', () => {
    const bars = new Set<string | undefined>();
    for (let done = 0; done < 100; done++) {
      const bytesPerSecond = done === 0 ? null : 1.1 ** (done * 2);
      const line = show({ doneBytes: done * MIB }, { pace: { bytesPerSecond, isStalled: false } });
      bars.add(String(line.match(/[━╾─]+/)?.[0].length));
    }
    expect([...bars]).toEqual(['16']);
  });

  test.each<[string, Pace, string]>([
    ['nothing is known yet', { bytesPerSecond: null, isStalled: false }, '45.2 of 100 MiB'],
    ['nothing has come yet', { bytesPerSecond: 0, isStalled: false }, '45.2 of 100 MiB, 0 B/s'],
    ['it has stalled', { bytesPerSecond: 0, isStalled: true }, '45.2 of 100 MiB, stalled'],
    [
      'less than a second is left',
      { bytesPerSecond: 800 * MIB, isStalled: false },
      '45.2 of 100 MiB, 800 MiB/s, 1 s left',
    ],
    [
      'it is the 59th second',
      { bytesPerSecond: (54.75 * MIB) / 58.5, isStalled: false },
      '45.2 of 100 MiB, 958 KiB/s, 59 s left',
    ],
    [
      'it is more than a minute',
      { bytesPerSecond: (54.75 * MIB) / 61, isStalled: false },
      '45.2 of 100 MiB, 919 KiB/s, 1 min left',
    ],
    [
      'it is nearly an hour',
      { bytesPerSecond: (54.75 * MIB) / 3569, isStalled: false },
      '45.2 of 100 MiB, 15.7 KiB/s, 59 min left',
    ],
    [
      'it is an hour',
      { bytesPerSecond: (54.75 * MIB) / 3571, isStalled: false },
      '45.2 of 100 MiB, 15.7 KiB/s, 1 h left',
    ],
    ['the end is out of sight', { bytesPerSecond: 100, isStalled: false }, '45.2 of 100 MiB, 100 B/s'],
  ])('says what it can where %s', (_name, pace, end) => {
    expect(show({}, { pace, width: 60 })).toBe(`uploading game.rbxl ${end}`);
  });

  test('that is all there is not slow', () => {
    const pace = { bytesPerSecond: 0, isStalled: true };
    expect(show({ doneBytes: 100 * MIB }, { pace, width: 60 })).toBe('uploading game.rbxl 100 of 100 MiB');
    expect(show({ doneBytes: 0, totalBytes: 0 }, { pace, width: 60 })).toBe('uploading game.rbxl 0 of 0 B');
  });

  test('of unknown size stalls too', () => {
    const pace = { bytesPerSecond: 0, isStalled: true };
    for (const width of [77, 37]) {
      expect(show({ totalBytes: null }, { pace, width })).toBe('uploading game.rbxl 45.3 MiB, stalled');
    }
    expect(show({ totalBytes: null }, { pace, width: 36 })).toBe('uploading game.rbxl 45.3 MiB');
  });

  test('says the same with colour', async () => {
    const style = await createStyle({ stream: { write: () => true }, env: {}, colorFlag: true });
    const { text, suffix } = formatTransfer(STATE, { pace: PACE, width: 77, style });
    expect(text).toBe('uploading game.rbxl \x1b[36m━━━━━━━\x1b[39m\x1b[2m─────────\x1b[22m 45.2 of 100 MiB,');
    expect(suffix).toBe('\x1b[2m12.3 MiB/s, 5 s left\x1b[22m');
  });
});

describe('in lines', () => {
  const UNKNOWN: TransferState = { ...STATE, title: 'downloading out.bin', totalBytes: null };

  test('has a beginning', () => {
    expect(formatTransferStart(STATE)).toBe('uploading game.rbxl (100 MiB)');
    expect(formatTransferStart(UNKNOWN)).toBe('downloading out.bin');
  });

  test('has a middle', () => {
    expect(formatTransferBeat(STATE)).toBe('uploading game.rbxl: 45.2 of 100 MiB');
    expect(formatTransferBeat(UNKNOWN)).toBe('downloading out.bin: 45.3 MiB');
  });

  test.each([
    [STATE, 8_200, 'uploaded game.rbxl (45.3 MiB in 8 s)'],
    [STATE, 412, 'uploaded game.rbxl (45.3 MiB in 0.4 s)'],
    [UNKNOWN, 125_000, 'downloaded out.bin (45.3 MiB in 2 min 05 s)'],
    [{ ...STATE, title: 'checking a b' }, 1_000, 'checking a b: done (45.3 MiB in 1 s)'],
  ])('has an end', (state, elapsedMs, line) => {
    expect(formatTransferEnd(state, elapsedMs)).toBe(line);
  });

  test('is a word or two in a row of a table', () => {
    expect(formatTransferActivity(STATE)).toBe('uploading 45%');
    expect(formatTransferActivity({ ...STATE, doneBytes: 29, totalBytes: 100 })).toBe('uploading 29%');
    expect(formatTransferActivity({ ...STATE, doneBytes: 0, totalBytes: 0 })).toBe('uploading 100%');
    expect(formatTransferActivity(UNKNOWN)).toBe('downloading 45.3 MiB');
  });
});
