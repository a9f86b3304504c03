const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
]);

// Longer texts are nobody's duration; the limit also bounds what a hostile file can make the loop below do.
const LONGEST_TEXT = 64;

/**
 * Reads `30s`, `2m`, `500ms`, `1.5h`, `60d` or several of them from the larger unit to the smaller (`1m 30s`); a bare
 * number is seconds. Returns milliseconds, or null when the text is no duration.
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_TEXT) return null;
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return toWholeMs(Number(trimmed) * 1_000);
  const part = /(\d+(?:\.\d+)?)\s*(ms|[dhms])\s*/y;
  let totalMs = 0;
  let lastUnitMs = Number.POSITIVE_INFINITY;
  do {
    const [, amount, unit = ''] = part.exec(trimmed) ?? [];
    const unitMs = UNIT_MS.get(unit);
    if (amount === undefined || unitMs === undefined || unitMs >= lastUnitMs) return null;
    totalMs += Number(amount) * unitMs;
    lastUnitMs = unitMs;
  } while (part.lastIndex < trimmed.length);
  return toWholeMs(totalMs);
}

/** Words such as `500 ms`, `1.5 s`, `38 s`, `5 m` or `1 h 5 m`: tenths below a minute, whole seconds above. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${tenths / 10} s`;
  let leftMs = Math.round(ms / 1_000) * 1_000;
  const words: string[] = [];
  for (const [unit, unitMs] of UNIT_MS) {
    const count = Math.floor(leftMs / unitMs);
    if (count > 0) words.push(`${count} ${unit}`);
    leftMs -= count * unitMs;
  }
  return words.join(' ');
}

function toWholeMs(ms: number): number | null {
  const whole = Math.round(ms);
  return Number.isSafeInteger(whole) ? whole : null;
}
