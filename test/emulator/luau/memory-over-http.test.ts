import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClosableLuauRunner, LuauResult, LuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { scriptError } from '../../helpers/run-script.ts';
import { type Session, useEmulators } from '../emulator-session.ts';

const start = useEmulators();
const MEMORY = '/cloud/v2/universes/11/memory-store';
const HEAD = 'local Stores = game:GetService("MemoryStoreService") ';

let clock: FakeClock;
let runner: ClosableLuauRunner;
beforeAll(() => {
  runner = createLuauRunner({ memoryMiB: 32, whileBusy: () => clock.hold() });
});
afterAll(() => runner.close());

let runs: Promise<LuauResult>[];

async function open(options: Parameters<typeof start>[0] = {}): Promise<Session> {
  clock = new FakeClock();
  runs = [];
  const runLuau: LuauRunner = (job) => {
    const run = runner(job);
    runs.push(run);
    return run;
  };
  return start({ runLuau, clock, ...options });
}

/** How tasks end that run at the same time; time moves only once all of them have started. */
async function runTasks(session: Session, ...scripts: string[]): Promise<LuauResult[]> {
  const first = runs.length;
  for (const script of scripts) await session.create({ script: `${HEAD}${script}` });
  const stop = clock.startAutomatic();
  try {
    return await Promise.all(runs.slice(first));
  } finally {
    stop();
  }
}

function complete(...results: unknown[]) {
  return { kind: 'complete', results };
}

test('what a script writes is seen over HTTP', async () => {
  const session = await open();
  const [output] = await runTasks(
    session,
    `Stores:GetSortedMap("scores"):SetAsync("é", { 1, x = "ü" }, 60, 2)
Stores:GetQueue("jobs"):AddAsync("job", 60, 3)`,
  );
  expect(output).toEqual(complete());
  expect((await session.get(`${MEMORY}/sorted-maps/scores/items/%C3%A9`)).json).toMatchObject({
    id: 'é',
    value: [1],
    numericSortKey: 2,
  });
  expect((await session.get(`${MEMORY}/queues/jobs/items:read`)).json.items).toMatchObject([
    { data: 'job', priority: 3 },
  ]);
});

test('what is written over HTTP is seen by scripts', async () => {
  const session = await open();
  const value = { list: [1, 'é\u0000😀', null, false], empty: {} };
  await session.post(`${MEMORY}/sorted-maps/scores/items?id=a`, { value, stringSortKey: 's' });
  await session.post(`${MEMORY}/queues/jobs/items`, { data: 'low' });
  await session.post(`${MEMORY}/queues/jobs/items`, { data: 'high', priority: 1 });
  const [output] = await runTasks(
    session,
    `local value, sortKey = Stores:GetSortedMap("scores"):GetAsync("a")
local items, id = Stores:GetQueue("jobs"):ReadAsync(2)
return value.list[2] == "é\\0😀", value.list[3], value.list[4], sortKey, items, id`,
  );
  expect(output).toEqual(complete(true, null, false, 's', ['high', 'low'], expect.any(String)));
  const { json } = await session.get(`${MEMORY}/queues/jobs/items:read`);
  expect(json.items).toEqual([]);
});

test('a value may be nested 500 levels deep', async () => {
  const session = await open();
  const body = `{"value":${'['.repeat(500)}${']'.repeat(500)}}`;
  expect((await session.post(`${MEMORY}/sorted-maps/m/items?id=a`, body)).status).toBe(200);
  const script = `local map = Stores:GetSortedMap("m")
local value, depth = map:GetAsync("a"), 0
map:SetAsync("b", value, 60)
while value do value, depth = value[1], depth + 1 end
return depth`;
  expect(await runTasks(session, script)).toEqual([complete(500)]);
  expect((await session.get(`${MEMORY}/sorted-maps/m/items/b`)).status).toBe(200);
});

