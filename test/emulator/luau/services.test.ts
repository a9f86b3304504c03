import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runOnFakeClock, scriptError } from '../../helpers/run-script.ts';

let clock: FakeClock;
let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32, whileBusy: () => clock.hold() });
});
beforeEach(() => {
  clock = new FakeClock();
});
afterAll(() => runLuau.close());

async function resultsOf(script: string): Promise<unknown> {
  const { result } = await runOnFakeClock(runLuau, clock, script);
  return result.kind === 'complete' ? result.results : result;
}

describe('game', () => {
  test.each([
    ['return game.GameId, game.PlaceId, game.PlaceVersion, game.JobId', [11, 22, 33, 'job-44']],
    [
      'return typeof(game), type(game), game.ClassName, tostring(game)',
      ['Instance', 'userdata', 'DataModel', 'Game'],
    ],
    ['return game:GetService("HttpService") == game.HttpService', [true]],
    ['return typeof(vector.create(1, 2, 3)), typeof(1), typeof({})', ['Vector3', 'number', 'table']],
  ])('%s', async (script, results) => {
    expect(await resultsOf(script)).toEqual(results);
  });
});

describe('what is not emulated says so, in the line of the script', () => {
  test.each([
    ['game:GetService("Players")', 'Players is not emulated'],
    ['game.Players', 'Players is not emulated'],
    ['game:GetService("HttpService"):GetAsync("x")', 'HttpService.GetAsync is not emulated'],
    [
      'game.MemoryStoreService:GetQueue("x"):GetSizeAsync()',
      'MemoryStoreQueue:GetSizeAsync has nothing to talk to here',
    ],
    ['workspace.Part', 'workspace is not emulated'],
    ['workspace:GetChildren()', 'workspace is not emulated'],
    ['Instance.new("Part")', 'Instance is not emulated'],
    ['Vector3.new(1, 2, 3)', 'Vector3 is not emulated'],
    ['Enum.Material.Wood', 'Enum.Material is not emulated'],
    ['script.Parent', 'script is not emulated'],
    ['UserSettings()', 'UserSettings is not emulated'],
    ['require(1)', 'the emulator holds no modules; require needs a ModuleScript of the place'],
  ])('%s', async (expression, message) => {
    const script = `local function use()\n  return ${expression}\nend\nlocal value = use()`;
    expect(await resultsOf(script)).toEqual(scriptError(`TaskScript:2: luau-exec emulator: ${message}`));
  });

  test('setting a property', async () => {
    expect(await resultsOf('\nworkspace.Gravity = 1')).toEqual(
      scriptError('TaskScript:2: luau-exec emulator: setting workspace.Gravity is not emulated'),
    );
  });

  test('naming it is allowed', async () => {
    expect(await resultsOf('return script ~= nil and workspace ~= nil')).toEqual([true]);
  });
});

