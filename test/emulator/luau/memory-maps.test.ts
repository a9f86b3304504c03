import { describe, expect, test } from 'vitest';
import { useMemorySession } from './memory-session.ts';

const session = useMemorySession();
const resultsOf = (script: string) => session.resultsOf(script);

/** A Luau expression for a text of so many letters. */
const letters = (count: number) => `string.rep("x", ${count})`;

describe('MemoryStoreService', () => {
  test.each([
    [
      'typeof(Stores), Stores.ClassName, tostring(Stores)',
      ['Instance', 'MemoryStoreService', 'MemoryStoreService'],
    ],
    [
      'typeof(map), map.ClassName, tostring(map)',
      ['Instance', 'MemoryStoreSortedMap', 'MemoryStoreSortedMap'],
    ],
    ['typeof(queue), queue.ClassName, tostring(queue)', ['Instance', 'MemoryStoreQueue', 'MemoryStoreQueue']],
    ['Stores == game.MemoryStoreService', [true]],
  ])('%s', async (expression, results) => {
    expect(await resultsOf(`return ${expression}`)).toEqual(results);
  });

  test.each([
    ['Stores:GetHashMap("x")', 'luau-exec emulator: MemoryStoreService.GetHashMap is not emulated'],
    ['Stores:GetSortedMap({})', "invalid argument #1 to 'GetSortedMap' (string expected, got table)"],
    ['Stores:GetQueue("q", 0)', 'InvalidRequest: the invisibility timeout is more than 0 seconds'],
    ['Stores:GetQueue("q", "soon")', "invalid argument #2 to 'GetQueue' (number expected, got string)"],
    [
      'Stores:GetSortedMap(""):GetSizeAsync()',
      'InvalidRequest: the name of a sorted map has 0 characters, and may have 1 to 128',
    ],
    [
      `Stores:GetQueue(${letters(129)}):GetSizeAsync()`,
      'InvalidRequest: the name of a queue has 129 characters, and may have 1 to 128',
    ],
    ['map.GetAsync("x")', "Expected ':' not '.' calling member function GetAsync"],
  ])('%s is an error', async (expression, message) => {
    expect(await session.errorOf(expression)).toBe(`TaskScript:1: ${message}`);
  });
});

