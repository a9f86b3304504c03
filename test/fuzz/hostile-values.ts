import fc, { type Arbitrary } from 'fast-check';

/** Pieces that parsers, terminals and escapers have stumbled over. */
const PIECES = [
  '\uFEFF',
  '\0',
  '\r\n',
  '\r',
  '\u2028',
  '\u0085',
  '\x1b[31m',
  '\x1b]52;c;ZXZpbA==\x07',
  '\u009b2J',
  '\u202e',
  '\ud800',
  '\udc00',
  '\u{1f469}\u200d\u{1f52c}',
  '\u{e0041}',
  '\u200b',
  '::error::x',
  '"',
  '\\',
  '\\u0000',
  '__proto__',
  '1e400',
  '-0',
  '<!doctype html><title>t</title>',
  '../',
  '%2e%2e/',
  '//evil/',
  'universes/1/places/2/luau-execution-session-tasks/t',
  '"path":"universes/1/places/2/luau-execution-session-tasks/t"',
];

/** Any code units in any order, lone surrogates among them. */
const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes));

/** Text as an enemy writes it: plain, any code points, any code units, and known trouble spliced together. */
export const hostileText: Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  codeUnits,
  fc
    .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 }), codeUnits), { maxLength: 12 })
    .map((parts) => parts.join('')),
);

const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const keyLengths = { minLength: 8, maxLength: 16 };

/** Every key that the settings accept and that is long enough for base64 not to be chance. */
export const anyApiKey: Arbitrary<string> = fc.oneof(
  fc.string({ unit: printable, ...keyLengths }),
  // Few letters make a key that overlaps itself and the mask.
  fc.string({ unit: fc.constantFrom('a', 'b', '*', '"', '\\', '/', '%'), ...keyLengths }),
);

/** Keys of the characters that services make them of. */
export const usualApiKey: Arbitrary<string> = fc.string({
  unit: fc.constantFrom(...'ABCXYZabcxyz0189+/=_.~-'),
  ...keyLengths,
});

/** JSON values with hostile strings and keys. */
export const hostileJson: Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'json' },
    fc.constantFrom(null, true, false, 0, -0, 1e308, 5e-324, ''),
    hostileText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'json' }),
    fc.dictionary(fc.oneof(hostileText, fc.constantFrom('__proto__', 'constructor')), tie('value'), {
      maxKeys: 4,
      depthIdentifier: 'json',
    }),
  ),
})).value;

/** Numbers from 0 to 1, ends often. */
const fraction: Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 0.5, 1 - 2 ** -53),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
);

/** What a source of randomness will say; see `createRandom`. */
export const randomNumbers: Arbitrary<number[]> = fc.array(fraction, { minLength: 1, maxLength: 20 });

/** A source of randomness that says these numbers, and goes round when it comes to their end. */
export function createRandom(numbers: readonly number[]): () => number {
  let index = 0;
  return () => numbers[index++ % numbers.length] ?? 0;
}
