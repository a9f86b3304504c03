import { describe, expect, it } from 'vitest';
import { API_KEY, type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';
import { MemoryKeyring } from '../helpers/memory-keyring.ts';

const open = useCliSessions();

const FILES = {
  'fine.luau': 'local lib = require("./lib")\nreturn lib.name\n',
  'lib.luau': 'return { name = "lib" }\n',
  'syntax.luau': 'local a = 1\nlocal b = = 2\nreturn a\n',
  'missing.luau': 'local a = 1\nreturn require("./nowhere")\n',
  'roblox.luau': 'local own = require(script.Parent.Own)\nreturn require("@game/ReplicatedStorage/Theirs")\n',
};
const SYNTAX = "syntax.luau:2:11: syntax error: Expected identifier when parsing expression, got '='";
const MISSING = 'missing.luau:2:8: there is no module nowhere';
const WARNINGS = [
  'roblox.luau:1:13: require(script.Parent.Own) is left to Roblox',
  'roblox.luau:2:8: require("@game/ReplicatedStorage/Theirs") is left to Roblox',
];
const ALL = ['syntax.luau', 'fine.luau', 'missing.luau', 'roblox.luau'];

/** A machine on which nothing is set, with a config file that nobody could read. */
const BARE: CliSessionOptions = {
  files: { ...FILES, '.luauexecrc': '{{{ neither JSON nor YAML' },
  env: {
    ROBLOX_API_KEY: undefined,
    ROBLOX_UNIVERSE_ID: undefined,
    ROBLOX_PLACE_ID: undefined,
    LUAU_EXEC_BASE_URL: 'no URL',
    LUAU_EXEC_TIMEOUT: 'no duration',
  },
};

describe('check', () => {
  it('tells of each script what is wrong with it, at its line and column', async () => {
    const session = await open({ files: FILES });
    const { exitCode, stdout, stderr } = await session.run('check', ...ALL);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.split('\n').filter((line) => /^(error|warning)|fine$/.test(line))).toEqual([
      `error: ${SYNTAX}`,
      'fine.luau is fine',
      `error: ${MISSING}`,
      ...WARNINGS.map((warning) => `warning: ${warning}`),
      'roblox.luau is fine',
    ]);
    expect(stderr).toContain(
      '  1 | local a = 1\n> 2 | local b = = 2\n    |           ^\n  3 | return a\n\nhint: correct it',
    );
    expect(stderr).toContain('  require("./nowhere")\n  looked for nowhere.luau, nowhere.lua');
    expect(stderr).toContain('> 2 | return require("./nowhere")\n    |        ^');
  });

  it('needs no key, no ids and no settings, asks for none, and sends nothing', async () => {
    const keyring = new MemoryKeyring();
    const session = await open({ ...BARE, keyring });
    expect(await session.run('check', 'fine.luau')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'fine.luau is fine\n',
    });
    expect(await session.run('check', 'syntax.luau', '-q')).toMatchObject({ exitCode: 2 });
    expect(session.requests).toEqual([]);
    expect(keyring.reads).toEqual([]);
  });

  it('--json is one envelope for one script', async () => {
    const session = await open({ files: FILES });
    const { exitCode, stdout, stderr } = await session.run('check', 'syntax.luau', '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      schema: 'luau-exec.result/v1',
      ok: false,
      exitCode: 2,
      outcome: 'usage',
      script: { name: 'syntax.luau', sha256: null },
      task: null,
      results: null,
      error: {
        id: 'LX006',
        code: null,
        message: SYNTAX,
        facts: [],
        hint: expect.stringContaining('--no-check'),
        file: 'syntax.luau',
        line: 2,
        column: 11,
        traceback: [],
        httpStatus: null,
        taskPath: null,
        attempts: [],
      },
      logs: null,
      timing: null,
      placeFile: null,
      binaryInput: null,
      binaryOutput: null,
      warnings: [],
    });
  });

  it('--json is one document for several, in their order', async () => {
    const session = await open({ files: FILES });
    const { exitCode, stdout, stderr } = await session.run('check', ...ALL, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ schema: 'luau-exec.results/v1', ok: false, exitCode: 2 });
    expect(document.runs).toMatchObject([
      { script: { name: 'syntax.luau' }, error: { id: 'LX006', file: 'syntax.luau', line: 2, column: 11 } },
      { script: { name: 'fine.luau' }, ok: true, exitCode: 0, error: null, warnings: [] },
      { script: { name: 'missing.luau' }, error: { id: 'LX016', file: 'missing.luau', line: 2, column: 8 } },
      {
        script: { name: 'roblox.luau', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        ok: true,
        warnings: WARNINGS.map((message) => ({ id: 'LX305', message, hint: null })),
      },
    ]);
  });

  it('says nothing at -q of what is fine, and everything of what is not', async () => {
    const session = await open({ files: FILES });
    expect(await session.run('check', 'fine.luau', '-q')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(await session.run('check', 'roblox.luau', '-q')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: WARNINGS.map((warning) => `warning: ${warning}\n`).join(''),
    });
    const { stderr } = await session.run('check', 'fine.luau', 'missing.luau', '-q');
    expect(stderr).toMatch(new RegExp(`^error: ${MISSING}\n`));
  });

  it('tells a mistake in a module at the line of the module, and who requires it', async () => {
    const session = await open({
      files: { ...FILES, 'lib.luau': 'local lib = {}\nlib.name == "lib"\nreturn lib\n' },
    });
    const { exitCode, stdout } = await session.run('check', 'fine.luau', '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      script: { name: 'fine.luau' },
      error: {
        id: 'LX006',
        file: 'lib.luau',
        line: 2,
        column: null,
        facts: ['lib.luau is required by fine.luau:1'],
      },
    });
  });

  it('looks at code from standard input and from -e, whose modules lie in the working directory', async () => {
    const session = await open({ files: FILES, stdin: 'return require("./lib").name, +\n' });
    const { exitCode, stdout } = await session.run(
      'check',
      '-',
      '-e',
      'return require("./lib")',
      '-e',
      'x',
      '--json',
    );
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).runs).toMatchObject([
      { script: { name: '-e' }, ok: true },
      { script: { name: '-e' }, error: { id: 'LX006', file: '-e', line: 1 } },
      { script: { name: '-' }, error: { id: 'LX006', file: '-' } },
    ]);
  });

  it('goes on after scripts that cannot be read', async () => {
    const session = await open({ files: { ...FILES, 'empty.luau': '', 'latin.luau': Buffer.from([0xe9]) } });
    const argv = ['check', 'gone.luau', 'empty.luau', '.git', 'latin.luau', './fine.luau', 'syntax.luau'];
    const { exitCode, stdout } = await session.run(...argv, '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).runs).toMatchObject([
      {
        script: { name: 'gone.luau' },
        error: { id: 'LX008', message: 'cannot read gone.luau: there is no such file' },
      },
      { script: { name: 'empty.luau' }, error: { id: 'LX008', message: 'empty.luau is empty' } },
      { script: { name: '.git' }, error: { id: 'LX008', message: 'there is no .luau file in .git' } },
      { script: { name: 'latin.luau' }, error: { id: 'LX008', message: 'latin.luau is not UTF-8 text' } },
      { script: { name: 'fine.luau' }, ok: true },
      { script: { name: 'syntax.luau' }, error: { id: 'LX006' } },
    ]);
  });

  it('says which arguments it cannot read before it looks at a script', async () => {
    const session = await open({ files: FILES });
    const { exitCode, stdout, stderr } = await session.run('check', 'syntax.luau', '--arg-json', 'a={');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: the value of --arg-json "a" is not JSON/);
    expect(stderr).not.toContain('syntax.luau');
  });

  it('wants a script', async () => {
    const session = await open();
    const { exitCode, stderr } = await session.run('check');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: "error: no script was named\n\nhint: name a file, - for stdin, or code with -e 'return 1'\n",
    });
  });

  it('shows no key in the lines around a mistake, and no name that moves the cursor', async () => {
    const session = await open({
      files: { 'key.luau': `local key = "${API_KEY}" = 1\n`, 'a\x1b[2J.luau': 'return 1\n' },
    });
    const shown = await session.run('check', 'key.luau', 'a\x1b[2J.luau');
    expect(shown.stderr).toContain('> 1 | local key = "***" = 1');
    expect(shown.stderr).toContain('a\\x1b[2J.luau is fine');
    expect(shown.stderr).not.toContain('\x1b');
  });
});
