import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDataStoreMethods } from '../../../src/emulator/data-stores/data-store-methods.ts';
import { EntriesInMemory } from '../../../src/emulator/data-stores/entries-in-memory.ts';
import { createEngineCalls } from '../../../src/emulator/engine-calls.ts';
import type { ClosableLuauRunner, EngineCalls } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runScript, scriptError } from '../../helpers/run-script.ts';

const STORE = `local Service = game:GetService("DataStoreService")
local store = Service:GetDataStore("Players")
`;
const NOW_MS = Date.parse('2026-11-21T09:00:00.000Z');
const FOUR_BYTES = '\u{1F600}';

let clock: FakeClock;
let entries: EntriesInMemory;
let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 128, whileBusy: () => clock.hold() });
});
beforeEach(() => {
  clock = new FakeClock();
  entries = new EntriesInMemory();
});
afterAll(() => runLuau.close());

function engineFor(universeId = '11'): EngineCalls {
  return createEngineCalls(createDataStoreMethods(entries, clock), universeId);
}

async function resultsOf(script: string, engine = engineFor()): Promise<unknown> {
  const stop = clock.startAutomatic();
  try {
    const job = { clock, timeoutMs: 300_000, engine };
    const { result } = await runScript(runLuau, `${STORE}${script}`, job);
    return result.kind === 'complete' ? result.results : result;
  } finally {
    stop();
  }
}

/** What the expression, which stands in line 4, raises. */
function errorOf(expression: string): Promise<unknown> {
  return resultsOf(`local ok, problem = pcall(function()
  return ${expression}
end)
return if ok then "no error" else problem`);
}

describe('a value', () => {
  test.each([
    ['"text"', 'text'],
    ['"\\0\\31é😀"', '\0\x1fé😀'],
    ['0.1', 0.1],
    ['false', false],
    ['{}', []],
    ['{ 1, 2, { a = "b" } }', [1, 2, { a: 'b' }]],
    ['{ 1, 2, x = 3 }', [1, 2]],
    ['{ [2] = "two", x = 3 }', { '2': 'two', x: 3 }],
  ])('%s comes back', async (value, expected) => {
    expect(await resultsOf(`store:SetAsync("k", ${value}) return (store:GetAsync("k"))`)).toEqual([expected]);
  });

  test('a gap stays where it is', async () => {
    const script = `store:SetAsync("k", { 1, nil, 3 })
local value = store:GetAsync("k")
return value[1], value[2], value[3]`;
    expect(await resultsOf(script)).toEqual([1, null, 3]);
  });

  test('is a copy', async () => {
    const script = `local value = { list = { 1 } }
store:SetAsync("k", value)
value.list[1] = 2
local first, second = store:GetAsync("k"), store:GetAsync("k")
return first.list[1], first == second`;
    expect(await resultsOf(script)).toEqual([1, false]);
  });

  test.each([
    ['nil', '103: a data store cannot hold nil'],
    ['print', '104: a data store cannot hold a value of type function'],
    ['{ f = { print } }', '104: a data store cannot hold a value of type function'],
    ['game', '104: a data store cannot hold a value of type Instance'],
    ['vector.create(1, 2, 3)', '104: a data store cannot hold a value of type Vector3'],
    ['0/0', '104: a data store cannot hold a number that is not finite'],
    ['{ math.huge }', '104: a data store cannot hold a number that is not finite'],
    [
      '(function() local t = {} t.t = t return t end)()',
      '104: a data store cannot hold a table that contains itself',
    ],
    ['"\\255"', '104: a data store cannot hold text that is not valid UTF-8'],
    ['{ ["\\xED\\xA0\\x80"] = 1 }', '104: a data store cannot hold text that is not valid UTF-8'],
    ['buffer.create(1)', 'luau-exec emulator: a buffer as JSON is not emulated'],
  ])('%s is refused', async (value, message) => {
    expect(await errorOf(`store:SetAsync("k", ${value})`)).toEqual([`TaskScript:4: ${message}`]);
    expect(await errorOf(`store:UpdateAsync("k", function() return { ${value} } end)`)).toEqual([
      value === 'nil' ? 'no error' : `TaskScript:4: ${message}`,
    ]);
  });

  test('has at most 4,194,304 bytes of JSON', async () => {
    const script = `store:SetAsync("k", string.rep("é", 2097151))
local ok, problem = pcall(store.SetAsync, store, "k", string.rep("é", 2097151) .. "x")
return #store:GetAsync("k"), ok, problem`;
    expect(await resultsOf(script)).toEqual([
      4_194_302,
      false,
      '105: the value has 4194305 bytes as JSON, 4194304 are allowed',
    ]);
  });
});

