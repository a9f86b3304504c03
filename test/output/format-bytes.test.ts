import { describe, expect, test } from 'vitest';
import { formatBytes, formatPart } from '../../src/output/format-bytes.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [999.4, '999 B'],
    [999.5, '1.0 KiB'],
    [1000, '1.0 KiB'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [99.9 * KIB, '99.9 KiB'],
    [99.95 * KIB, '100 KiB'],
    [999.4 * KIB, '999 KiB'],
    [999.5 * KIB, '1.0 MiB'],
    [1023 * KIB, '1.0 MiB'],
    [45.2 * MIB, '45.2 MiB'],
    [100 * MIB, '100 MiB'],
    [2.5 * GIB, '2.5 GiB'],
    [1000 * GIB, '1.0 TiB'],
    [5000 * 1024 * GIB, '5000 TiB'],
  ])('%d -> %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatPart', () => {
  test.each([
    ['nothing yet', 0, 100 * MIB, '0.0 of 100 MiB'],
    ['nothing of nothing', 0, 0, '0 of 0 B'],
    ['a part in the unit of the whole', 512 * KIB, 100 * MIB, '0.5 of 100 MiB'],
    ['a part', 45.2 * MIB, 100 * MIB, '45.2 of 100 MiB'],
    ['bytes', 12, 999, '12 of 999 B'],
    ['nearly all, in tenths', 99.99 * MIB, 100 * MIB, '99.9 of 100 MiB'],
    ['nearly all, in whole numbers', 149.9 * MIB, 150 * MIB, '149 of 150 MiB'],
    ['all', 100 * MIB, 100 * MIB, '100 of 100 MiB'],
    ['all of what is rounded up', 45.27 * MIB, 45.27 * MIB, '45.3 of 45.3 MiB'],
    ['more than there should be', 101.6 * MIB, 100 * MIB, '102 of 100 MiB'],
  ])('%s', (_name, doneBytes, totalBytes, text) => {
    expect(formatPart(doneBytes, totalBytes)).toBe(text);
  });
});
