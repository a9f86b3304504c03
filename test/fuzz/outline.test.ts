import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeByteString } from '../../src/luau/byte-string.ts';
import { LuauSyntaxError } from '../../src/luau/luau-errors.ts';
import { loadLuauWasm } from '../../src/luau/luau-wasm.ts';
import { LuauVm } from '../../src/luau/vm.ts';
import { outline } from '../../src/script/syntax/outline.ts';
import { ROOT } from '../helpers/bin.ts';
import { checkProperty } from './check-property.ts';

/** All the Luau of this repository, as text to spoil. */
const SOURCES = ['src', 'examples'].flatMap((directory) =>
  readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.luau'))
    .map((name) => readFileSync(join(ROOT, directory, name), 'utf8')),
);

/** What changes the meaning of all that follows, mostly. */
const BITS = [
  'end',
  ' do ',
  ' then ',
  'if ',
  '(',
  ')',
  '{',
  '}',
  '[[',
  ']]',
  '[=[',
  '"',
  "'",
  '`',
  '--',
  '--[[',
].concat(
  [
    '\n',
    '\r\n',
    '::',
    '<',
    '>',
    '>>',
    '<<',
    ',',
    '=',
    '+=',
    '..=',
    'function(',
    'local ',
    'return ',
    'type A = ',
  ],
  [
    'export ',
    '...',
    '..',
    '//',
    'continue',
    '@native ',
    'const ',
    'typeof(',
    '?',
    '|',
    '&',
    '->',
    '\\',
    '\\z',
  ],
  ['\\u{', '0x', '1e', '~=', 'not ', '#', '-', ':', '.', 'read ', ';', 'é', '\0', 'require("./a")', 'ARGS'],
);

const spoiled = fc
  .record({
    source: fc.constantFrom(...SOURCES),
    window: fc.record({
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      lines: fc.integer({ min: 1, max: 60 }),
    }),
    changes: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        drop: fc.integer({ min: 0, max: 6 }),
        put: fc.oneof(fc.constant(''), fc.constantFrom(...BITS)),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ source, window, changes }) => {
    const lines = source.split('\n');
    const first = Math.floor(window.from * lines.length);
    const piece = lines.slice(first, first + window.lines).join('\n');
    return changes.reduce((text, { at, drop, put }) => {
      const offset = Math.floor(at * text.length);
      return text.slice(0, offset) + put + text.slice(offset + drop);
    }, piece);
  });

/** Luau itself, in this thread: compiling runs nothing. */
function createCompiler(): (source: string) => boolean {
  const module = loadLuauWasm({ memoryMiB: 64 });
  let compiled = 0;
  let vm = new LuauVm(module, () => []);
  return (source) => {
    // What was compiled stays in its memory.
    if (++compiled % 200 === 0) vm = new LuauVm(module, () => []);
    try {
      vm.load(encodeByteString(source), 'fuzz');
      return true;
    } catch (error) {
      if (error instanceof LuauSyntaxError) return false;
      throw error;
    }
  };
}

it('what Luau accepts is read whole, and nothing else breaks the reader', async () => {
  const compiles = createCompiler();
  const property = fc.property(spoiled, (source) => {
    const found = outline(source);
    if (compiles(source)) expect(found.returns).not.toBeNull();
  });
  await checkProperty(property);
});

it('there is much among it that Luau accepts, and much that it does not', () => {
  const compiles = createCompiler();
  // About 245 on average, give or take 12: eight times as far off is no chance.
  const accepted = fc.sample(spoiled, 1_000).filter(compiles).length;
  expect(accepted).toBeGreaterThan(150);
  expect(accepted).toBeLessThan(850);
});