describe('names', () => {
  test.each([
    'con',
    '..',
    'a/b\\c',
    'A',
    'a',
    '\u00e9',
    'e\u0301',
    '. ',
    FOUR_BYTES.repeat(50),
    'x'.repeat(50),
    '%2e',
  ])('a key may be %j', async (key) => {
    const script = `store:SetAsync(${JSON.stringify(key)}, 1)
return (store:GetAsync(${JSON.stringify(key)})), store:ListKeysAsync():GetCurrentPage()[1].KeyName`;
    expect(await resultsOf(script)).toEqual([1, key]);
  });

  test('a number is a key too', async () => {
    expect(await resultsOf('store:SetAsync(123, 1) return (store:GetAsync("123"))')).toEqual([1]);
  });

  test.each([
    ['store:GetAsync("")', '101: the name of a key must not be empty'],
    ['store:GetAsync(string.rep("é", 51))', '102: the name of a key has 51 characters, 50 are allowed'],
    ['store:GetAsync("\\255")', "argument #1 to 'GetAsync' is not valid UTF-8"],
    ['store:GetAsync(nil)', "invalid argument #1 to 'GetAsync' (string expected, got nil)"],
    ['store:GetAsync(game)', "invalid argument #1 to 'GetAsync' (string expected, got Instance)"],
    ['Service:GetDataStore("")', 'the name of a data store must not be empty'],
    ['Service:GetDataStore("a", "")', 'the scope of a data store must not be empty'],
    [
      'Service:GetDataStore(string.rep("x", 51))',
      'the name of a data store has 51 characters, 50 are allowed',
    ],
    [
      'Service:GetDataStore("a", string.rep("x", 51))',
      'the scope of a data store has 51 characters, 50 are allowed',
    ],
    ['Service:GetDataStore()', "invalid argument #1 to 'GetDataStore' (string expected, got nil)"],
  ])('%s', async (expression, message) => {
    expect(await errorOf(expression)).toEqual([`TaskScript:4: ${message}`]);
  });

  test('the same name and scope give the same object, and others other values', async () => {
    const script = `local scoped = Service:GetDataStore("Players", "a")
store:SetAsync("k", "global")
scoped:SetAsync("k", "a")
Service:GetGlobalDataStore():SetAsync("k", "unnamed")
return Service:GetDataStore("Players", "global") == store, scoped == store,
  (store:GetAsync("k")), (scoped:GetAsync("k")), (Service:GetGlobalDataStore():GetAsync("k"))`;
    expect(await resultsOf(script)).toEqual([true, false, 'global', 'a', 'unnamed']);
  });
});

describe('what is not emulated', () => {
  test.each([
    ['Service:GetOrderedDataStore("a")', 'DataStoreService.GetOrderedDataStore'],
    ['Service:ListDataStoresAsync()', 'DataStoreService.ListDataStoresAsync'],
    ['Service:GetRequestBudgetForRequestType(1)', 'DataStoreService.GetRequestBudgetForRequestType'],
    ['Service:GetDataStore("a", "b", {})', 'GetDataStore with options'],
    ['store:ListVersionsAsync("k")', 'DataStore.ListVersionsAsync'],
    ['store:GetVersionAsync("k", "v")', 'DataStore.GetVersionAsync'],
    ['store:RemoveVersionAsync("k", "v")', 'DataStore.RemoveVersionAsync'],
    ['store:GetAsync("k", {})', 'GetAsync with options'],
    ['store:SetAsync("k", 1, {}, {})', 'SetAsync with options'],
    ['store:IncrementAsync("k", 1, {}, {})', 'IncrementAsync with options'],
    ['store:UpdateAsync("k", function() return 1, {}, { a = 1 } end)', 'metadata in a data store'],
  ])('%s says so', async (expression, name) => {
    expect(await errorOf(expression)).toEqual([`TaskScript:4: luau-exec emulator: ${name} is not emulated`]);
  });
});

