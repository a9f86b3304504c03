import { describe, expect, test } from 'vitest';
import { scriptFaults, useMemorySession } from './memory-session.ts';

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

describe('a call', () => {
  test('of a loop of 200', async () => {
    expect(
      await resultsOf(`
for i = 1, 200 do queue:AddAsync(i, 60) end
local items = queue:ReadAsync(100)
return queue:GetSizeAsync(), items[1], items[100]`),
    ).toEqual([200, 1, 100]);
  });

  test('that nobody waits for any more is carried out all the same', async () => {
    await session.run('task.spawn(function() queue:AddAsync("x", 60) end)');
    expect(await resultsOf('return (queue:ReadAsync(1, false, 0))')).toEqual([['x']]);
  });

  test('keeps waiting when somebody else resumes its thread', async () => {
    expect(
      await resultsOf(`
local thread = coroutine.create(function() return "end", (queue:ReadAsync(1)) end)
coroutine.resume(thread)
local ok, early = coroutine.resume(thread, true, { items = {} })
queue:AddAsync("x", 60)
task.wait(3)
return ok, early, coroutine.status(thread)`),
    ).toEqual([true, null, 'dead']);
  });

  test('where nothing can wait is an error, and wakes nobody later', async () => {
    expect(
      await resultsOf(`
local ok, problem = pcall(table.sort, { 1, 2 }, function()
  return queue:GetSizeAsync() > 0
end)
local started = time()
task.wait(5)
return ok, problem, math.round(time() - started)`),
    ).toEqual([false, 'TaskScript:3: attempt to yield across metamethod/C-call boundary', 5]);
  });

  test('of a thread that was cancelled is forgotten', async () => {
    const { result, logs } = await session.run(`
local thread = task.spawn(function() queue:ReadAsync(1) print("never") end)
task.cancel(thread)
queue:AddAsync("x", 60)
task.wait(3)
return coroutine.status(thread)`);
    expect({ result, logs }).toEqual({ result: { kind: 'complete', results: ['dead'] }, logs: [] });
  });
});

describe('request units', () => {
  const USED = (count: number) => `for _ = 1, ${count} do queue:GetSizeAsync() end `;
  const OVER = 'a universe has 1000 request units a minute, and';

  test('are a thousand a minute of the clock, for all scripts of a universe', async () => {
    await session.clock.advance(30_000);
    await session.run(USED(600));
    const { result } = await session.run(`${USED(400)}
local before = table.pack(pcall(queue.GetSizeAsync, queue))
task.wait(29)
local late = pcall(queue.GetSizeAsync, queue)
task.wait(1)
return before[1], before[2], late, queue:GetSizeAsync()`);
    expect(result).toEqual({
      kind: 'complete',
      results: [false, `TotalRequestsOverLimit: ${OVER} 1000 of them are used`, false, 0],
    });
  });

  test.each([
    [
      'a range, one for each item',
      'for i = 1, 5 do map:SetAsync(tostring(i), i, 60) end',
      'map:GetRangeAsync(Enum.SortDirection.Ascending, 4)',
      5,
      4,
    ],
    ['a range without items, one', '', 'map:GetRangeAsync(Enum.SortDirection.Ascending, 4)', 0, 1],
    ['a read, one for each item', 'for i = 1, 5 do queue:AddAsync(i, 60) end', 'queue:ReadAsync(3)', 5, 3],
    ['a read without items, one', '', 'queue:ReadAsync(3, false, 0)', 0, 1],
    ['a read that waits, one for each two seconds', '', 'queue:ReadAsync(3, false, 5)', 0, 3],
    ['an update, one', '', 'map:UpdateAsync("a", function() return 1 end, 60)', 0, 1],
    ['an update that is cancelled, one', '', 'map:UpdateAsync("a", function() end, 60)', 0, 1],
    ['a call that makes no sense, none', '', 'pcall(map.GetAsync, map, "")', 0, 0],
  ])('%s', async (_name, prepare, call, prepared, cost) => {
    const { result } = await session.run(`${prepare} ${USED(1000 - prepared - cost)}
${call}
return pcall(queue.GetSizeAsync, queue)`);
    expect(result).toEqual({
      kind: 'complete',
      results: [false, `TotalRequestsOverLimit: ${OVER} 1000 of them are used`],
    });
  });

  test('a call that is over the limit costs nothing and does nothing', async () => {
    expect(
      await resultsOf(`for i = 1, 5 do queue:AddAsync(i, 60) end ${USED(991)}
local ok, problem = pcall(queue.ReadAsync, queue, 5)
return ok, problem, #queue:ReadAsync(4), pcall(queue.GetSizeAsync, queue)`),
    ).toEqual([false, `TotalRequestsOverLimit: ${OVER} 996 of them are used`, 4, false, expect.any(String)]);
  });
});

