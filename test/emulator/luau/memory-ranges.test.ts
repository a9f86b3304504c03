import { describe, expect, test } from 'vitest';
import { useMemorySession } from './memory-session.ts';

const session = useMemorySession();
const resultsOf = (script: string) => session.resultsOf(script);

const FILL = `
map:SetAsync("k2", 1, 60, 0)
map:SetAsync("k1", 1, 60, -1)
map:SetAsync("k5", 1, 60, 1)
map:SetAsync("k4", 1, 60, 1)
map:SetAsync("k3", 1, 60, 3.14)
map:SetAsync("k6", 1, 60, "text")
map:SetAsync("k7", 1, 60, "other")
map:SetAsync("k8", 1, 60)
map:SetAsync("k0", 1, 60)
local Up, Down = Enum.SortDirection.Ascending, Enum.SortDirection.Descending
local function keys(...)
  local out = {}
  for _, item in map:GetRangeAsync(...) do table.insert(out, item.key) end
  return table.concat(out, " ")
end
`;

describe('GetRangeAsync', () => {
  test.each([
    ['Up, 200', 'k1 k2 k4 k5 k3 k7 k6 k0 k8'],
    ['Down, 200', 'k8 k0 k6 k7 k3 k5 k4 k2 k1'],
    ['Up, 2', 'k1 k2'],
    ['Down, 2', 'k8 k0'],
    ['"Ascending", 1', 'k1'],
    ['1, 1', 'k8'],
    ['Up, 200, { sortKey = 1, key = "k4" }', 'k5 k3 k7 k6 k0 k8'],
    ['Up, 200, { sortKey = 1 }', 'k3 k7 k6 k0 k8'],
    ['Up, 200, { sortKey = "other" }', 'k6 k0 k8'],
    ['Up, 200, { key = "k0" }', 'k8'],
    ['Up, 200, nil, { sortKey = 1 }', 'k1 k2'],
    ['Up, 200, nil, { sortKey = 1, key = "k5" }', 'k1 k2 k4'],
    ['Up, 200, nil, { key = "k0" }', 'k1 k2 k4 k5 k3 k7 k6'],
    ['Down, 1, { sortKey = -1 }, { sortKey = "other" }', 'k3'],
    ['Up, 200, { sortKey = 100 }, { sortKey = 200 }', ''],
  ])('%s', async (range, keys) => {
    expect(await resultsOf(`${FILL} return keys(${range})`)).toEqual([keys]);
  });

  test('compares text by its bytes', async () => {
    const keys = ['b', 'é', 'a', '\u{ff5e}', '\u{1f600}', 'B'];
    const fill = keys.map((key) => `map:SetAsync("${key}", 1, 60)`).join(' ');
    expect(
      await resultsOf(
        `${fill} local out = {} for i, item in map:GetRangeAsync("Ascending", 9) do out[i] = item.key end return out`,
      ),
    ).toEqual([['B', 'a', 'b', 'é', '\u{ff5e}', '\u{1f600}']]);
  });

  test('gives keys, values and sort keys, and nothing else', async () => {
    expect(
      await resultsOf(`
map:SetAsync("a", { 1 }, 60)
map:SetAsync("b", false, 60, "text")
map:SetAsync("c", "x", 60, 1.5)
return map:GetRangeAsync(Enum.SortDirection.Ascending, 3)`),
    ).toEqual([
      [
        { key: 'c', value: 'x', sortKey: 1.5 },
        { key: 'b', value: false, sortKey: 'text' },
        { key: 'a', value: [1] },
      ],
    ]);
  });

  test.each([
    ['Up, 0', 'InvalidRequest: count is a whole number from 1 to 200'],
    ['Up, 201', 'InvalidRequest: count is a whole number from 1 to 200'],
    ['Up, 1.5', 'InvalidRequest: count is a whole number from 1 to 200'],
    ['Up, nil', "invalid argument #2 to 'GetRangeAsync' (number expected, got nil)"],
    ['nil, 1', "invalid argument #1 to 'GetRangeAsync' (Enum.SortDirection expected, got nil)"],
    ['Up, 1, "k1"', "invalid argument #3 to 'GetRangeAsync' (table expected, got string)"],
    ['Up, 1, nil, 5', "invalid argument #4 to 'GetRangeAsync' (table expected, got number)"],
    ['Up, 1, {}', 'InvalidRequest: a bound needs a key or a sortKey'],
    ['Up, 1, { key = 5 }', 'InvalidRequest: the key of a bound is text in UTF-8'],
    [
      'Up, 1, { sortKey = {} }',
      'InvalidRequest: Unable to use the sortKey of a bound; it is a finite number, or text in UTF-8',
    ],
  ])('%s is an error', async (range, message) => {
    expect(await session.errorOf(`map:GetRangeAsync(${range.replace('Up', '"Ascending"')})`)).toBe(
      `TaskScript:1: ${message}`,
    );
  });
});
