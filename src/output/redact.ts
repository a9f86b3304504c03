import type { OutputStream } from '../context.ts';

/** Takes the secrets out of a text. */
export type Redactor = (text: string) => string;

const MASK = '***';
// A shorter secret would blank out ordinary words, and is not a secret.
const SHORTEST_SECRET = 4;
// A piece of base64 shorter than this can be chance.
const SHORTEST_BASE64 = 8;

/**
 * A function that writes `***` for every secret, also where it stands JSON-escaped, URL-encoded or in base64.
 * Secrets of fewer than four characters are left alone.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(listForms));
  if (forms.size === 0) return (text) => text;
  // The longest first: a form can be the beginning of another.
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escapePattern).join('|'), 'g');
  return (text) => text.replace(pattern, MASK);
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
  };
}

function listForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  // A lone surrogate has no URL form, and `encodeURIComponent` would throw.
  const url = encodeURIComponent(Buffer.from(secret).toString());
  const lowerCaseUrl = url.replace(/%../g, (code) => code.toLowerCase());
  return [secret, json, JSON.stringify(json).slice(1, -1), url, lowerCaseUrl, ...listBase64Forms(secret)];
}

/**
 * Base64 of the secret alone, and what of it is certain when it stands inside something longer (`user:secret`): each
 * of the three ways in which three bytes can fall on four characters.
 */
function listBase64Forms(secret: string): string[] {
  const whole = Buffer.from(secret).toString('base64');
  const forms = [whole, whole.replace(/=+$/, '')];
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
