import { parseDuration } from './durations.ts';

/** A value as it came in: text from a flag, the environment or a file, or what else a file can hold. */
export type RawValue = string | number | boolean;

/** `reason` goes on a sentence that began with the setting's name and value: `universe id "12a" …`. */
export type Parsed<Value> = { ok: true; value: Value } | { ok: false; reason: string; hint?: string };

export interface DurationRange {
  smallestMs: number;
  largestMs: number;
  /** The range in words, after `is not`: `between 1 s and 300 s`. */
  words: string;
  hint?: string;
}

const LONGEST_KEY = 8_192;
export const DURATION_HINT = 'write it as 30s, 2m or 500ms; a bare number is seconds';
const KEY_HINT = 'copy the key again from the Creator Dashboard';

/** A universe, place or version id: a positive whole number of at most 20 digits, kept as text. */
export function parseId(input: RawValue): Parsed<string> {
  // YAML and JSON have rounded such a number already, so the id that was meant is lost.
  if (typeof input === 'number' && Math.abs(input) > Number.MAX_SAFE_INTEGER) {
    return { ok: false, reason: 'is too large for a bare number', hint: 'put it in quotes' };
  }
  const text = String(input).trim();
  if (/^[1-9]\d{0,19}$/.test(text)) return { ok: true, value: text };
  return {
    ok: false,
    reason: /^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(String(input).trim())
      ? 'is not a positive whole number'
      : 'is not a number',
    hint: 'copy the id from the Creator Dashboard',
  };
}

/**
 * The API key without the white space around it. What is left has to be printable ASCII, since it becomes one HTTP
 * header; positions in reasons count from 1 in the trimmed key, and no reason ever holds any of it.
 */
export function parseApiKey(input: RawValue): Parsed<string> {
  if (typeof input !== 'string') {
    return { ok: false, reason: `is a ${typeof input}`, hint: 'put the key in quotes' };
  }
  const key = input.trim();
  if (key === '') return { ok: false, reason: 'is empty', hint: KEY_HINT };
  if (key.length > LONGEST_KEY) {
    return { ok: false, reason: `is longer than ${LONGEST_KEY} characters`, hint: KEY_HINT };
  }
  const bad = /[^\x21-\x7e]/.exec(key);
  if (!bad) return { ok: true, value: key };
  return {
    ok: false,
    reason: `holds ${describeCharacter(bad[0])} at position ${bad.index + 1}`,
    hint: KEY_HINT,
  };
}

function describeCharacter(character: string): string {
  if (/[\n\r\v\f\u0085\u2028\u2029]/.test(character)) return 'a line break';
  if (/\s/.test(character)) return 'a space';
  return /[\p{Cc}\p{Cf}]/u.test(character) ? 'a control character' : 'a character outside ASCII';
}

/** A parser of durations to seconds, with a grain of one millisecond. */
export function createSecondsParser(range: DurationRange): (input: RawValue) => Parsed<number> {
  return (input) => {
    const ms = parseDuration(String(input));
    if (ms === null) return { ok: false, reason: 'is not a duration', hint: DURATION_HINT };
    if (ms >= range.smallestMs && ms <= range.largestMs) return { ok: true, value: ms / 1_000 };
    return { ok: false, reason: `is not ${range.words}`, hint: range.hint ?? DURATION_HINT };
  };
}

/** An origin such as `https://apis.roblox.com`: https, or http where the bytes do not leave the machine. */
export function parseBaseUrl(input: RawValue): Parsed<string> {
  const text = String(input).trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !isSafeScheme(url)) {
    return { ok: false, reason: 'is neither https nor http on loopback', hint: 'write it as https://HOST' };
  }
  if (url.username || url.password) {
    return { ok: false, reason: 'holds a user name or password', hint: 'leave out everything before the @' };
  }
  if (url.pathname !== '/' || url.search || url.hash) {
    return { ok: false, reason: 'has something after the host', hint: `write it as ${url.origin}` };
  }
  return { ok: true, value: url.origin };
}

function isSafeScheme(url: URL): boolean {
  if (url.protocol === 'https:') return true;
  // URL has brought every spelling of an IPv4 address (`127.1`, `0x7f.0.0.1`) into the dotted form by now.
  return url.protocol === 'http:' && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}

/** In the environment everything is text. */
const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Something that is on or off. */
export function parseSwitch(input: RawValue): Parsed<boolean> {
  const value = SWITCHES.get(String(input).trim().toLowerCase());
  return value === undefined
    ? { ok: false, reason: 'is neither true nor false', hint: 'write it as true or false' }
    : { ok: true, value };
}

export function parseTargetName(input: RawValue): Parsed<string> {
  const name = String(input).trim();
  return name === ''
    ? { ok: false, reason: 'is empty', hint: 'name a target of the config file, or local' }
    : { ok: true, value: name };
}
