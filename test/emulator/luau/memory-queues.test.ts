import { describe, expect, test } from 'vitest';
import { useMemorySession } from './memory-session.ts';

const session = useMemorySession();
const resultsOf = (script: string) => session.resultsOf(script);

describe('a queue', () => {
  test.each([
    [
      'queue:AddAsync({ x = 1 }, 60) local items, id = queue:ReadAsync(1) return items, type(id)',
      [[{ x: 1 }], 'string'],
    ],
    [
      'for i, p in { 0, 5, -1, 5, 0 } do queue:AddAsync(i, 60, p) end return (queue:ReadAsync(100))',
      [[2, 4, 1, 5, 3]],
    ],
    ['queue:AddAsync(1, 60, -1) queue:AddAsync(2, 60) return (queue:ReadAsync(1))', [[2]]],
    ['return queue:ReadAsync(1, false, 0)', [[], null]],
    ['queue:AddAsync(1, 60) return queue:ReadAsync(2, true, 0)', [[], null]],
    ['queue:AddAsync(1, 60) return (queue:ReadAsync(2, false, 0))', [[1]]],
    ['queue:AddAsync(1, 60) queue:AddAsync(2, 60) return (queue:ReadAsync(2, true))', [[1, 2]]],
  ])('%s', async (script, results) => {
    expect(await resultsOf(script)).toEqual(results);
  });

  test('hides what was read for its invisibility timeout', async () => {
    expect(
      await resultsOf(`
local brief = Stores:GetQueue("queue", 5)
brief:AddAsync("a", 600)
queue:AddAsync("b", 600)
local first = brief:ReadAsync(1)
local second = queue:ReadAsync(2, false, 0)
local sizes = { queue:GetSizeAsync(), queue:GetSizeAsync(true) }
task.wait(4.9)
local early = queue:GetSizeAsync(true)
task.wait(0.1)
local late = queue:GetSizeAsync(true)
task.wait(24.9)
local before = queue:GetSizeAsync(true)
task.wait(0.1)
return first, second, sizes, early, late, before, queue:GetSizeAsync(true)`),
    ).toEqual([['a'], ['b'], [2, 0], 0, 1, 1, 2]);
  });

  test('removes what a read id covers, and nothing once the items are visible again', async () => {
    expect(
      await resultsOf(`
local brief = Stores:GetQueue("queue", 5)
for i = 1, 4 do queue:AddAsync(i, 600) end
local _, first = queue:ReadAsync(2)
local _, second = brief:ReadAsync(1)
queue:RemoveAsync("nothing")
queue:RemoveAsync(first)
local after = queue:GetSizeAsync()
task.wait(5)
queue:RemoveAsync(second)
local kept = queue:GetSizeAsync()
local items, third = queue:ReadAsync(1)
queue:RemoveAsync(second)
local still = queue:GetSizeAsync()
queue:RemoveAsync(third)
return after, kept, items, still, queue:GetSizeAsync()`),
    ).toEqual([2, 2, [3], 2, 1]);
  });

  test('forgets what has expired', async () => {
    expect(
      await resultsOf(
        `queue:AddAsync("a", 10) queue:AddAsync("b", 11) task.wait(10) return (queue:ReadAsync(2, false, 0))`,
      ),
    ).toEqual([['b']]);
  });

  test.each([
    ['queue:ReadAsync(0)', 'InvalidRequest: count is a whole number from 1 to 100'],
    ['queue:ReadAsync(101)', 'InvalidRequest: count is a whole number from 1 to 100'],
    ['queue:ReadAsync()', "invalid argument #1 to 'ReadAsync' (number expected, got nil)"],
    ['queue:ReadAsync(1, false, -2)', 'InvalidRequest: waitTimeout is 0 or more seconds, or -1'],
    ['queue:ReadAsync(1, false, 0/0)', 'InvalidRequest: waitTimeout is 0 or more seconds, or -1'],
    ['queue:AddAsync(1)', "invalid argument #2 to 'AddAsync' (number expected, got nil)"],
    ['queue:AddAsync(1, 0)', 'InvalidExpirationTime: an item lives for 1 to 3888000 seconds'],
    ['queue:AddAsync(1, 3888001)', 'InvalidExpirationTime: an item lives for 1 to 3888000 seconds'],
    ['queue:AddAsync(1, 60, 1/0)', 'InvalidRequest: the priority is a finite number'],
    ['queue:AddAsync(1, 60, {})', "invalid argument #3 to 'AddAsync' (number expected, got table)"],
    ['queue:AddAsync(nil, 60)', 'InvalidRequest: Unable to keep nil, which is no value'],
    ['queue:RemoveAsync()', "invalid argument #1 to 'RemoveAsync' (string expected, got nil)"],
  ])('%s is an error', async (expression, message) => {
    expect(await session.errorOf(`(function() return ${expression} end)()`)).toBe(`TaskScript:1: ${message}`);
  });
});

describe('a read that waits', () => {
  test('looks every two seconds', async () => {
    expect(
      await resultsOf(`
local started = time()
task.delay(2.5, function() queue:AddAsync("late", 60) end)
local items = queue:ReadAsync(5)
return items, math.round(time() - started)`),
    ).toEqual([['late'], 4]);
  });

  test('waits for all of them where it is told so', async () => {
    expect(
      await resultsOf(`
queue:AddAsync(1, 60)
task.delay(3, function() queue:AddAsync(2, 60) end)
return queue:ReadAsync(2, true)`),
    ).toEqual([[1, 2], expect.any(String)]);
  });

  test('ends after its time, also between two looks', async () => {
    expect(
      await resultsOf(`
local started = time()
local items, id = queue:ReadAsync(1, false, 5)
return items, id, math.round((time() - started) * 10) / 10`),
    ).toEqual([[], null, 5]);
  });

  test('ends with the script, and a deadline ends the script', async () => {
    const { result } = await session.run(
      'task.spawn(function() queue:ReadAsync(1, false, math.huge) end) return 1',
    );
    expect(result).toEqual({ kind: 'complete', results: [1] });
    const late = await session.run('queue:ReadAsync(1)', { timeoutMs: 7_000 });
    expect(late.result).toMatchObject({ kind: 'failed', code: 'DEADLINE_EXCEEDED' });
    expect(session.clock.pendingSleeps).toBe(0);
  });

  test('wakes many that wait, and nothing is said on stderr', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.message);
    process.on('warning', onWarning);
    const results = await resultsOf(`
local done = 0
for _ = 1, 30 do
  task.spawn(function() queue:ReadAsync(1) done += 1 end)
end
for i = 1, 30 do queue:AddAsync(i, 60) end
task.wait(3)
return done`);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect({ results, warnings }).toEqual({ results: [30], warnings: [] });
  });
});