describe('versions', () => {
  test('SetAsync returns one, and the key info has it with times and user ids', async () => {
    const script = `local first = store:SetAsync("k", 1, { 7, 8 })
task.wait(2)
local second = store:SetAsync("k", 2)
local value, info = store:GetAsync("k")
local ids, metadata = info:GetUserIds(), info:GetMetadata()
return first ~= second, second == info.Version, value, info.CreatedTime, info.UpdatedTime - info.CreatedTime >= 2000,
  ids, metadata, typeof(info), info.ClassName`;
    expect(await resultsOf(script)).toEqual([
      true,
      true,
      2,
      NOW_MS,
      true,
      [],
      [],
      'Instance',
      'DataStoreKeyInfo',
    ]);
  });

  test('user ids are kept and are a copy', async () => {
    const script = `store:SetAsync("k", 1, { 7, 8 })
local _, info = store:GetAsync("k")
table.insert(info:GetUserIds(), 9)
return info:GetUserIds()`;
    expect(await resultsOf(script)).toEqual([[7, 8]]);
  });

  test.each(['{ "a" }', '{ 1.5 }', '{ a = 1 }', '{ 1, nil, 3 }', '5'])('%s are no user ids', async (ids) => {
    expect(await errorOf(`store:SetAsync("k", 1, ${ids})`)).toEqual([
      'TaskScript:4: 513: user ids must be a list of whole numbers',
    ]);
  });

  test('a missing key has neither value nor info', async () => {
    expect(await resultsOf('return select("#", store:GetAsync("k")), store:GetAsync("k")')).toEqual([
      2,
      null,
      null,
    ]);
  });

  test('a removed key is gone, once with its value, and begins anew', async () => {
    const script = `local first = store:SetAsync("k", 1, { 7 })
task.wait(1)
local value, info = store:RemoveAsync("k")
local again, none = store:RemoveAsync("k")
local missing = store:GetAsync("k")
local second = store:SetAsync("k", 2)
local _, created = store:GetAsync("k")
return value, info.Version == first, info:GetUserIds(), again, none, missing, second ~= first, created.CreatedTime > info.CreatedTime`;
    expect(await resultsOf(script)).toEqual([1, true, [7], null, null, null, true, true]);
  });
});

describe('IncrementAsync', () => {
  test('adds to what is there, or to nothing', async () => {
    const script = `local a = store:IncrementAsync("k")
local b = store:IncrementAsync("k", -5)
local c, info = store:IncrementAsync("k", 0, { 7 })
return a, b, c, info:GetUserIds()`;
    expect(await resultsOf(script)).toEqual([1, -4, -4, [7]]);
  });

  test.each(['"a"', '1.5', '{}'])('refuses the value %s', async (value) => {
    await resultsOf(`store:SetAsync("k", ${value})`);
    expect(await errorOf('store:IncrementAsync("k")')).toEqual([
      'TaskScript:4: the value of the key is not a whole number, so it cannot be incremented',
    ]);
  });

  test('refuses half a step', async () => {
    expect(await errorOf('store:IncrementAsync("k", 0.5)')).toEqual([
      "TaskScript:4: invalid argument #2 to 'IncrementAsync' (whole number expected, got number)",
    ]);
  });
});

