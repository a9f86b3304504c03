import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import {
  encodeLuauBytes,
  encodeLuauKey,
  encodeLuauString,
  encodeLuauValue,
  type JsonValue,
} from '../../src/script/encode-literal.ts';
import { runScript } from '../helpers/run-script.ts';

test.each([
  ['null', 'nil'],
  ['true', 'true'],
  ['false', 'false'],
  ['0', '0'],
  ['-0', '-0'],
  ['-1.5', '-1.5'],
  ['0.1', '0.1'],
  ['1e21', '1e21'],
  ['1.7976931348623157e308', '1.7976931348623157e308'],
  ['5e-324', '5e-324'],
  ['12345678901234567890', '12345678901234567000'],
  ['1e400', 'math.huge'],
  ['-1e400', '-math.huge'],
  ['"text"', '"text"'],
  ['[]', '{}'],
  ['{}', '{}'],
  ['[1,[2],"3"]', '{1,{2},"3"}'],
  ['[null,1,null,2,null]', '{nil,1,nil,2,nil}'],
  ['{"a":null,"b":{"c":null}}', '{b={}}'],
  ['{"b":1,"a":{"x":[]}}', '{b=1,a={x={}}}'],
  [
    '{"end":1,"__proto__":2,"toString":3,"1":4,"a b":5}',
    '{["1"]=4,["end"]=1,__proto__=2,toString=3,["a b"]=5}',
  ],
])('%s is %s', (json, literal) => {
  expect(encodeLuauValue(JSON.parse(json))).toBe(literal);
});

test('what JSON has no word for is still a number', () => {
  expect(encodeLuauValue([Number.NaN])).toBe('{0/0}');
});

test.each([
  ['', '""'],
  ['it\'s "here"\\', String.raw`"it's \"here\"\\"`],
  ['a\nb\r\nc\td', String.raw`"a\nb\r\nc\td"`],
  ['\u00001\u001f2\u007f3', String.raw`"\x001\x1f2\x7f3"`],
  ['\u0085\u2028\u2029', String.raw`"\u{85}\u{2028}\u{2029}"`],
  ['\u061c\u200e\u200f\u202e\u2066', String.raw`"\u{61c}\u{200e}\u{200f}\u{202e}\u{2066}"`],
  ['\ufeff', String.raw`"\u{feff}"`],
  ['\ud800a\udfff', String.raw`"\u{d800}a\u{dfff}"`],
  ['é漢🎮\u200d', '"é漢🎮\u200d"'],
  ['`{x}` ]] --', '"`{x}` ]] --"'],
])('the text %j is %s', (text, literal) => {
  expect(encodeLuauString(text)).toBe(literal);
});

test.each([
  ['', '""'],
  ['00310a227f', String.raw`"\x001\n\"\x7f"`],
  ['c3a9e6bca2f09f8eae', '"é漢🎮"'],
  ['c285e280a8efbbbf', String.raw`"\u{85}\u{2028}\u{feff}"`],
  ['8061ff31', String.raw`"\x80a\xff1"`],
  ['c0af', String.raw`"\xc0\xaf"`],
  ['eda080', String.raw`"\xed\xa0\x80"`],
  ['f4908080', String.raw`"\xf4\x90\x80\x80"`],
  ['e6bc61c3', String.raw`"\xe6\xbca\xc3"`],
  ['e6c3a9', String.raw`"\xe6é"`],
])('the bytes %s are %s', (hex, literal) => {
  expect(encodeLuauBytes(Buffer.from(hex, 'hex'))).toBe(literal);
});

test.each([
  ['name_1', 'name_1='],
  ['_', '_='],
  ['continue', 'continue='],
  ['until', '["until"]='],
  ['1st', '["1st"]='],
  ['name ', '["name "]='],
  ['é', '["é"]='],
  ['', '[""]='],
  ['"]', String.raw`["\"]"]=`],
])('the key %j is %s', (key, source) => {
  expect(encodeLuauKey(key)).toBe(source);
});

