import type { OutputStream } from '../context.ts';

/** Takes the secrets out of a text. */
export type Redactor = (text: string) => string;

const MASK = '***';
// A shorter secret would blank out ordinary words, and is not a secret.
const SHORTEST_SECRET = 4;
// A piece of base64 shorter than this can be chance.
const SHORTEST_BASE64 = 8;
// JSON in JSON in JSON: a report of a value that quotes an answer.
const DEEPEST_JSON = 3;
const HEAD_CHARACTERS = 8;

/**
 * A function that writes `***` for every secret, also where it stands JSON-escaped, URL-encoded or in base64.
 * Secrets of fewer than four characters are left alone.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  if (known.length === 0) return (text) => text;
  // The whole pattern of a long key takes longer to make than a short command may, so its beginning is looked for
  // first, which is nearly always all that there is to do.
  const head = createPattern(known, HEAD_CHARACTERS);
  let whole: RegExp | null = null;
  return (text) => {
    if (text.search(head) === -1) return text;
    whole ??= createPattern(known, Number.POSITIVE_INFINITY);
    let redacted = text;
    // Of a secret that holds the mask itself, a new copy can come about; each turn makes the text shorter.
    let before: string;
    do {
      before = redacted;
      redacted = before.replaceAll(whole, maskAt);
    } while (redacted !== before);
    return redacted;
  };
}

/** Finds every form of the secrets, by at most the first `maxCharacters` characters of each. */
function createPattern(secrets: readonly string[], maxCharacters: number): RegExp {
  const patterns = new Set(secrets.flatMap((secret) => listPatterns(secret, maxCharacters)));
  // The longest first: a secret can be the beginning of another.
  return new RegExp([...patterns].sort((a, b) => b.length - a.length).join('|'), 'g');
}

/** In JSON a lone backslash before the mask would be no escape that a reader knows. */
function maskAt(_secret: string, offset: number, text: string): string {
  let backslashes = 0;
  while (text[offset - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 0 ? MASK : `\\${MASK}`;
}

/**
 * The stream with every write redacted. Each write is taken as one piece: a secret that is cut in two by its writer
 * is not found, so whole texts are handed over, never chunks of them.
 */
export function createSink(stream: OutputStream, redact: Redactor): OutputStream {
  return {
    write: (text, done) => stream.write(redact(text), done),
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
  };
}

/** One pattern a form. Encoders differ in the characters they leave alone, so each may be encoded or not. */
function listPatterns(secret: string, maxCharacters: number): string[] {
  const patterns = listBase64Forms(secret).map((form) => escapePattern(form.slice(0, maxCharacters)));
  const characters = [...secret].slice(0, maxCharacters);
  for (let depth = 0; depth <= DEEPEST_JSON; depth++) {
    const forms = characters.map((character) => {
      return `(?:${escapePattern(escapeJson(character, depth))}|${listEncodings(character).join('|')})`;
    });
    patterns.push(forms.join(''));
  }
  return patterns;
}

/** The character as it stands in JSON that stands in JSON, and so on. */
function escapeJson(character: string, depth: number): string {
  return depth === 0 ? character : JSON.stringify(escapeJson(character, depth - 1)).slice(1, -1);
}

/** Patterns of one character as URLs write it (`%2F`) and as JSON may write it (`\u002f`, itself escaped perhaps). */
function listEncodings(character: string): string[] {
  const bytes = [...Buffer.from(character)].map((byte) => `%${anyCase(byte.toString(16))}`);
  const units = character.split('').map((unit) => {
    return `\\\\{1,4}u${anyCase(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`;
  });
  return [bytes.join(''), units.join('')];
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/**
 * Base64 of the secret alone, and what of it is certain when it stands inside something longer (`user:secret`): each
 * of the three ways in which three bytes can fall on four characters.
 */
function listBase64Forms(secret: string): string[] {
  const whole = Buffer.from(secret).toString('base64');
  const forms = [whole, whole.replaceAll('=', '')];
  for (const lead of [0, 1, 2]) {
    const sizeBytes = lead + Buffer.byteLength(secret);
    const characters = Buffer.concat([Buffer.alloc(lead), Buffer.from(secret)]).toString('base64');
    const certain = characters.slice(Math.ceil((lead * 8) / 6), Math.floor((sizeBytes * 8) / 6));
    if (certain.length >= SHORTEST_BASE64) forms.push(certain);
  }
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