describe('UpdateAsync', () => {
  test('gives the transform function value and info, and returns the new ones', async () => {
    const script = `store:SetAsync("k", { coins = 1 }, { 7 })
local value, info = store:UpdateAsync("k", function(old, oldInfo)
  old.coins += 1
  return old, oldInfo:GetUserIds(), oldInfo:GetMetadata()
end)
local stored, storedInfo = store:GetAsync("k")
return value, info:GetUserIds(), stored, storedInfo.Version == info.Version`;
    expect(await resultsOf(script)).toEqual([{ coins: 2 }, [7], { coins: 2 }, true]);
  });

  test('begins with nothing for a key that is missing', async () => {
    const script = `local seen
local value = store:UpdateAsync("k", function(...) seen = { n = select("#", ...), ... } return 1 end)
return value, seen`;
    expect(await resultsOf(script)).toEqual([1, { n: 2 }]);
  });

  test('nil leaves all as it was', async () => {
    const script = `local version = store:SetAsync("k", 1)
local value, info = store:UpdateAsync("k", function() return nil end)
local stored, storedInfo = store:GetAsync("k")
return value, info, stored, storedInfo.Version == version`;
    expect(await resultsOf(script)).toEqual([null, null, 1, true]);
  });

  test('a transform function that yields is an error, and nothing is written', async () => {
    expect(await errorOf('store:UpdateAsync("k", function() task.wait() return 1 end)')).toEqual([
      'TaskScript:4: the transform function of UpdateAsync must not yield',
    ]);
    expect(await errorOf('store:UpdateAsync("k", function() store:GetAsync("k") return 1 end)')).toEqual([
      'TaskScript:4: the transform function of UpdateAsync must not yield',
    ]);
    expect(await resultsOf('return (store:GetAsync("k"))')).toEqual([null]);
  });

  test('an error in the transform function is that of its line', async () => {
    expect(await resultsOf('store:UpdateAsync("k", function()\n  error("broken")\nend)')).toEqual(
      scriptError('TaskScript:4: broken'),
    );
  });

  test('calls the function again where another thread was quicker', async () => {
    const script = `local calls, done = 0, 0
for _ = 1, 3 do
  task.spawn(function()
    store:UpdateAsync("k", function(old) calls += 1 return (old or 0) + 1 end)
    done += 1
  end)
end
while done < 3 do task.wait() end
return (store:GetAsync("k")), calls`;
    expect(await resultsOf(script)).toEqual([3, 6]);
  });

  test('calls the function again where another task was quicker', async () => {
    const quick = engineFor();
    let isOvertaken = false;
    const slow: EngineCalls = (call, answer, signal) => {
      if (call.method !== 'GlobalDataStore:UpdateAsync' || isOvertaken) return quick(call, answer, signal);
      isOvertaken = true;
      // Another task writes in between.
      void resultsOf('store:UpdateAsync("k", function(old) return old .. "b" end)', quick).then(() =>
        quick(call, answer, signal),
      );
    };
    const script = `store:SetAsync("k", "a")
local seen = {}
local value = store:UpdateAsync("k", function(old) table.insert(seen, old) return old .. "c" end)
return value, seen`;
    expect(await resultsOf(script, slow)).toEqual(['abc', ['a', 'ab']]);
  });

  test('loses nothing between two tasks that run at once', async () => {
    const script = `for _ = 1, 50 do
  store:UpdateAsync("k", function(old) return (old or 0) + 1 end)
end`;
    await Promise.all([resultsOf(script), resultsOf(script)]);
    expect(await resultsOf('return (store:GetAsync("k"))')).toEqual([100]);
  });

  test('wants a function', async () => {
    expect(await errorOf('store:UpdateAsync("k", 1)')).toEqual([
      "TaskScript:4: invalid argument #2 to 'UpdateAsync' (function expected, got number)",
    ]);
  });
});