function nest(value: JsonValue, { levels, wrap }: { levels: number; wrap: (value: JsonValue) => JsonValue }) {
  let nested = value;
  for (let level = 0; level < levels; level++) nested = wrap(nested);
  return nested;
}
const inArray = (value: JsonValue) => [value];
const inLongArray = (value: JsonValue) => [...Array(16).keys(), value];
const inObject = (value: JsonValue) => ({ x: value, y: 1 });

test('little nesting stays in place, and more is put together in a function', () => {
  const literalOf = (levels: number) => encodeLuauValue(nest(1, { levels, wrap: inObject }));
  expect(literalOf(49)).toBe(`${'{x='.repeat(49)}1${',y=1}'.repeat(49)}`);
  expect(literalOf(101)).toBe(
    `(function() local t={} t[1]=${'{x='.repeat(49)}1${',y=1}'.repeat(49)}` +
      ` t[2]=${'{x='.repeat(49)}t[1]${',y=1}'.repeat(49)} return {x={x={x=t[2],y=1},y=1},y=1} end)()`,
  );
});

test.each([
  ['arrays', inArray],
  ['objects', inObject],
])('1,001 levels of %s are refused, however many there are', (_name, wrap) => {
  for (const levels of [1_001, 100_000]) {
    expect(() => encodeLuauValue(nest(1, { levels, wrap }), 'data.json')).toThrow(
      expect.objectContaining({
        id: 'LX018',
        kind: 'usage',
        message: 'data.json is nested deeper than 1,000 levels',
      }),
    );
  }
});

describe('in Luau', () => {
  let runLuau: ClosableLuauRunner;
  beforeAll(() => {
    runLuau = createLuauRunner({ memoryMiB: 256 });
  });
  afterAll(() => runLuau.close());

  async function resultsOf(script: string): Promise<unknown> {
    const { result } = await runScript(runLuau, script);
    return result.kind === 'complete' ? result.results : result;
  }

  test.each([
    ['arrays', inArray, 't[1]'],
    ['long arrays', inLongArray, 't[17]'],
    ['objects', inObject, 't.x'],
  ])('1,000 levels of %s are as deep, below 150 locals too', async (_name, wrap, inner) => {
    const literal = encodeLuauValue(nest('end', { levels: 1_000, wrap }));
    const locals = Array.from({ length: 150 }, (_, index) => `local v${index} = ${index}`).join('\n');
    const script = `${locals}
      local t, depth = ${literal}, 0
      while type(t) == "table" do t, depth = ${inner}, depth + 1 end
      return t, depth`;
    expect(await resultsOf(script)).toEqual(['end', 1_000]);
  });

  test('many deep tables side by side are each put together', async () => {
    const values = Array.from({ length: 500 }, (_, index) => nest(index, { levels: 60, wrap: inArray }));
    const script = `local sum = 0
      for _, t in ${encodeLuauValue(values)} do
        while type(t) == "table" do t = t[1] end
        sum += t
      end
      return sum`;
    expect(await resultsOf(script)).toEqual([(499 * 500) / 2]);
  });

  test('an array of 100,000 elements', async () => {
    const literal = encodeLuauValue(Array.from({ length: 100_000 }, (_, index) => index + 0.5));
    const script = `local t, wrong = ${literal}, 0
      for i = 1, 100000 do if t[i] ~= i - 0.5 then wrong += 1 end end
      return #t, wrong`;
    expect(await resultsOf(script)).toEqual([100_000, 0]);
  });

  test('an object of 100,000 keys', async () => {
    const literal = encodeLuauValue(
      Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, index])),
    );
    const script = `local t, wrong = ${literal}, 0
      for i = 0, 99999 do if t["key" .. i] ~= i then wrong += 1 end end
      return wrong`;
    expect(await resultsOf(script)).toEqual([0]);
  });

  test('an array of 50,000 objects', async () => {
    const rows = Array.from({ length: 50_000 }, (_, id) => ({ id, 'a b': `name ${id}`, tags: [id, null] }));
    const script = `local t, wrong = ${encodeLuauValue(rows)}, 0
      for i, row in t do
        if row.id ~= i - 1 or row["a b"] ~= "name " .. (i - 1) or row.tags[1] ~= i - 1 then wrong += 1 end
      end
      return #t, wrong`;
    expect(await resultsOf(script)).toEqual([50_000, 0]);
  });
});