describe('one item of a sorted map', () => {
  test.each([
    [
      'map:SetAsync("a", { 1, { x = "y" }, false }, 60, 2.5) return map:GetAsync("a")',
      [[1, { x: 'y' }, false], 2.5],
    ],
    ['map:SetAsync("a", false, 60, "text") return map:GetAsync("a")', [false, 'text']],
    ['return map:SetAsync("a", 1, 60), map:SetAsync("a", 2, 60), map:GetAsync("a")', [true, true, 2, null]],
    ['return map:GetAsync("a")', [null, null]],
    ['map:SetAsync("a", 1, 60, 5) map:SetAsync("a", 2, 60) return map:GetAsync("a")', [2, null]],
    ['map:SetAsync(12, "n", 60) return (map:GetAsync("12"))', ['n']],
    ['map:SetAsync("a", 1, 60) map:RemoveAsync("a") map:RemoveAsync("a") return map:GetSizeAsync()', [0]],
    ['map:SetAsync("a", 1, 60) map:SetAsync("b", 1, 60) return map:GetSizeAsync()', [2]],
    [
      'map:SetAsync("a", 1, 60) return Stores:GetSortedMap("map"):GetAsync("a"), Stores:GetSortedMap("b"):GetAsync("a")',
      [1, null, null],
    ],
    // An array hides the other keys of its table, and keys that are no text or number are left out.
    ['map:SetAsync("a", { 1, 2, x = 3 }, 60) return (map:GetAsync("a"))', [[1, 2]]],
    ['map:SetAsync("a", { [true] = 1, x = 2, [5] = 3 }, 60) return (map:GetAsync("a"))', [{ 5: 3, x: 2 }]],
    [
      `local key = ${letters(128)} map:SetAsync(key, 1, 60, key) return map:GetAsync(key)`,
      [1, 'x'.repeat(128)],
    ],
  ])('%s', async (script, results) => {
    expect(await resultsOf(script)).toEqual(results);
  });

  test('is gone when its time is over', async () => {
    expect(
      await resultsOf(`
map:SetAsync("a", 1, 10)
map:SetAsync("b", 1, 11)
task.wait(9.5)
local before = map:GetAsync("a")
task.wait(0.5)
return before, map:GetAsync("a"), map:GetSizeAsync()`),
    ).toEqual([1, null, 1]);
  });

  test.each([1, 1.9, 3_888_000])('may live for %s seconds', async (seconds) => {
    expect(await resultsOf(`return map:SetAsync("a", 1, ${seconds})`)).toEqual([true]);
  });

  test.each([
    ...['0', '0.9', '-1', '3888001', '0/0', 'math.huge'].map((seconds) => [
      `map:SetAsync("a", 1, ${seconds})`,
      'InvalidExpirationTime: an item lives for 1 to 3888000 seconds',
    ]),
    ['map:UpdateAsync("a", print, 0)', 'InvalidExpirationTime: an item lives for 1 to 3888000 seconds'],
    ['map:SetAsync("a", 1)', "invalid argument #3 to 'SetAsync' (number expected, got nil)"],
    ['map:SetAsync({}, 1, 60)', "invalid argument #1 to 'SetAsync' (string expected, got table)"],
    ['map:SetAsync("", 1, 60)', 'InvalidRequest: the key has 0 characters, and may have 1 to 128'],
    [`map:GetAsync(${letters(129)})`, 'InvalidRequest: the key has 129 characters, and may have 1 to 128'],
    ['map:GetAsync("\\xff")', 'InvalidRequest: argument #1 of GetAsync is not valid UTF-8'],
    ['map:RemoveAsync(nil)', "invalid argument #1 to 'RemoveAsync' (string expected, got nil)"],
    [
      `map:SetAsync("a", 1, 60, ${letters(129)})`,
      'InvalidRequest: the sort key has 129 characters, and may have at most 128',
    ],
    ['map:SetAsync("a", nil, 60)', 'InvalidRequest: Unable to keep nil, which is no value'],
    [
      'map:SetAsync("a", 1, 60, {})',
      'InvalidRequest: Unable to sort by this table; a sort key is a finite number, or text in UTF-8',
    ],
    [
      'map:SetAsync("a", 1, 60, 0/0)',
      'InvalidRequest: Unable to sort by this number; a sort key is a finite number, or text in UTF-8',
    ],
    [
      'map:SetAsync("a", 1, 60, "\\xff")',
      'InvalidRequest: Unable to sort by this string; a sort key is a finite number, or text in UTF-8',
    ],
  ])('%s is an error', async (expression, message) => {
    expect(await session.errorOf(expression)).toBe(`TaskScript:1: ${message}`);
  });

  test.each([
    ['print', 'JSON has no word for a function'],
    ['{ { game } }', 'JSON has no word for a Instance'],
    ['buffer.create(1)', 'JSON has no word for a buffer'],
    ['{ 0/0 }', 'nan is no number that JSON has'],
    ['1/0', 'inf is no number that JSON has'],
    ['(function() local t = {} t.t = t return t end)()', 'a table contains itself'],
    [
      '(function() local t = {} for _ = 1, 600 do t = { t } end return t end)()',
      'tables are nested too deeply',
    ],
    ['{ x = "\\xff" }', 'a text in it is not valid UTF-8'],
    ['{ ["\\xc0\\x80"] = 1 }', 'a text in it is not valid UTF-8'],
    ['"\\xed\\xa0\\x80"', 'a text in it is not valid UTF-8'],
  ])('%s is no value', async (value, reason) => {
    const message = `TaskScript:1: InvalidRequest: Unable to make JSON of the value, as ${reason}`;
    expect(await session.errorOf(`map:SetAsync("a", ${value}, 60)`)).toBe(message);
    expect(await session.errorOf(`queue:AddAsync(${value}, 60)`)).toBe(message);
  });

  test('may be 32768 bytes of JSON, and no more', async () => {
    expect(await resultsOf(`return map:SetAsync("a", ${letters(32_766)}, 60)`)).toEqual([true]);
    expect(await session.errorOf(`map:SetAsync("a", ${letters(32_767)}, 60)`)).toBe(
      'TaskScript:1: ItemValueSizeTooLarge: the value is 32769 bytes of JSON, and may be 32768',
    );
  });

  test('errors stand in the line of the call, and can be caught', async () => {
    expect(
      await resultsOf(`
local function use()
  map:SetAsync("", 1, 60)
end
local ok, problem = pcall(use)
return ok, problem, map:GetSizeAsync()`),
    ).toEqual([false, 'TaskScript:3: InvalidRequest: the key has 0 characters, and may have 1 to 128', 0]);
  });
});

