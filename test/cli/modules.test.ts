import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useLuauSessions } from '../helpers/luau-session.ts';

const openWithLuau = useLuauSessions();

/** A module whose function fails on its line 4, required by a script that calls it on its line 3. */
const BROKEN = {
  'main.luau': 'local lib = require("./lib/level")\n\nlib.levelOf({})\n',
  'lib/level.luau':
    'local level = {}\nfunction level.levelOf(player)\n  local stats = player.stats\n  return stats.level\nend\nreturn level\n',
};
const MESSAGE = "lib/level.luau:4: attempt to index nil with 'level'";
const STACK = [
  'Stack Begin',
  "Script 'lib/level.luau', Line 4 - function levelOf",
  "Script 'main.luau', Line 3",
  'Stack End',
];

describe('a script with modules', () => {
  it('is sent as one chunk, and its values are those of the script', async () => {
    const { session, chunks } = await openWithLuau({
      'main.luau': 'local lib = require("./lib")\nprint(lib.name)\nreturn lib.twice(21)\n',
      'lib.luau': 'return { name = "lib", twice = function(n) return 2 * n end }\n',
    });
    const { exitCode, stdout, stderr } = await session.run('run', 'main.luau', '-q');
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '42\n', stderr: 'lib\n' });
    const bundled = await session.run('bundle', 'main.luau');
    expect(chunks).toEqual([bundled.stdout]);
  });

  it('is named by its file, with the hash of the chunk', async () => {
    const { session } = await openWithLuau(BROKEN);
    const { stdout } = await session.run('run', 'main.luau', '--json');
    const checked = await session.run('check', 'main.luau', '--json');
    expect(JSON.parse(stdout).script).toEqual(JSON.parse(checked.stdout).script);
  });
});

describe('an error in a module', () => {
  it('is told at its file and line, with the code and the way there', async () => {
    const { session } = await openWithLuau(BROKEN);
    const { exitCode, stdout, stderr } = await session.run('run', 'main.luau', '-q');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      [
        `error: ${MESSAGE}`,
        '',
        '  2 | function level.levelOf(player)',
        '  3 |   local stats = player.stats',
        '> 4 |   return stats.level',
        '  5 | end',
        '',
        '  at lib/level.luau:4 in levelOf',
        '  at main.luau:3',
        '',
      ].join('\n'),
    );
  });

  it('is told with --json in the error and in the logs', async () => {
    const { session } = await openWithLuau(BROKEN);
    const { exitCode, stdout } = await session.run('run', 'main.luau', '--json');
    expect(exitCode).toBe(1);
    const { error, logs } = JSON.parse(stdout);
    expect(error).toMatchObject({
      id: 'LX101',
      code: 'SCRIPT_ERROR',
      message: MESSAGE,
      file: 'lib/level.luau',
      line: 4,
      column: null,
      traceback: [
        { file: 'lib/level.luau', line: 4, function: 'levelOf' },
        { file: 'main.luau', line: 3, function: null },
      ],
    });
    expect(logs.messages).toMatchObject([{ level: 'ERROR', message: [MESSAGE, ...STACK].join('\n') }]);
  });

  it('is told in the file and on the stream that --logs names', async () => {
    const { session } = await openWithLuau(BROKEN);
    const log = [MESSAGE, ...STACK, ''].join('\n');
    expect(await session.run('run', 'main.luau', '--logs', 'out.txt')).toMatchObject({ exitCode: 1 });
    expect(readFileSync(join(session.cwd, 'out.txt'), 'utf8')).toBe(log);
    const streamed = await session.run('run', 'main.luau', '-q', '--logs', 'stdout');
    expect(streamed.stdout).toBe(`[error] ${log}`);
    expect(streamed.stderr).toMatch(new RegExp(`^error: ${MESSAGE}\n`));
  });

  it('while it is loaded is told at its line, and at the require', async () => {
    const { session } = await openWithLuau({
      'main.luau': '\nlocal lib = require("./lib")\n',
      'lib.luau': '\n\nerror("not today")\nreturn nil\n',
    });
    const { stdout } = await session.run('run', 'main.luau', '--json');
    expect(JSON.parse(stdout).error).toMatchObject({
      message: 'lib.luau:3: not today',
      file: 'lib.luau',
      line: 3,
      traceback: [
        { file: 'lib.luau', line: 3 },
        { file: 'main.luau', line: 2 },
      ],
    });
  });

  it('of another thread stays in the logs, on the lines of its file', async () => {
    const { session } = await openWithLuau({
      ...BROKEN,
      'main.luau':
        'local lib = require("./lib/level")\ntask.spawn(function()\n  lib.levelOf({})\nend)\nlib.levelOf({ stats = {} })\nlib.levelOf({})\n',
    });
    const { stderr } = await session.run('run', 'main.luau', '-q');
    const [logs = '', block = ''] = stderr.split(/^(?=error: )/m);
    expect(logs).toBe(
      `[error] ${[MESSAGE, ...STACK.slice(0, 2), "Script 'main.luau', Line 3", 'Stack End', ''].join('\n')}`,
    );
    expect(block).toContain('  at lib/level.luau:4 in levelOf\n  at main.luau:6\n');
  });
});

describe('positions in what a script says', () => {
  const files = {
    'main.luau': 'return require("./lib")()\n',
    'lib.luau': [
      'return function()',
      '  local _, problem = pcall(error, "TaskScript:1: told")',
      '  local _, own = pcall(function() error("own") end)',
      '  warn(own)',
      '  print(own)',
      '  task.spawn(error, own)',
      '  return own, problem',
      'end',
      '',
    ].join('\n'),
  };

  it('are those of the files in warnings and errors, and stay in output and results', async () => {
    const { session, chunks } = await openWithLuau(files);
    const { exitCode, stdout } = await session.run('run', 'main.luau', '--json');
    expect(exitCode).toBe(0);
    const { logs, results } = JSON.parse(stdout);
    const line = (chunks[0] ?? '').split('\n').findIndex((text) => text.includes('error("own")')) + 1;
    expect(line).toBeGreaterThan(3);
    expect(logs.messages).toMatchObject([
      { level: 'WARNING', message: 'lib.luau:3: own' },
      { level: 'OUTPUT', message: `TaskScript:${line}: own` },
      { level: 'ERROR', message: expect.stringMatching(/^lib\.luau:3: own(\n|$)/) },
    ]);
    expect(results).toEqual([`TaskScript:${line}: own`, 'TaskScript:1: told']);
  });

  it('are those of the files in what debug.traceback() says, and lines of the bundle are in none', async () => {
    const { session } = await openWithLuau({
      'main.luau': 'local lib = require("./lib")\nlib()\n',
      'lib.luau': 'return function()\n  warn(debug.traceback("here"))\nend\n',
    });
    const { stderr } = await session.run('run', 'main.luau', '-q');
    expect(stderr).toBe('[warning] here\nlib.luau:2\nmain.luau:2\n\n');
  });

  it('are the same on the screen', async () => {
    const { session } = await openWithLuau(files);
    const { stdout, stderr } = await session.run('run', 'main.luau', '-q');
    expect(stderr).toContain('[warning] lib.luau:3: own\n');
    expect(stderr).toMatch(/^TaskScript:\d+: own$/m);
    expect(stderr).toContain('[error] lib.luau:3: own');
    expect(stdout).toMatch(/^"TaskScript:\d+: own"\n"TaskScript:1: told"\n$/);
  });
});
