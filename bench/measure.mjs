// Statistics, pure. All times are milliseconds.

/** The middle value; the mean of the two middle ones where their number is even. NaN for an empty list. */
export function findMedian(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** The same items in random order (Fisher and Yates); `random` returns a number from 0 up to 1. */
export function shuffle(items, random = Math.random) {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
  }
  return shuffled;
}

/**
 * Compares each variant with the base of its own group in its own round, so that a machine that is slow for a minute
 * slows both sides of the ratio. `samples` holds `{ round, group, variant, wallMs, tailMs }`, and for every round and
 * group one whose variant is `base`.
 */
export function summarise(samples, base) {
  const keyOf = ({ round, group }) => `${round} ${group}`;
  const baseMs = new Map(samples.filter(({ variant }) => variant === base).map((s) => [keyOf(s), s.wallMs]));
  const rows = new Map();
  for (const sample of samples) {
    const key = `${sample.group} ${sample.variant}`;
    const row = rows.get(key) ?? {
      group: sample.group,
      variant: sample.variant,
      wallMs: [],
      tailMs: [],
      ratios: [],
    };
    row.wallMs.push(sample.wallMs);
    row.tailMs.push(sample.tailMs);
    row.ratios.push(sample.wallMs / baseMs.get(keyOf(sample)));
    rows.set(key, row);
  }
  return [...rows.values()].map(({ group, variant, wallMs, tailMs, ratios }) => ({
    group,
    variant,
    rounds: ratios.length,
    ratio: findMedian(ratios),
    lowestRatio: Math.min(...ratios),
    highestRatio: Math.max(...ratios),
    wallMs: findMedian(wallMs),
    tailMs: findMedian(tailMs),
  }));
}
