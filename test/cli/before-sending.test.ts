import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { composeScript } from '../../src/script/compose-script.ts';
import { API_KEY, type CliSession, type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const SYNTAX_ERROR = 'local a = = 1\n';

/** A session that knows one script, and the texts that are sent. */
async function openWith(options: CliSessionOptions) {
  const sent: string[] = [];
  const session = await open({
    checksSyntax: true,
    ...options,
    intercept: (request, next) => {
      if (typeof request.body === 'string') sent.push(JSON.parse(request.body).script);
      return next(request);
    },
  });
  return { session, sent };
}

/** The chunk of a file in the session's directory without arguments. */
async function composeChunk({ cwd }: CliSession, text: string): Promise<string> {
  const { signal } = new AbortController();
  const source = { name: 'main.luau', path: join(cwd, 'main.luau'), text };
  const script = await composeScript(source, {
    cwd,
    root: null,
    scriptArguments: null,
    clock: systemClock,
    signal,
  });
  return script.text;
}

describe('before anything is sent', () => {
  it('a syntax error ends the run with LX006 and 2', async () => {
    const { session, sent } = await openWith({ files: { 'a.luau': SYNTAX_ERROR } });
    const human = await session.run('run', 'a.luau', '-q');
    expect(human).toMatchObject({ exitCode: 2, stdout: '' });
    expect(human.stderr).toContain('error: a.luau:1:11: syntax error: ');
    const { exitCode, stdout } = await session.run('run', 'a.luau', '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'usage',
      task: null,
      error: { id: 'LX006', file: 'a.luau', line: 1, column: 11 },
    });
    expect({ sent, requests: session.requests }).toEqual({ sent: [], requests: [] });
  });

  it('--no-check sends it all the same', async () => {
    const { session, sent } = await openWith({
      files: { 'a.luau': SYNTAX_ERROR },
      scripts: { [SYNTAX_ERROR]: { result: { kind: 'complete', results: ['newer Luau'] } } },
    });
    const { exitCode, stdout } = await session.run('run', 'a.luau', '--no-check', '-q');
    expect({ exitCode, stdout, sent }).toEqual({
      exitCode: 0,
      stdout: '"newer Luau"\n',
      sent: [SYNTAX_ERROR],
    });
  });

  it('--no-check does not keep a require that leads nowhere from being told', async () => {
    const { session, sent } = await openWith({ files: { 'a.luau': 'return require("./no")' } });
    const { exitCode, stderr } = await session.run('run', 'a.luau', '--no-check');
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toContain('error: a.luau:1:8: there is no module no');
  });

  it('all scripts are prepared: with the second broken the first is not sent', async () => {
    const { session, sent } = await openWith({
      files: { 'a.luau': 'return 1', 'b.luau': SYNTAX_ERROR, 'c.luau': 'return require("./no")' },
      scripts: { 'return 1': {} },
    });
    for (const broken of ['b.luau', 'c.luau', 'gone.luau']) {
      const { exitCode, stderr } = await session.run('run', 'a.luau', broken);
      expect({ exitCode, requests: session.requests }).toEqual({ exitCode: 2, requests: [] });
      expect(stderr).toContain(broken);
    }
    expect(await session.run('run', 'a.luau', 'a.luau')).toMatchObject({ exitCode: 0 });
    expect(sent).toEqual(['return 1', 'return 1']);
  });

  it('the chunk is what composeScript makes of the files', async () => {
    const text = 'local lib = require("./lib")\nreturn lib\n';
    const { session, sent } = await openWith({ files: { 'main.luau': text, 'lib.luau': 'return {}\n' } });
    const chunk = await composeChunk(session, text);
    await session.run('run', 'main.luau');
    expect(sent).toEqual([chunk]);
  });

  it.each([
    ['a syntax error', `local key = "${API_KEY}" = 1`, []],
    ['a require', `return require("./${API_KEY}")`, []],
    ['an argument', 'return 1', ['--arg-json', `${API_KEY}=x`]],
  ])('the key is not shown where it stands beside %s, wherever it comes from', async (_name, text, argv) => {
    const fromFile = {
      files: { 'a.luau': text, '.luauexecrc': `apiKey: ${API_KEY}\n` },
      env: { ROBLOX_API_KEY: undefined },
    };
    for (const options of [{ files: { 'a.luau': text } }, fromFile]) {
      const { session } = await openWith(options);
      const { exitCode, stderr } = await session.run('run', 'a.luau', ...argv);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('***');
      expect(stderr).not.toContain(API_KEY);
    }
  });
});

