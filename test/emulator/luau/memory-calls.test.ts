import { describe, expect, test } from 'vitest';
import { scriptFaults, useMemorySession } from './memory-session.ts';

const session = useMemorySession();
const resultsOf = (script: string) => session.resultsOf(script);

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

  test('never takes a script back in time, though its own clock ran ahead of the host', async () => {
    expect(
      await resultsOf(`
local busyUntil = os.clock() + 0.05
while os.clock() < busyUntil do end
local before = time()
queue:GetSizeAsync()
return time() >= before`),
    ).toEqual([true]);
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
