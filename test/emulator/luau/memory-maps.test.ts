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