describe('ListKeysAsync', () => {
  const READ_ALL = `
local function readAll(pages)
  local all = {}
  while true do
    local names = {}
    for _, key in pages:GetCurrentPage() do table.insert(names, key.KeyName) end
    table.insert(all, table.concat(names, " "))
    if pages.IsFinished then return all end
    pages:AdvanceToNextPageAsync()
  end
end
for _, key in { "b", "a3", "a1", "é", "a2", "B" } do store:SetAsync(key, 1) end
`;
  const list = (body: string) => resultsOf(`${READ_ALL}${body}`);

  test.each([
    ['store:ListKeysAsync()', ['B a1 a2 a3 b é']],
    ['store:ListKeysAsync("a")', ['a1 a2 a3']],
    ['store:ListKeysAsync("x")', ['']],
    ['store:ListKeysAsync("", 4)', ['B a1 a2 a3', 'b é']],
    ['store:ListKeysAsync("a", 3)', ['a1 a2 a3']],
    ['store:ListKeysAsync(nil, 0)', ['B a1 a2 a3 b é']],
    ['store:ListKeysAsync("a", 1)', ['a1', 'a2', 'a3']],
  ])('%s', async (pages, expected) => {
    expect(await list(`return readAll(${pages})`)).toEqual([expected]);
  });

  test('has fifty keys in a page', async () => {
    const script = `for index = 1, 51 do store:SetAsync(\`k{index}\`, 1) end
local pages = store:ListKeysAsync()
local first, isFinished = #pages:GetCurrentPage(), pages.IsFinished
pages:AdvanceToNextPageAsync()
return first, isFinished, #pages:GetCurrentPage(), pages.IsFinished, typeof(pages:GetCurrentPage()[1])`;
    expect(await resultsOf(script)).toEqual([50, false, 1, true, 'Instance']);
  });

  test('a cursor goes on where the page ended, whatever was removed meanwhile', async () => {
    const script = `local pages = store:ListKeysAsync("", 2)
local cursor = pages.Cursor
store:RemoveAsync("a1")
return readAll(store:ListKeysAsync("", 3, cursor)), readAll(store:ListKeysAsync("", 50, "", true))`;
    expect(await list(script)).toEqual([['a2 a3 b', 'é'], ['B a2 a3 b é']]);
  });

  test('removed keys are listed unless they are excluded', async () => {
    const script = `store:RemoveAsync("a2")
return readAll(store:ListKeysAsync("a")), readAll(store:ListKeysAsync("a", 1, nil, true))`;
    expect(await list(script)).toEqual([['a1 a2 a3'], ['a1', 'a3']]);
  });

  test('the last page has no cursor and nothing behind it', async () => {
    const script = `local pages = store:ListKeysAsync()
local ok, problem = pcall(function() pages:AdvanceToNextPageAsync() end)
return pages.Cursor, ok, problem`;
    expect(await resultsOf(script)).toEqual([
      '',
      false,
      'TaskScript:4: there is no further page to advance to',
    ]);
  });

  test.each([
    ['store:ListKeysAsync("", -1)', 'the size of a page must not be negative'],
    [
      'store:ListKeysAsync("", 1.5)',
      "invalid argument #2 to 'ListKeysAsync' (whole number expected, got number)",
    ],
    ['store:ListKeysAsync("", 1, "?")', 'the cursor is none that a page of keys had'],
    ['store:ListKeysAsync({})', "invalid argument #1 to 'ListKeysAsync' (string expected, got table)"],
  ])('%s is an error', async (expression, message) => {
    expect(await errorOf(expression)).toEqual([`TaskScript:4: ${message}`]);
  });
});

test('two universes share nothing', async () => {
  await resultsOf('store:SetAsync("k", 1)', engineFor('11'));
  expect(await resultsOf('return (store:GetAsync("k"))', engineFor('12'))).toEqual([null]);
  expect(await resultsOf('return (store:GetAsync("k"))', engineFor('11'))).toEqual([1]);
});

test('every method yields', async () => {
  const script = `local order = {}
for name, call in {
  Get = function() store:GetAsync("k") end,
  Set = function() store:SetAsync("k", 1) end,
  Update = function() store:UpdateAsync("k", function() return nil end) end,
  Increment = function() store:IncrementAsync("n") end,
  Remove = function() store:RemoveAsync("k") end,
  List = function() store:ListKeysAsync() end,
} do
  local thread = task.spawn(call)
  if coroutine.status(thread) ~= "suspended" then table.insert(order, name) end
end
return order`;
  expect(await resultsOf(script)).toEqual([[]]);
});
