/** A time span for people: `0.4 s`, `3.2 s`, `2 min 05 s`. */
export function formatDuration(ms: number): string {
  return ms < 59_950 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : formatSeconds(ms);
}

/** The same in whole seconds: `3 s`, `2 min 05 s`. */
export function formatSeconds(ms: number): string {
  const seconds = Math.round(Math.max(0, ms) / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
