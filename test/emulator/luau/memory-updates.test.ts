import { describe, expect, test } from 'vitest';
import { useMemorySession } from './memory-session.ts';

const session = useMemorySession();
const resultsOf = (script: string) => session.resultsOf(script);

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
