const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const STEP = 1024;

/** A size for people, in at most three digits: `0 B`, `999 B`, `1.0 KiB`, `45.2 MiB`, `100 MiB`. */
export function formatBytes(bytes: number): string {
  const unit = findUnit(bytes);
  return `${formatNumber(bytes / STEP ** unit, unit)} ${UNITS[unit]}`;
}

/**
 * How much of a size is there, in the unit of the whole: `45.2 of 100 MiB`. A part is rounded down, so that `100 of 100 MiB`
 * is all of it.
 */
export function formatPart(doneBytes: number, totalBytes: number): string {
  const unit = findUnit(totalBytes);
  const done = doneBytes / STEP ** unit;
  const parts = done >= 100 ? 1 : 10;
  const shown = doneBytes < totalBytes ? Math.floor(done * parts) / parts : done;
  return `${formatNumber(shown, unit)} of ${formatBytes(totalBytes)}`;
}

/** The smallest in which three digits are enough; of the largest there may be more. */
function findUnit(bytes: number): number {
  const unit = UNITS.findIndex((_, index) => Math.round(bytes / STEP ** index) < 1000);
  return unit === -1 ? UNITS.length - 1 : unit;
}

function formatNumber(value: number, unit: number): string {
  // With one place behind the point, 99.95 would be four digits.
  return unit === 0 || value >= 99.95 ? String(Math.round(value)) : value.toFixed(1);
}
