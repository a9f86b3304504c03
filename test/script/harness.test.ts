import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SyntaxChecker } from '../../src/script/check-syntax.ts';
import { createResultEncoder } from '../../src/script/encode-results.ts';
import { createHarness, readRunControl, setRunId } from '../../src/script/harness.ts';
import { CONTROL_MAP } from '../../src/task/control-channel.ts';
import { nameLiveQueue } from '../../src/task/live-source.ts';
import { createScriptProject, type ScriptProject } from '../helpers/script-project.ts';

const RUN_ID = 'mgxk3b9f-4fzyo82mvyr';
const BOTH = { isCancellable: true, isLive: true, pollSeconds: 2, liveSeconds: 1 };
const harness = createHarness(BOTH);

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject();
});
afterEach(() => project.remove());

/** What a user sees of a script, as it is and with a harness behind it. */
async function runBoth(text: string) {
  await project.write({ 'main.luau': text });
  const scriptArguments = new Map([['day', 'monday']]);
  const { script: _alone, ...plain } = await project.run('main.luau', { scriptArguments });
  const { script, ...wrapped } = await project.run('main.luau', { scriptArguments, wrappings: [harness] });
  return { script, plain, wrapped };
}

describe('a script behaves with a harness as it does without one', () => {
  test.each([
    ['that is empty', ' \n'],
    ['that is a comment', '-- nothing'],
    ['with directives', '--!strict\n--!optimize 2\nreturn 1'],
    ['that returns nothing', 'print("x")'],
    ['that returns values with holes', 'return 1, nil, {1, nil, 3}, nil'],
    ['that returns 7,000 values', 'return table.unpack(table.create(7000, 7))'],
    ['that waits and returns', 'task.wait(0.01)\nreturn ARGS.day'],
    ['that fails in a function', 'local function f()\n  error("boom")\nend\nf()'],
    ['that fails after a wait', 'task.wait(0.01)\nlocal function f(t)\n  return t.x.y\nend\nreturn f({})'],
    ['that fails at another level', 'local function f()\n  error("bad", 2)\nend\n\nf()'],
    ['that fails without a place', 'error("just words", 0)'],
    ['that fails with a table', 'task.wait(0.01)\nerror({code = 1})'],
    ['that fails with an object', 'error(setmetatable({}, {__tostring = function() return "mine" end}))'],
    ['that fails with nil', 'error()'],
    ['that fails with a number', 'error(5)'],
    ['that fails in a coroutine', 'coroutine.wrap(function()\n  error("inside")\nend)()'],
    ['that recurses without end', 'local function f()\n  return 1 + f()\nend\nf()'],
    ['that fails in a thread of its own', 'task.spawn(function()\n  error("there")\nend)\nreturn 1'],
    ['that catches what it fails with', 'return pcall(function()\n  error("caught")\nend)'],
    ['that says what the harness says', 'warn("luau-exec: error stack\\nTaskScript:1")\nreturn 1'],
    [
      'whose thread is cancelled',
      'local me = coroutine.running()\ntask.delay(0.01, task.cancel, me)\ntask.wait(9)',
    ],
    [
      'that is resumed by hand',
      'local me = coroutine.running()\ntask.delay(0.01, coroutine.resume, me, 5)\nreturn coroutine.yield()',
    ],
    ['that takes away what it is built on', 'warn, task, game, print = nil, nil, nil, nil\nreturn 1'],
    ['that never names a value', 'return ...'],
    ['with as many locals as there can be', `${'local a = 1\n'.repeat(199)}return a`],
    ['with a type that it exports', 'export type T = number\nlocal t: T = 5\nreturn t'],
  ])('%s', async (_, text) => {
    const { plain, wrapped } = await runBoth(text);
    expect(wrapped).toEqual(plain);
  });

  test('together with the encoder of results', async () => {
    await project.write({ 'main.luau': 'task.wait(0.01)\nreturn 0/0, buffer.fromstring("a")' });
    const encoder = createResultEncoder({ hasBinaryOutput: false });
    const { results } = await project.run('main.luau', { wrappings: [harness, encoder] });
    expect(results).toEqual(['$luau:nan', '$luau:buffer:YQ==']);
  });

  test('with its modules', async () => {
    const files = {
      'main.luau': 'local lib = require("./lib")\nprint(lib.name)\nlib.fail()',
      'lib.luau':
        'return {\n  name = "lib",\n  fail = function()\n    task.wait(0.01)\n    error("in lib")\n  end,\n}',
    };
    await project.write(files);
    const { script: _alone, ...plain } = await project.run('main.luau');
    const { script: _wrapped, ...wrapped } = await project.run('main.luau', { wrappings: [harness] });
    expect(wrapped).toEqual(plain);
    expect(plain.error?.message).toBe('lib.luau:5: in lib');
  });
});

describe('the harness', () => {
  test('adds less than 2 KB to a chunk', async () => {
    await project.write({ 'main.luau': 'return 1' });
    const { text } = await project.compose('main.luau', { wrappings: [harness] });
    expect(setRunId(text, RUN_ID).length - 'return 1'.length).toBeLessThan(2_048);
  });

  test('is Luau that compiles, and moves no line', async () => {
    await project.write({ 'main.luau': '--!strict\n\nprint(1)\nreturn 2' });
    const script = await project.compose('main.luau', { wrappings: [harness] });
    expect(() => new SyntaxChecker().check(script)).not.toThrow();
    expect(script.text.startsWith('--!strict\n\nlocal __script=function(...) print(1)\nreturn 2\n')).toBe(
      true,
    );
    expect([1, 3, 4].map((line) => script.positionOf(line)?.line)).toEqual([1, 3, 4]);
    expect(script.positionOf(6)).toBeNull();
  });

  test.each([
    [{ isCancellable: true, isLive: true }, 'cancelling and live log messages'],
    [{ isCancellable: true, isLive: false }, 'cancelling'],
    [{ isCancellable: false, isLive: true }, 'live log messages'],
  ])('of %j is known by its chunk', async (options, loss) => {
    await project.write({ 'main.luau': 'return [[local runId,game,task,warn,main="other"]]' });
    const wrappings = [createHarness({ ...options, pollSeconds: 0.5, liveSeconds: 4 })];
    const { text } = await project.compose('main.luau', { wrappings });
    const chunk = setRunId(text, RUN_ID);
    expect(readRunControl(chunk)).toEqual({ runId: RUN_ID, ...options });
    expect(chunk).toContain(`"${loss} may not work"`);
    expect(chunk.split('\n')).toHaveLength(text.split('\n').length);
  });

  test('is none where there is none', () => {
    expect(readRunControl('return 1')).toBeNull();
    expect(setRunId('return 1', RUN_ID)).toBe('return 1');
  });

  test('knows the names that the other side uses', () => {
    const chunk = harness.after;
    expect(chunk).toContain(`GetSortedMap("${CONTROL_MAP}")`);
    expect(chunk).toContain(`GetQueue("${nameLiveQueue('')}"..runId)`);
  });
});