describe('UpdateAsync', () => {
  test.each([
    ['a new item', 'return map:UpdateAsync("a", function(...) return { ... }, 7 end, 60)', [[], 7]],
    [
      'an old item',
      'map:SetAsync("a", { n = 1 }, 60, "s") return map:UpdateAsync("a", function(v, s) v.n += 1 return v, s .. "t" end, 60)',
      [{ n: 2 }, 'st'],
    ],
    [
      'nothing',
      'map:SetAsync("a", 1, 60, 2) return map:UpdateAsync("a", function() end, 60), map:GetAsync("a")',
      [null, 1, 2],
    ],
    [
      'a lost sort key',
      'map:SetAsync("a", 1, 60, 2) map:UpdateAsync("a", function() return 5 end, 60) return map:GetAsync("a")',
      [5, null],
    ],
  ])('%s', async (_name, script, results) => {
    expect(await resultsOf(script)).toEqual(results);
  });

  test('asks again when somebody wrote meanwhile, also when the item has gone', async () => {
    expect(
      await resultsOf(`
local seen = {}
map:SetAsync("a", 0, 60)
local function add(text)
  return map:UpdateAsync("a", function(old)
    table.insert(seen, tostring(old))
    return (old or "") .. text
  end, 60)
end
task.spawn(function() map:SetAsync("a", "x", 60) end)
task.spawn(add, "y")
map:RemoveAsync("a")
local last = add("z")
task.wait(1)
return seen, map:GetAsync("a")`),
    ).toEqual([['x', 'nil', 'nil', 'y'], 'yz', null]);
  });

  test.each([
    ['function() error("no") end', 'TransformCallbackFailed: TaskScript:1: no'],
    [
      'function() task.wait() end',
      'TransformCallbackFailed: the function of UpdateAsync yielded, which it may not',
    ],
    [
      'function() return map:GetAsync("b") end',
      'TransformCallbackFailed: the function of UpdateAsync yielded, which it may not',
    ],
    [
      'function() return print end',
      'InvalidRequest: Unable to make JSON of the value, as JSON has no word for a function',
    ],
    [
      'function() return 1, {} end',
      'InvalidRequest: Unable to sort by this table; a sort key is a finite number, or text in UTF-8',
    ],
    ['5', "invalid argument #2 to 'UpdateAsync' (function expected, got number)"],
  ])('with %s is an error', async (transform, message) => {
    expect(await session.errorOf(`map:UpdateAsync("a", ${transform}, 60)`)).toBe(`TaskScript:1: ${message}`);
    expect(await resultsOf('return map:GetSizeAsync()')).toEqual([0]);
  });

  test('counts right between two scripts', async () => {
    const script = 'for _ = 1, 60 do map:UpdateAsync("n", function(n) return (n or 0) + 1 end, 60) end';
    await Promise.all([session.run(script), session.run(script), session.run(script)]);
    expect(await resultsOf('return map:GetAsync("n")')).toEqual([180, null]);
  });

  test('gives up when others write without end', async () => {
    expect(
      await session.errorOf(`map:UpdateAsync("a", function(old)
        task.spawn(function() map:SetAsync("a", (old or 0) + 1, 60) end)
        return 0
      end, 60)`),
    ).toBe('TaskScript:1: UpdateConflict: others wrote to the key 50 times meanwhile');
  });
});

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