describe('memory', () => {
  const half = 'string.rep("x", 32764)';

  test('is 65536 bytes of keys, values and sort keys', async () => {
    expect(
      await resultsOf(`
map:SetAsync("ab", ${half}, 60)
queue:AddAsync(${half}, 60)
local full = map:SetAsync("c", 1, 60)
local ok, problem = pcall(map.SetAsync, map, "d", 1, 60)
return full, ok, problem`),
    ).toEqual([
      true,
      false,
      'TotalMemoryOverLimit: a universe may keep 65536 bytes, and this would make it 65538',
    ]);
  });

  test.each([
    ['a write that keeps its size', 'map:SetAsync("a", string.rep("y", 32764), 60)'],
    ['one that shrinks', 'map:SetAsync("a", 1, 60)'],
    ['one after a removal', 'map:RemoveAsync("a") map:SetAsync("b", 1, 60, 5)'],
    ['one after an expiry', 'task.wait(60) map:SetAsync("b", 1, 60, "sort")'],
    [
      'one after a discard',
      'local _, id = queue:ReadAsync(1) queue:RemoveAsync(id) map:SetAsync("b", 1, 60)',
    ],
  ])('%s goes through where it is full', async (_name, write) => {
    const script = `map:SetAsync("a", ${half}, 60) queue:AddAsync(string.rep("x", 32767 - 2), 120) map:SetAsync("z", 1, 120)`;
    expect(
      await resultsOf(`${script} local full = pcall(map.SetAsync, map, "q", 1, 60) ${write} return full`),
    ).toEqual([false]);
  });

  test.each([
    ['a number', '5', 8],
    ['text', '"abcd"', 4],
  ])('counts a sort key that is %s', async (_name, sortKey, bytes) => {
    const fill = (free: number) =>
      `queue:AddAsync(string.rep("x", 32766), 60) queue:AddAsync(string.rep("x", 32766 - ${free}), 60) return pcall(map.SetAsync, map, "a", 1, 60, ${sortKey})`;
    expect(await resultsOf(fill(bytes + 2))).toEqual([true, true]);
    session.clock.jumpWall(60_000);
    await session.clock.advance(60_000);
    expect(await resultsOf(fill(bytes + 1))).toEqual([
      false,
      expect.stringMatching(/^TotalMemoryOverLimit: .* this would make it 65537$/),
    ]);
  });
});

describe('faults', () => {
  test('a method fails, is late, or never answers', async () => {
    const faults = scriptFaults(
      { request: 'MemoryStoreQueue:AddAsync', do: { answer: { status: 503 } } },
      {
        request: 'MemoryStoreQueue:AddAsync',
        nth: 2,
        do: { answer: { status: 500, body: 'No: why' }, delayMs: 3000 },
      },
      { request: 'MemoryStoreQueue:AddAsync', nth: 3, do: { delayMs: 2000 } },
      { request: 'MemoryStoreQueue:AddAsync', nth: 4, do: { never: true } },
      { request: 'any', times: 'always', do: { never: true } },
    );
    const { result } = await session.run(
      `
local out, started = {}, time()
local function add()
  local ok, problem = pcall(function() queue:AddAsync(1, 60) end)
  table.insert(out, { ok, problem or "", math.round(time() - started), queue:GetSizeAsync() })
end
add() add() add()
task.spawn(add)
task.wait(10)
return out`,
      { faults },
    );
    expect(result).toEqual({
      kind: 'complete',
      results: [
        [
          [
            false,
            'TaskScript:4: InternalError: a fault answers MemoryStoreQueue:AddAsync with status 503',
            0,
            0,
          ],
          [false, 'TaskScript:4: No: why', 3, 0],
          [true, '', 5, 1],
        ],
      ],
    });
    expect(faults.unmet().map(({ request }) => request)).toEqual(['any']);
  });

  test('a call that is never answered lasts until the deadline', async () => {
    const faults = scriptFaults({ request: 'MemoryStoreSortedMap:GetAsync', do: { never: true } });
    const { result } = await session.run('map:GetAsync("a")', { faults, timeoutMs: 5_000 });
    expect(result).toMatchObject({ kind: 'failed', code: 'DEADLINE_EXCEEDED' });
  });

  test('an update is one call, however often it is tried', async () => {
    const faults = scriptFaults({
      request: 'MemoryStoreSortedMap:UpdateAsync',
      nth: 3,
      do: { answer: { status: 503 } },
    });
    const { result } = await session.run(
      'local n = 0 for _ = 1, 4 do if pcall(map.UpdateAsync, map, "a", function() return 1 end, 60) then n += 1 end end return n',
      { faults },
    );
    expect(result).toEqual({ kind: 'complete', results: [3] });
  });
});
