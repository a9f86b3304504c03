import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_KEY, type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();

const MAIN = '--!strict\nlocal lib = require("./lib")\n\nreturn lib.greet(ARGS.name)\n';
const LIB = 'local lib = {}\nfunction lib.greet(name)\n  return "hello " .. name\nend\nreturn lib\n';
const FILES = { 'main.luau': MAIN, 'lib.luau': LIB };
const ARGUMENTS = ['--arg', 'name=Ada', '--arg-json', 'list=[1,{"a":null}]', '--args', 'more.json'];

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');

/** The scripts that `run` sends. */
async function listSent(options: CliSessionOptions, argv: readonly string[]): Promise<string[]> {
  const bodies: string[] = [];
  const session = await open({
    ...options,
    checksSyntax: true,
    intercept: (request, next) => {
      if (typeof request.body === 'string') bodies.push(request.body);
      return next(request);
    },
  });
  await session.run('run', ...argv);
  return bodies.map((body) => JSON.parse(body).script);
}

describe('bundle', () => {
  it('prints exactly what run sends, and sends nothing', async () => {
    const session = await open({ files: FILES });
    const { exitCode, stdout, stderr } = await session.run('bundle', 'main.luau');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(MAIN);
    expect(stdout).toContain(LIB);
    expect(session.requests).toEqual([]);
    expect(await listSent({ files: FILES }, ['main.luau'])).toEqual([stdout]);
  });

  it('prints the arguments that run sends', async () => {
    const files = { ...FILES, 'more.json': '{"more": "text", "name": "not this"}' };
    const session = await open({ files });
    const { exitCode, stdout } = await session.run('bundle', 'main.luau', ...ARGUMENTS);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('more="text"');
    expect(stdout).toContain('name="Ada"');
    expect(stdout).not.toContain('not this');
    expect(await listSent({ files }, ['main.luau', ...ARGUMENTS])).toEqual([stdout]);
  });

  it('prints a script that needs nothing else byte for byte', async () => {
    const text = '-- \u00fc\u0000\r\nreturn  1 -- no end';
    const session = await open({ files: { 'plain.luau': text } });
    expect(await session.run('bundle', 'plain.luau')).toEqual({ exitCode: 0, stdout: text, stderr: '' });
  });

  it('reads - from standard input, with modules from the working directory', async () => {
    const session = await open({ files: FILES, stdin: MAIN });
    const { exitCode, stdout } = await session.run('bundle', '-');
    expect(exitCode).toBe(0);
    expect(await listSent({ files: FILES, stdin: MAIN }, ['-'])).toEqual([stdout]);
  });

  it('does not compile: syntax that only Roblox knows gets through', async () => {
    const session = await open({ files: { 'new.luau': 'return = 1\n' } });
    expect(await session.run('bundle', 'new.luau')).toMatchObject({ exitCode: 0, stdout: 'return = 1\n' });
  });

  it('--map writes which line comes from which file', async () => {
    const session = await open({ files: FILES });
    const { stdout } = await session.run('bundle', 'main.luau', '--map', 'lines.json');
    const map = JSON.parse(readFileSync(join(session.cwd, 'lines.json'), 'utf8'));
    expect(map).toEqual({
      schema: 'luau-exec.map/v1',
      script: { name: 'main.luau', sha256: sha256Of(stdout) },
      lines: [
        { file: 'lib.luau', chunkLine: expect.any(Number), lineCount: 6 },
        { file: 'main.luau', chunkLine: expect.any(Number), lineCount: 5 },
      ],
    });
    const chunkLines = stdout.split('\n');
    const found = map.lines.map(({ chunkLine, lineCount }: { chunkLine: number; lineCount: number }) =>
      chunkLines.slice(chunkLine - 1, chunkLine - 1 + lineCount).join('\n'),
    );
    expect(found).toEqual([LIB, MAIN]);
  });

  it('--map of a lone script is that of its own lines', async () => {
    const session = await open({ files: { 'plain.luau': 'return\n1' } });
    await session.run('bundle', 'plain.luau', '--map', 'lines.json', '--arg', 'a=1');
    expect(JSON.parse(readFileSync(join(session.cwd, 'lines.json'), 'utf8')).lines).toEqual([
      { file: 'plain.luau', chunkLine: 1, lineCount: 2 },
    ]);
  });

  it('--json is one document with chunk and lines', async () => {
    const session = await open({ files: FILES });
    const { stdout: chunk } = await session.run('bundle', 'main.luau');
    const { exitCode, stdout, stderr } = await session.run(
      'bundle',
      'main.luau',
      '--map',
      'lines.json',
      '--json',
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      schema: 'luau-exec.bundle/v1',
      ok: true,
      exitCode: 0,
      script: { name: 'main.luau', sha256: sha256Of(chunk) },
      chunk,
      lines: JSON.parse(readFileSync(join(session.cwd, 'lines.json'), 'utf8')).lines,
    });
  });
});

describe('bundle fails', () => {
  it.each([
    ['a module that is not there', { 'main.luau': MAIN }, 'LX016', 'main.luau', 2],
    [
      'a broken data module',
      { ...FILES, 'main.luau': 'return require("./a.json")', 'a.json': '{' },
      'LX006',
      'a.json',
      1,
    ],
    ['a script that is not there', {}, 'LX008', null, null],
    [
      'modules that need each other',
      { ...FILES, 'lib.luau': 'return require("./main")' },
      'LX016',
      'lib.luau',
      1,
    ],
  ])('with 2 for %s, and prints no chunk', async (_name, files, id, file, line) => {
    const session = await open({ files });
    const human = await session.run('bundle', 'main.luau');
    expect(human).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringMatching(/^error: /) });
    const { exitCode, stdout } = await session.run('bundle', 'main.luau', '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'luau-exec.result/v1',
      outcome: 'usage',
      error: { id, file, line },
    });
  });

  it('with 74 for a map that cannot be written', async () => {
    const session = await open({ files: FILES });
    const { exitCode, stdout, stderr } = await session.run('bundle', 'main.luau', '--map', 'no/lines.json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 74, stdout: '' });
    expect(stderr).toMatch(/^error: cannot write no\/lines\.json: ENOENT/);
  });

  it('with 2 without a script, and for two', async () => {
    const session = await open({ files: FILES });
    expect(await session.run('bundle')).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await session.run('bundle', 'main.luau', 'lib.luau')).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

it('bundle shows no key that a module holds, in the chunk, in --json, or in the map', async () => {
  const files = {
    'main.luau': 'return require("./lib")\n',
    'lib.luau': `return "${API_KEY}"\n`,
  };
  const session = await open({ files });
  const { stdout } = await session.run('bundle', 'main.luau');
  expect(stdout).toContain('return "***"\n');
  expect(stdout).not.toContain(API_KEY);
  const json = await session.run('bundle', 'main.luau', '--json');
  expect(JSON.parse(json.stdout).chunk).toBe(stdout);
  const named = await open({ files: { [`${API_KEY}.luau`]: 'return 1' } });
  await named.run('bundle', `${API_KEY}.luau`, '--map', 'lines.json');
  expect(readFileSync(join(named.cwd, 'lines.json'), 'utf8')).not.toContain(API_KEY);
});
