import { describe, expect, it } from 'vitest';
import { decodeResults } from '../../src/values/decode-results.ts';
import { useLuauSessions } from '../helpers/luau-session.ts';

const openWithLuau = useLuauSessions();

const ODD = '--!strict\nlocal t: any = { 1, nil, 3 }\nt.me = t\nreturn t, 0/0, { a = 1 }\n';
const ODD_LINES = [
  '{"$luau:shared":[{"$luau:3":3,"$luau:list":[1],"me":"$luau:ref:1"}],"$luau:value":"$luau:ref:1"}',
  '"$luau:nan"',
  '{"a":1}',
  '',
];

describe('run --encode-results', () => {
  it('prints tagged JSON, and has it in the envelope untouched', async () => {
    const { session } = await openWithLuau({ 'odd.luau': ODD });
    const result = await session.run('run', 'odd.luau', '-q', '--encode-results');
    expect(result).toEqual({ exitCode: 0, stdout: ODD_LINES.join('\n'), stderr: '' });
    const { results } = JSON.parse(
      (await session.run('run', 'odd.luau', '--json', '--encode-results')).stdout,
    );
    expect(results.map((value: unknown) => JSON.stringify(value))).toEqual(ODD_LINES.slice(0, -1));
    const [, nan] = decodeResults(results);
    expect(nan).toBeNaN();
  });

  it('sends what bundle prints, and without it the script alone', async () => {
    const { session, chunks } = await openWithLuau({ 'odd.luau': ODD });
    await session.run('run', 'odd.luau', '--encode-results');
    await session.run('run', 'odd.luau');
    const bundled = await session.run('bundle', 'odd.luau', '--encode-results');
    expect(chunks).toEqual([bundled.stdout, ODD]);
    expect(bundled.stdout).toMatch(/^--!strict\nlocal __script=function\(\.\.\.\) local t: any = /);
  });

  it('leaves lines, logs and stacks as they are, for wait and logs as well', async () => {
    const broken =
      'print("begins")\nlocal function f(x)\n  warn(debug.traceback("on the way"))\n  return x.y\nend\nreturn f(nil)\n';
    const { session } = await openWithLuau({ 'src/broken.luau': broken });
    const plain = await session.run('run', 'src/broken.luau', '-q');
    const encoded = await session.run('run', 'src/broken.luau', '-q', '--encode-results');
    expect(encoded).toEqual(plain);
    expect(plain.stderr).toContain('  at src/broken.luau:4 in f\n  at src/broken.luau:6\n');
    expect(await session.run('wait', '-q')).toEqual(plain);
    expect((await session.run('logs', '-q')).stdout).not.toMatch(/TaskScript|Line (?!4|6)/);
  });

  it('shows the first line of a script as it is in its file, after wait and status too', async () => {
    const { session } = await openWithLuau({ 'a.luau': 'return ARGS.none.more\n' });
    const plain = await session.run('run', 'a.luau', '-q');
    expect(plain.stderr).toContain('> 1 | return ARGS.none.more\n');
    await session.run('run', 'a.luau', '-q', '--encode-results', '--arg', 'day=monday');
    expect(await session.run('wait', '-q')).toEqual(plain);
    expect((await session.run('status')).stderr).toContain('> 1 | return ARGS.none.more\n');
  });

  it('goes with modules and arguments', async () => {
    const { session } = await openWithLuau({
      'main.luau': 'return require("./lib")(ARGS.n), ARGS',
      'lib.luau': 'return function(n) return { n / 0, [n] = "n" } end',
    });
    const argv = ['run', 'main.luau', '-q', '--encode-results', '--arg-json', 'n=3'];
    expect(await session.run(...argv)).toEqual({
      exitCode: 0,
      stdout: '{"$luau:3":"n","$luau:list":["$luau:inf"]}\n{"n":3}\n',
      stderr: '',
    });
  });

  it('tells a mistake in the syntax as ever', async () => {
    const { session, chunks } = await openWithLuau({ 'a.luau': 'local a = 1\nif a then\nreturn a\n' });
    const plain = await session.run('run', 'a.luau');
    expect(await session.run('run', 'a.luau', '--encode-results')).toEqual(plain);
    expect({ exitCode: plain.exitCode, chunks }).toEqual({ exitCode: 2, chunks: [] });
  });
});
