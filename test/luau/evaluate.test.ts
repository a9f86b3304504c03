import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type EvaluateOptions, evaluateLuau } from '../../src/luau/evaluate.ts';
import { FakeClock } from '../helpers/fake-clock.ts';

const evaluate = (source: string, options: Partial<EvaluateOptions> = {}) =>
  evaluateLuau(source, {
    chunkName: '.config.luau',
    timeoutMs: 10_000,
    memoryMiB: 64,
    clock: systemClock,
    ...options,
  });
const failed = (message: string) => ({ ok: false, message });

describe('what a chunk returns', () => {
  test.each<[source: string, json: unknown]>([
    ['return 1', 1],
    ['return "x"', 'x'],
    ['return false', false],
    ['return {}', {}],
    ['return { 1, 2, { "x" } }', [1, 2, ['x']]],
    ['return { luau = { aliases = { a = "./a" } } }', { luau: { aliases: { a: './a' } } }],
    ['local t = { b = 1, a = 2 } t.c = t.a + t.b return t', { a: 2, b: 1, c: 3 }],
    ['return { 1, 2, x = 3 }', { '[1]': 1, '[2]': 2, x: 3 }],
    ['return { [1] = "a", [3] = "c" }', { '[1]': 'a', '[3]': 'c' }],
    ['return { [0] = "a", [1] = "b", [-1.5] = "c" }', { '[0]': 'a', '[1]': 'b', '[-1.5]': 'c' }],
    ['return { 0.1, 1e300, -7, 0/0, math.huge, -math.huge }', [0.1, 1e300, -7, null, null, null]],
    ['return "é漢🎮"', 'é漢🎮'],
    ['return "\\0\\n\\r\\t\\127\\"\\\\/"', '\0\n\r\t\x7f"\\/'],
    ['return "\\255"', '\u{fffd}'],
    ['return { ["\\0\\""] = 1, __proto__ = 2 }', JSON.parse('{"\\u0000\\"": 1, "__proto__": 2}')],
    ['local t = { 1 } return { t, t }', [[1], [1]]],
    [
      'return setmetatable({ 1 }, { __index = error, __len = error, __iter = error, __tostring = error })',
      [1],
    ],
    ['--!strict\nlocal x: number = 5\nreturn x', 5],
    // What a chunk does to its globals is its own business.
    ['tostring, next, type, pcall, error = nil return { 1 }', [1]],
    ['getfenv().rawget = error return { 1 }', [1]],
    ['print("hello", {}, nil) return 1', 1],
    ['return coroutine.wrap(function() coroutine.yield(5) end)()', 5],
    ['return (pcall(error))', false],
    ['return (pcall(string.rep, "x", 1e9))', false],
  ])('%s', async (source, json) => {
    expect(await evaluate(source)).toEqual({ ok: true, json });
  });
});

describe('what is no data', () => {
  const must = 'and must be a string, number, boolean or table';
  test.each([
    ['return nil', `the returned value is of type nil, ${must}`],
    ['return print', `the returned value is of type function, ${must}`],
    ['return { a = { 1, { b = print } } }', `"a.[2].b" is of type function, ${must}`],
    ['return buffer.create(1)', `the returned value is of type buffer, ${must}`],
    ['return { v = vector.create(1, 2, 3) }', `"v" is of type vector, ${must}`],
    ['return { t = coroutine.create(print) }', `"t" is of type thread, ${must}`],
    [
      'return { [true] = 1 }',
      'the returned value has a key of type boolean, and keys must be strings or numbers',
    ],
    ['return { a = { [{}] = 1 } }', '"a" has a key of type table, and keys must be strings or numbers'],
    ['local t = {} t.t = t return t', '"t.t.t.t.t.t.t.t…" lies more than 100 tables deep, or in a circle'],
    ['return', 'it must return exactly one value, not 0'],
    ['local x = 1', 'it must return exactly one value, not 0'],
    ['', 'it must return exactly one value, not 0'],
    ['return 1, nil', 'it must return exactly one value, not 2'],
  ])('%s', async (source, message) => {
    expect(await evaluate(source)).toEqual(failed(message));
  });

  test('a value may lie in 100 tables', async () => {
    const nest = (depth: number) => `local t = 1 for _ = 1, ${depth} do t = { t } end return t`;
    expect(await evaluate(nest(100))).toMatchObject({ ok: true });
    expect(await evaluate(nest(101))).toMatchObject({ ok: false });
  });
});

