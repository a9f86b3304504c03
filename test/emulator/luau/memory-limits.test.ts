import { describe, expect, test } from 'vitest';
import { useMemorySession } from './memory-session.ts';

const session = useMemorySession();
const resultsOf = (script: string) => session.resultsOf(script);

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