describe('HttpService', () => {
  const http = (expression: string) =>
    resultsOf(`local Http = game:GetService("HttpService") return ${expression}`);

  test.each([
    ['Http:JSONEncode({ b = { 1, 2 }, a = "x" })', ['{"a":"x","b":[1,2]}']],
    ['Http:JSONEncode({})', ['[]']],
    ['Http:JSONEncode({ 1, 2, x = 3 })', ['[1,2]']],
    ['Http:JSONEncode("text")', ['"text"']],
    ['Http:JSONEncode({ 0/0, 1/0 })', ['[nan,inf]']],
    [String.raw`Http:JSONEncode("\1\"\\/é")`, [String.raw`"\u0001\"\\/é"`]],
    [
      `Http:JSONDecode('{"a":[1,-2.5e3,true,false,"x"],"b":{}}')`,
      [{ a: [1, -2500, true, false, 'x'], b: [] }],
    ],
    [String.raw`Http:JSONDecode('"\\u00e9\\ud83d\\ude00\\n\\/"')`, ['é😀\n/']],
    ["Http:JSONDecode('[null, 1]')[2]", [1]],
    ["Http:JSONDecode(' 1 ')", [1]],
    ['Http:UrlEncode("Je suis allé au cinéma.")', ['Je%20suis%20all%C3%A9%20au%20cin%C3%A9ma%2E']],
  ])('%s', async (expression, results) => {
    expect(await http(expression)).toEqual(results);
  });

  test('what goes out comes back', async () => {
    const data = '{ list = { 1, { 2 } }, text = "\\0\\31é", flag = false, number = 0.1 }';
    expect(await http(`Http:JSONDecode(Http:JSONEncode(${data}))`)).toEqual([
      { list: [1, [2]], text: '\0\x1fé', flag: false, number: 0.1 },
    ]);
  });

  test.each([
    '',
    '{',
    '[1,]',
    '[1 2]',
    '{"a" 1}',
    '{1:2}',
    '"x',
    '"\\q"',
    '"\\u12g4"',
    'nul',
    '1 2',
    '--1',
    '\\',
  ])('JSONDecode refuses %j', async (text) => {
    expect(await http(`(Http:JSONDecode([==[${text}]==]))`)).toEqual(
      scriptError("TaskScript:1: Can't parse JSON"),
    );
  });

  test.each([
    ['Http.JSONEncode({})', "Expected ':' not '.' calling member function JSONEncode"],
    ['Http:JSONDecode(5)', "invalid argument #1 to 'JSONDecode' (string expected, got number)"],
    [
      'Http:JSONEncode((function() local t = {} t.t = t return t end)())',
      'tables that contain themselves cannot be made into JSON',
    ],
    ['Http:JSONEncode(buffer.create(1))', 'luau-exec emulator: a buffer as JSON is not emulated'],
  ])('%s is an error', async (expression, message) => {
    expect(await http(expression)).toEqual(scriptError(`TaskScript:1: ${message}`));
  });

  test('GenerateGUID makes version 4 UUIDs, in braces unless told otherwise', async () => {
    const results = await http('Http:GenerateGUID(), Http:GenerateGUID(false), Http:GenerateGUID(true)');
    const uuid = '[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}';
    expect(results).toEqual([
      expect.stringMatching(`^\\{${uuid}\\}$`),
      expect.stringMatching(`^${uuid}$`),
      expect.stringMatching(`^\\{${uuid}\\}$`),
    ]);
    expect(new Set([results].flat()).size).toBe(3);
  });
});

describe('RunService', () => {
  const run = (body: string) => resultsOf(`local Run = game:GetService("RunService") ${body}`);

  test('says what a task is', async () => {
    expect(
      await run('return Run:IsServer(), Run:IsClient(), Run:IsStudio(), Run:IsRunning(), Run:IsRunMode()'),
    ).toEqual([true, false, false, false, false]);
  });

  test('Heartbeat beats sixty times a second', async () => {
    const results = await run(`local beats, total = 0, 0
      Run.Heartbeat:Connect(function(dt) beats += 1 total += dt end)
      task.wait(10)
      return beats > 300 and beats <= 601, total > 5 and total < 10.5`);
    expect(results).toEqual([true, true]);
  });

  test.each([
    [
      'Wait returns the time since the last beat',
      'local dt = Run.Heartbeat:Wait() return dt >= 1/60 and dt < 0.5',
      [true],
    ],
    ['Once is once', 'local n = 0 Run.Heartbeat:Once(function() n += 1 end) task.wait(1) return n', [1]],
    [
      'Disconnect stops it',
      'local n, c = 0, nil c = Run.Heartbeat:Connect(function() n += 1 if n == 3 then c:Disconnect() end end) task.wait(1) return n, c.Connected',
      [3, false],
    ],
    [
      'Stepped never fires',
      'local n = 0 Run.Stepped:Connect(function() n += 1 end) task.wait(1) return n',
      [0],
    ],
    [
      'typeof',
      'return typeof(Run.Heartbeat), typeof(Run.Heartbeat:Connect(print))',
      ['RBXScriptSignal', 'RBXScriptConnection'],
    ],
  ])('%s', async (_name, body, results) => {
    expect(await run(body)).toEqual(results);
  });

  test('an error in a handler is logged and the next one runs', async () => {
    const { result, logs } = await runOnFakeClock(
      runLuau,
      clock,
      `local beat = game:GetService("RunService").Heartbeat
      beat:Once(function() error("broken") end)
      local ran = false
      beat:Once(function() ran = true end)
      task.wait(0.1)
      return ran`,
    );
    expect(result).toEqual({ kind: 'complete', results: [true] });
    expect(logs.map((entry) => entry.message.split('\n')[0])).toEqual(['TaskScript:2: broken']);
  });

  test('Connect wants a function', async () => {
    expect(await run('\nRun.Heartbeat:Connect(5)')).toEqual(
      scriptError('TaskScript:2: Attempt to connect failed: Passed value is not a function'),
    );
  });
});