test('what a script has read is discarded over HTTP, and the other way round', async () => {
  const session = await open();
  for (const data of [1, 2]) await session.post(`${MEMORY}/queues/jobs/items`, { data });
  const { json } = await session.get(`${MEMORY}/queues/jobs/items:read`);
  const [output] = await runTasks(
    session,
    `local queue = Stores:GetQueue("jobs")
queue:RemoveAsync("${String(json.readId)}")
local items, id = queue:ReadAsync(1)
return items, id, queue:GetSizeAsync()`,
  );
  expect(output).toEqual(complete([2], expect.any(String), 1));
  const [, id] = output?.kind === 'complete' ? output.results : [];
  await session.post(`${MEMORY}/queues/jobs/items:discard`, { readId: id });
  expect(await runTasks(session, 'return Stores:GetQueue("jobs"):GetSizeAsync()')).toEqual([complete(0)]);
});

test('two tasks that run at once hand jobs to one another', async () => {
  const session = await open();
  const outputs = await runTasks(
    session,
    `local jobs, done = Stores:GetQueue("jobs"), Stores:GetQueue("done")
local sum = 0
for _ = 1, 5 do
  local items, id = jobs:ReadAsync(1)
  sum += items[1]
  jobs:RemoveAsync(id)
  done:AddAsync(items[1] * 2, 60)
end
return sum`,
    `local jobs, done = Stores:GetQueue("jobs"), Stores:GetQueue("done")
local out = {}
for i = 1, 5 do
  jobs:AddAsync(i, 60)
  local items, id = done:ReadAsync(1)
  done:RemoveAsync(id)
  out[i] = items[1]
end
return out`,
  );
  expect(outputs).toEqual([complete(15), complete([2, 4, 6, 8, 10])]);
});

test('updates of two tasks are all counted, and each universe has its own memory', async () => {
  const session = await open();
  const add = `local map = Stores:GetSortedMap("n")
for _ = 1, 40 do map:UpdateAsync("n", function(n) return (n or 0) + 1 end, 60) end
return 0`;
  await runTasks(session, add, add);
  expect((await session.get(`${MEMORY}/sorted-maps/n/items/n`)).json).toMatchObject({ value: 80 });
  expect((await session.get(`${MEMORY}/sorted-maps/n/items/n`.replace('11', '12'))).status).toBe(404);
});

test('request units are shared', async () => {
  const session = await open();
  await session.get(`${MEMORY}/sorted-maps/n/items/n`);
  const [output] = await runTasks(
    session,
    `local map = Stores:GetSortedMap("n")
for _ = 1, 999 do map:GetSizeAsync() end
map:GetSizeAsync()`,
  );
  expect(output).toEqual(
    scriptError(
      'TaskScript:3: TotalRequestsOverLimit: a universe has 1000 request units a minute, and 1000 of them are used',
    ),
  );
  expect((await session.get(`${MEMORY}/sorted-maps/n/items/n`)).status).toBe(429);
});

test('faults meet the calls of scripts', async () => {
  const session = await open({
    faults: [
      { request: 'MemoryStoreQueue:AddAsync', nth: 2, do: { answer: { status: 503 } } },
      { request: 'MemoryStoreQueue:GetSizeAsync', do: { never: true } },
    ],
  });
  const outputs = await runTasks(
    session,
    `local queue = Stores:GetQueue("q")
queue:AddAsync(1, 60)
local ok, problem = pcall(function() queue:AddAsync(2, 60) end)
task.spawn(function() queue:GetSizeAsync() print("never") end)
task.wait(5)
return ok, problem, queue:GetSizeAsync()`,
  );
  const problem = 'TaskScript:3: InternalError: a fault answers MemoryStoreQueue:AddAsync with status 503';
  expect(outputs).toEqual([complete(false, problem, 1)]);
  expect(session.emulator.unmetFaults()).toEqual([]);
});

test('an emulator that closes does not wait for a read', async () => {
  const session = await open();
  await session.create({ script: `${HEAD}Stores:GetQueue("q"):ReadAsync(1)` });
  await expect.poll(() => clock.sleeps.includes(2000)).toBe(true);
  await session.emulator.close();
  expect(clock.pendingSleeps).toBe(0);
});