describe('errors are in the words of Luau', () => {
  test.each([
    ['of syntax', 'local a = 1\nreturn 5 5', ".config.luau:2: Expected <eof>, got '5'"],
    [
      'of syntax in a string',
      '\n\nreturn "x',
      '.config.luau:3: Malformed string; did you forget to finish it?',
    ],
    ['when it runs', '\n\nreturn nil .. "x"', '.config.luau:3: attempt to concatenate nil with string'],
    ['in a function', 'local function f()\nerror("no")\nend\nf()', '.config.luau:2: no'],
    ['without a place', 'error("no", 0)', 'no'],
    ['with other letters', 'error("é漢", 0)', 'é漢'],
    ['that are numbers', 'error(5, 0)', '5'],
    ['that are tables', 'error({})', 'it ended with an error of type table'],
    ['that are nothing', 'error()', 'it ended with an error of type nil'],
    ['of depth', 'local function f()\nreturn f() + 1 end\nreturn f()', '.config.luau:2: stack overflow'],
    ['of depth in C', 'local function f() table.sort({ 1, 2 }, f) end\nf()', 'C stack overflow'],
    ['of a library', 'string.rep = 5', '.config.luau:1: attempt to modify a readonly table'],
    ['of yielding', '\ncoroutine.yield()\nreturn 1', '.config.luau:2: it cannot yield'],
    ['of yielding far away', '\npcall(function()\ncoroutine.yield() end)', '.config.luau:3: it cannot yield'],
  ])('%s', async (_name, source, message) => {
    expect(await evaluate(source)).toEqual(failed(message));
  });

  test('with the name that it was given', async () => {
    const result = await evaluate('x()', { chunkName: 'bücher/.config.luau' });
    expect(result).toEqual(failed('bücher/.config.luau:1: attempt to call a nil value'));
  });
});

describe('limits', () => {
  test.each([
    ['a busy loop', 'while true do end'],
    ['a loop that catches everything', 'while true do pcall(function() while true do end end) end'],
    ['a loop inside C', 'return string.rep("a", 1e5):find(("a-"):rep(30) .. "b")'],
    [
      'a table that is small and has no end',
      'local t = {} for i = 1, 60 do t = { a = t, b = t } end return t',
    ],
  ])('%s is stopped', async (_name, source) => {
    expect(await evaluate(source, { timeoutMs: 150 })).toEqual(failed('it did not finish within 0.15 s'));
  });

  test('time is that of the clock', async () => {
    const clock = new FakeClock();
    const stop = clock.startAutomatic();
    expect(await evaluate('while true do end', { clock, timeoutMs: 2_000 })).toEqual(
      failed('it did not finish within 2 s'),
    );
    stop();
    expect(clock.sleeps).toEqual([2_000]);
  });

  test('nothing sleeps on when all is over', async () => {
    const clock = new FakeClock();
    expect(await evaluate('return 1', { clock })).toEqual({ ok: true, json: 1 });
    expect(clock.pendingSleeps).toBe(0);
  });

  test.each([
    ['a string', 'return string.rep("x", 1e9)'],
    ['strings', 'local t = {} while true do t[#t + 1] = string.rep("x", 1e6) .. #t end'],
    ['tables', 'local t = {} for i = 1, 1e9 do t[i] = { i } end'],
    ['a buffer', 'buffer.create(2^29)'],
    ['what it returns', 'return string.rep("x", 4e7)'],
  ])('no memory is left for %s', async (_name, source) => {
    expect(await evaluate(source)).toEqual(failed('not enough memory'));
  });

  test('memory is what was given', async () => {
    const source = 'return (pcall(buffer.create, 40 * 1024 * 1024))';
    expect(await evaluate(source, { memoryMiB: 32 })).toEqual({ ok: true, json: false });
    expect(await evaluate(source, { memoryMiB: 64 })).toEqual({ ok: true, json: true });
  });
});

describe('a signal', () => {
  test('that has come starts nothing', async () => {
    await expect(evaluate('return 1', { signal: AbortSignal.abort('stop') })).rejects.toBe('stop');
  });

  test('that comes ends the wait', async () => {
    const stop = new AbortController();
    const result = evaluate('while true do end', { signal: stop.signal });
    await systemClock.sleep(50);
    stop.abort('stop');
    await expect(result).rejects.toBe('stop');
  });

  test('that never comes changes nothing', async () => {
    expect(await evaluate('return 1', { signal: new AbortController().signal })).toEqual({
      ok: true,
      json: 1,
    });
  });
});

describe('a chunk finds the standard library and nothing else', () => {
  test('of globals', async () => {
    const source = `
      local names = {}
      for name in getmetatable(getfenv()).__index do table.insert(names, name) end
      for name in getfenv() do table.insert(names, name) end
      table.sort(names)
      return table.concat(names, " ")`;
    expect(await evaluate(source)).toEqual({
      ok: true,
      json:
        '_G _VERSION assert bit32 buffer coroutine debug error gcinfo getfenv getmetatable ipairs math newproxy next ' +
        'os pairs pcall print rawequal rawget rawlen rawset select setfenv setmetatable string table tonumber ' +
        'tostring type typeof unpack utf8 vector xpcall',
    });
  });

  test.each(['host', 'require', 'game', 'task', 'loadstring', 'io', 'wait', 'shared', '__typeof'])(
    'no %s',
    async (name) => {
      expect(
        await evaluate(`return { ${name} == nil, getfenv(0).${name} == nil, getfenv(print).${name} == nil }`),
      ).toEqual({
        ok: true,
        json: [true, true, true],
      });
    },
  );

  test('nor what is around it', async () => {
    const source = 'return { debug.info(1, "s"), debug.info(2, "s") == nil, select("#", ...) }';
    expect(await evaluate(source)).toEqual({ ok: true, json: ['.config.luau', true, 0] });
  });

  test('nor what another has left', async () => {
    await evaluate('left = 1 return 1');
    expect(await evaluate('return left == nil')).toEqual({ ok: true, json: true });
  });
});
