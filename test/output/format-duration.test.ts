import { expect, test } from 'vitest';
import { formatDuration, formatSeconds } from '../../src/output/format-duration.ts';

test.each([
  [-5, '0.0 s', '0 s'],
  [0, '0.0 s', '0 s'],
  [412, '0.4 s', '0 s'],
  [3180, '3.2 s', '3 s'],
  [59_949, '59.9 s', '1 min 00 s'],
  [59_960, '1 min 00 s', '1 min 00 s'],
  [125_000, '2 min 05 s', '2 min 05 s'],
  [3_600_000, '60 min 00 s', '60 min 00 s'],
])('%d ms', (ms, duration, seconds) => {
  expect([formatDuration(ms), formatSeconds(ms)]).toEqual([duration, seconds]);
});
