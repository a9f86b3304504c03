import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import type { JsonValue } from '../../src/open-cloud/task.ts';
import { formatLuau } from '../../src/output/format-luau.ts';
import { plainStyle } from '../../src/output/style.ts';
import { addResultEncoder } from '../../src/script/encode-results.ts';
import { decodeResults } from '../../src/values/decode-results.ts';
import { runScript } from '../helpers/run-script.ts';
import { checkProperty } from './check-property.ts';
import { formOf } from './luau-form.ts';
import { chains, describeResults, type Graph, graphs, writeScript } from './luau-graph.ts';

/** Each is a thread with a Luau of its own. */
const RUNS = 80;

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 64 });
});
afterAll(() => runLuau.close());

test.each([
  ['any', graphs],
  ['deep', chains],
])(
  '%s values come back from real Luau as they were, and also through a service that handles JSON badly',
  (_name, some) =>
    checkProperty(
      fc.asyncProperty(some, async (graph) => {
        const results = await runEncoded(graph);
        const expected = formOf(describeResults(graph));
        expect(formOf(decodeResults(results))).toBe(expected);
        expect(formOf(decodeResults(results.map(mangle)))).toBe(expected);
      }),
      { runs: RUNS },
    ),
);

test('whatever is decoded and shown, nothing but a TypeError is thrown, and no text is out of proportion', () =>
  checkProperty(
    fc.property(fc.array(tagged()), (results) => {
      const length = JSON.stringify(results).length;
      let texts: string[] = [];
      try {
        texts = formatLuau(decodeResults(results), plainStyle);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
      expect(texts.join('').length).toBeLessThan(1_000 + length * 250);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  ));

async function runEncoded(graph: Graph): Promise<JsonValue[]> {
  const { result } = await runScript(runLuau, addResultEncoder(writeScript(graph)));
  if (result.kind !== 'complete') throw new Error(JSON.stringify(result));
  return result.results;
}

/**
 * What JSON libraries may do to a value on its way: few digits for a fraction, none for a small one, whole numbers only as
 * far as they are certain, no minus before zero, objects in another order, `{}` for `[]`.
 */
function mangle(json: JsonValue): JsonValue {
  if (typeof json === 'number') {
    if (!Number.isInteger(json)) return Math.abs(json) < 1e-5 ? 0 : Number(json.toPrecision(15));
    return Math.abs(json) > 2 ** 53 ? 0 : json + 0;
  }
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.length === 0 ? {} : json.map(mangle);
  return Object.fromEntries(
    Object.entries(json)
      .reverse()
      .map(([key, value]) => [key, mangle(value)]),
  );
}

/** JSON with much in it that looks like a tag. */
function tagged(): fc.Arbitrary<JsonValue> {
  const words =
    'nil nan inf -0 1.5 1 true string:x bytes:/w== bytes:! buffer:AAA= vector:1,2,3 vector:1 ref:1 ref:2 ref:9';
  const others = 'function function:f Instance:Part:a.b CFrame:0 list metatable shared value';
  const texts = fc.oneof(
    fc.constantFrom(...`${words} ${others}`.split(' ')).map((word) => `$luau:${word}`),
    fc.string(),
    fc.constantFrom('__proto__', 'constructor', 'toString'),
  );
  return fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      texts,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(texts, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      fc.record({ '$luau:shared': fc.array(tie('value')), '$luau:value': tie('value') }),
    ),
  })).value;
}
