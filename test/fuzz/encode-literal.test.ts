import fc, { type Arbitrary } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import { encodeLuauBytes, encodeLuauValue, type JsonValue } from '../../src/script/encode-literal.ts';
import { runScript } from '../helpers/run-script.ts';
import { checkProperty } from './check-property.ts';
import { hostileText } from './hostile-values.ts';

/** Of scripts, each with many values: a script takes milliseconds. */
const RUNS = 40;
const VALUES_EACH = 40;
const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;

/** Writes a value unambiguously: strings as their bytes, numbers as theirs, tables by sorted key. `show` does the same. */
const SHOW = `local function show(value)
  if type(value) == "string" then return "s" .. string.gsub(value, ".", function(byte)
    return string.format("%02x", string.byte(byte)) end) end
  if type(value) == "number" then return "n" .. string.sub(show(string.pack(">d", value)), 2) end
  if type(value) ~= "table" then return tostring(value) end
  local fields = {}
  for key, item in value do table.insert(fields, show(key) .. "=" .. show(item)) end
  table.sort(fields)
  return "{" .. table.concat(fields, ",") .. "}"
end
`;

function show(value: JsonValue): string {
  if (typeof value === 'string') return `s${bytesOf(value).toString('hex')}`;
  if (typeof value === 'number') return showNumber(value);
  if (typeof value !== 'object') return String(value);
  if (value === null) return 'nil';
  const fields = Array.isArray(value)
    ? value.map((item, index) => [showNumber(index + 1), item] as const)
    : Object.entries(value).map(([key, item]) => [show(key), item] as const);
  const shown = fields.filter(([, item]) => item !== null).map(([key, item]) => `${key}=${show(item)}`);
  return `{${shown.sort().join(',')}}`;
}

function showNumber(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return `n${bytes.toString('hex')}`;
}

/** UTF-8, and for a lone surrogate the bytes that it would have there. */
function bytesOf(text: string): Buffer {
  return Buffer.concat(
    Array.from(text, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= 0xd800 && code <= 0xdfff
        ? Buffer.from([0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)])
        : Buffer.from(character);
    }),
  );
}

const key = fc.oneof(
  hostileText,
  fc.constantFrom('__proto__', 'constructor', 'end', 'continue', 'a b', '1', '-1', 'x', ''),
);
const scalar: Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    -0,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e21,
    5e-324,
    2 ** 53,
    '__proto__',
  ),
  fc.double({ noNaN: true }),
  fc.integer(),
  hostileText,
);
const shallow = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'json' },
    scalar,
    fc.array(tie('value'), { maxLength: 20, depthIdentifier: 'json' }),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 5, depthIdentifier: 'json' })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

/** What a value is put into, one level each. */
const wrapper: Arbitrary<(value: JsonValue) => JsonValue> = fc.oneof(
  fc.constant((value: JsonValue) => [value]),
  fc.nat({ max: 20 }).map((length) => (value: JsonValue) => [...Array(length).fill(null), value, length]),
  key.map(
    (name) => (value: JsonValue) =>
      Object.fromEntries([
        [name, value],
        ['more', [1]],
      ]),
  ),
);
const deep: Arbitrary<JsonValue> = fc
  .tuple(shallow, fc.array(wrapper, { minLength: 1, maxLength: 6 }), fc.nat({ max: 990 }))
  .map(([inner, wrappers, depth]) => {
    let value = inner;
    for (let level = 0; level < depth; level++) value = wrappers[level % wrappers.length]?.(value) ?? value;
    return value;
  });
const values = fc.array(fc.oneof({ weight: 9, arbitrary: shallow }, { weight: 1, arbitrary: deep }), {
  minLength: 1,
  maxLength: VALUES_EACH,
  size: 'max',
});

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 256 });
});
afterAll(() => runLuau.close());

async function shownByLuau(literals: readonly string[]): Promise<unknown> {
  const lines = literals.map((literal) => `table.insert(results, show(${literal}))`);
  const { result } = await runScript(
    runLuau,
    `${SHOW}local results = {}\n${lines.join('\n')}\nreturn results`,
  );
  return result.kind === 'complete' ? result.results[0] : result;
}

test('any JSON value is one line of Luau with that value', () =>
  checkProperty(
    fc.asyncProperty(values, async (batch) => {
      const literals = batch.map((value) => encodeLuauValue(value));
      expect(literals.filter((literal) => LINE_BREAK.test(literal))).toEqual([]);
      expect(await shownByLuau(literals)).toEqual(batch.map(show));
    }),
    { runs: RUNS },
  ));

test('any bytes are one line of Luau with those bytes', () => {
  const pieces = fc.array(fc.oneof(fc.uint8Array({ maxLength: 20 }), hostileText.map(bytesOf)), {
    maxLength: 6,
  });
  const batches = fc.array(pieces.map(Buffer.concat), { minLength: 1, maxLength: VALUES_EACH, size: 'max' });
  return checkProperty(
    fc.asyncProperty(batches, async (batch) => {
      const literals = batch.map(encodeLuauBytes);
      expect(literals.filter((literal) => LINE_BREAK.test(literal))).toEqual([]);
      expect(await shownByLuau(literals)).toEqual(batch.map((bytes) => `s${bytes.toString('hex')}`));
    }),
    { runs: RUNS },
  );
});
