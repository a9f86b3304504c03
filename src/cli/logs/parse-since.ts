import { parseDuration } from '../../config/durations.ts';
import { quoteValue } from '../../config/setting-error.ts';
import { LuauExecError } from '../../errors.ts';

/** From when on messages are wanted: a time, or so long before the newest message. */
export type Since = { kind: 'at'; wallMs: number } | { kind: 'before_newest'; ms: number };

const TIME = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** Reads the value of `--since`: a duration, or a time as RFC 3339 has it. Throws LX011 for anything else. */
export function parseSince(text: string): Since {
  const ms = parseDuration(text);
  if (ms !== null) return { kind: 'before_newest', ms };
  const wallMs = parseTime(text.trim());
  if (wallMs !== null) return { kind: 'at', wallMs };
  const isZoneMissing = parseTime(`${text.trim()}Z`) !== null;
  throw new LuauExecError(
    isZoneMissing
      ? `--since ${quoteValue(text)} does not say in which time zone`
      : `--since ${quoteValue(text)} is neither a duration nor a time`,
    {
      id: 'LX011',
      kind: 'usage',
      hint: isZoneMissing
        ? 'put Z behind it for UTC, or an offset such as +02:00'
        : 'write a duration such as 30s, or a time such as 2026-11-21T09:00:00Z',
    },
  );
}

/** Milliseconds since the Unix epoch; null for what is no time, and for a day that the month does not have. */
function parseTime(text: string): number | null {
  const [, day, time, fraction = '', zone = ''] = TIME.exec(text) ?? [];
  if (day === undefined || time === undefined) return null;
  // Date would take the 30th of February for the 2nd of March.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return null;
  const ms = Date.parse(`${day}T${time}${fraction}${zone.toUpperCase()}`);
  return Number.isNaN(ms) ? null : ms;
}