describe('the key is not shown where it is taken for', () => {
  it.each([
    ['a script', ['run', API_KEY]],
    ['an option', ['run', `--${API_KEY}`]],
    ['a command', [API_KEY]],
    ['an argument of a command that takes one', ['bundle', 'a.luau', API_KEY, `x${API_KEY}`]],
  ])('%s', async (_name, argv) => {
    const { session } = await openWith({ files: { 'a.luau': 'return 1' } });
    for (const words of [argv, [...argv, '--json']]) {
      const { exitCode, stdout, stderr } = await session.run(...words);
      expect(exitCode).toBe(2);
      expect(stdout + stderr).not.toContain(API_KEY);
    }
  });

  it('a script, also where a config file holds it', async () => {
    const { session } = await openWith({
      files: { '.luauexecrc': `apiKey: ${API_KEY}\n` },
      env: { ROBLOX_API_KEY: undefined },
    });
    const { stderr } = await session.run('run', `${API_KEY}.luau`);
    expect(stderr).toContain('cannot read ***.luau: there is no such file');
  });

  it('the name and the value of an argument, which the end of base64 is cut into', async () => {
    const { session } = await openWith({
      files: { 'a.luau': 'return 1' },
      env: { ROBLOX_API_KEY: `${API_KEY}==` },
    });
    const { stderr } = await session.run('run', 'a.luau', '--arg-json', `${API_KEY}==`);
    expect(stderr).toContain('the value of --arg-json "***" is not JSON');
    expect((await session.run('run', `${API_KEY}==`)).stderr).toContain('cannot read ***: ');
  });
});

describe('arguments', () => {
  const FILES = { 'a.luau': '--!strict\nreturn ARGS\n', 'args.json': '{"c": {"d": null}, "a": "file"}' };

  it('stand in front of the code; --arg-json beats --arg, and that the file', async () => {
    const { session, sent } = await openWith({ files: FILES });
    await session.run('run', 'a.luau', '--arg', 'a=1', '--arg-json', 'b=[1]', '--args', 'args.json');
    await session.run('run', 'a.luau', '--arg-json', 'a=2', '--arg', 'a=1', '--arg', 'e=x=y', '--arg', 'f=');
    expect(sent).toEqual([
      '--!strict\nARGS={c={},a="1",b={1}};return ARGS\n',
      '--!strict\nARGS={a=2,e="x=y",f=""};return ARGS\n',
    ]);
  });

  it('are an empty table for a script that asks for them and gets none', async () => {
    const { session, sent } = await openWith({ files: FILES });
    await session.run('run', 'a.luau');
    expect(sent).toEqual(['--!strict\nARGS={};return ARGS\n']);
  });

  it('go to every script of the call', async () => {
    const { session, sent } = await openWith({ files: FILES });
    await session.run('run', 'a.luau', '-e', 'return 1', '--arg', 'a=1');
    expect(sent).toEqual(['ARGS={a="1"};return 1', '--!strict\nARGS={a="1"};return ARGS\n']);
  });

  it.each([
    ['without =', ['--arg', 'a'], '--arg takes name=value, not "a"'],
    ['without a name', ['--arg', '=1'], '--arg needs a name before the ='],
    ['that is not JSON', ['--arg-json', 'a=[1'], 'the value of --arg-json "a" is not JSON'],
    ['from a file that is not there', ['--args', 'no.json'], 'cannot read no.json'],
    ['from a file that is not JSON', ['--args', 'a.luau'], 'a.luau is not JSON'],
    ['from a file that is no object', ['--args', 'list.json'], 'list.json is an array'],
  ])('%s are LX018, and nothing is sent', async (_name, argv, headline) => {
    const { session } = await openWith({ files: { ...FILES, 'list.json': '[]' } });
    const { exitCode, stdout } = await session.run('run', 'a.luau', ...argv, '--json');
    expect(exitCode).toBe(2);
    const { error } = JSON.parse(stdout);
    expect(error.id).toBe('LX018');
    expect(error.message).toContain(headline);
    expect(session.requests).toEqual([]);
  });
});

describe('--allow-outside', () => {
  it('lets modules come from outside the project, which otherwise are refused and not sent', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'luau-exec-outside-'));
    onTestFinished(() => rmSync(outside, { recursive: true }));
    writeFileSync(join(outside, 'lib.luau'), 'return "from outside"\n');
    const { session, sent } = await openWith({
      files: { 'main.luau': `return require("../${basename(outside)}/lib")\n` },
    });
    const refused = await session.run('run', 'main.luau');
    expect({ exitCode: refused.exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(refused.stderr).toContain('lib.luau lies outside the project');
    expect(refused.stderr).toContain('hint: name --allow-outside');
    expect(await session.run('check', 'main.luau', '--allow-outside')).toMatchObject({ exitCode: 0 });
    await session.run('run', 'main.luau', '--allow-outside');
    expect(sent).toEqual([expect.stringContaining('return "from outside"')]);
  });
});
