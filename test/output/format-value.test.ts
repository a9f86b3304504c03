import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/open-cloud/task.ts';
import { formatJson, formatValue } from '../../src/output/format-value.ts';
import { createStyle, plainStyle } from '../../src/output/style.ts';

const VALUES: JsonValue[] = [
  null,
  true,
  -1.5e300,
  '',
  'a "quoted" \n ü',
  [],
  {},
  [[], {}, [1, [2]]],
  { a: { b: [1, { c: null }] }, '': 1, 'k"ey': false },
  JSON.parse('{"__proto__":{"x":1}}'),
];

describe('formatValue', () => {
  test.each(VALUES.map((value) => [JSON.stringify(value), value] as const))('%s', (_json, value) => {
    expect(formatValue(value, plainStyle)).toBe(JSON.stringify(value, null, 2));
  });

  test('colours by kind', async () => {
    const style = await createStyle({ stream: { write: () => true }, env: {}, colorFlag: true });
    expect(formatValue({ k: ['s', 1, true, null] }, style)).toBe(
      [
        '{',
        '  \x1b[36m"k"\x1b[39m: [',
        '    \x1b[32m"s"\x1b[39m,',
        '    \x1b[33m1\x1b[39m,',
        '    \x1b[35mtrue\x1b[39m,',
        '    \x1b[2mnull\x1b[22m',
        '  ]',
        '}',
      ].join('\n'),
    );
  });

  test('cuts nothing and bears depth', () => {
    const long = 'x'.repeat(1_000_000);
    expect(formatValue(long, plainStyle)).toHaveLength(1_000_002);
    let deep: JsonValue = 0;
    for (let depth = 0; depth < 1000; depth++) deep = [deep];
    expect(JSON.parse(formatValue(deep, plainStyle))).toEqual(deep);
  });
});

test('formatJson keeps to one line that a terminal may show', () => {
  expect(formatJson({ a: '\u009b2J\u202e\u2028\n\x1b' })).toBe('{"a":"\\u009b2J\\u202e\\u2028\\n\\u001b"}');
});
