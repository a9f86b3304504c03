import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, collect, NODE, ROOT, useWorkplaces } from '../helpers/bin.ts';

const open = useWorkplaces();
const HELLO = join(ROOT, 'examples', 'hello.luau');

describe('the program on a machine with nothing on it', () => {
  it('runs an example locally without key, ids, config or home', async () => {
    const { exitCode, stdout, stderr } = await open().run(['run', HELLO, '--local']);
    expect(exitCode).toBe(0);
    for (const line of stdout.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(stdout).not.toBe('');
    expect(stderr).toMatch(/^submitting\ncreated universes\/1\/places\/1\/versions\/1\//);
    expect(stderr).toMatch(/^complete in /m);
  });

  it.each([
    [['--version'], /^\d+\.\d+\.\d+\n$/],
    [['-V'], /^\d+\.\d+\.\d+\n$/],
    [['--version', '--json'], /^\d+\.\d+\.\d+\n$/],
    [['--help'], /^Usage: luau-exec /],
    [['run', '--help'], /^Usage: luau-exec run /],
    [['help', 'logs'], /^Usage: luau-exec logs /],
  ])('%j', async (argv, stdout) => {
    const result = await open().run(argv);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(stdout);
  });

  it('reads a script from a pipe and writes one envelope', async () => {
    const result = await open().run(['run', '-', '--local', '--json'], {
      input: 'print("x") return 1, nil, {2}',
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({
      ok: true,
      results: [1, null, [2]],
      logs: { complete: true, messages: [{ level: 'OUTPUT', message: 'x' }] },
    });
  });

  it('has whichever version of the place is asked for', async () => {
    const argv = ['run', '-e', 'return game.PlaceVersion', '--local', '--place-version', '41', '-q'];
    expect(await open().run(argv)).toEqual({ exitCode: 0, signal: null, stdout: '41\n', stderr: '' });
  });

  it('shows the line of an error in the file where it is', async () => {
    const place = open();
    place.write({ 'src/bad.luau': 'local t = nil\n\nlocal function f()\n  return t.x\nend\nf()\n' });
    const result = await place.run(['run', 'src/bad.luau', '--local', '-q']);
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain("error: src/bad.luau:4: attempt to index nil with 'x'");
    expect(result.stderr).toContain('> 4 |   return t.x');
  });

  it('is complete through a slow pipe, to the byte', async () => {
    const place = open();
    const child = place.start(['run', '-e', 'return string.rep("x", 4194000)', '--local', '-q']);
    child.stdin.end();
    child.stdout.pause();
    setTimeout(() => child.stdout.resume(), 300);
    const result = await collect(child);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toHaveLength(4194003);
    expect(result.stderr).toBe('');
  });

  it.skipIf(process.platform === 'win32')('works where the working directory has been deleted', async () => {
    const place = open();
    const command = `mkdir gone; cd gone; rmdir ../gone; for script in "${HELLO}" here.luau; do "${NODE}" "${BIN}" run "$script" --local -q; echo "code $?" >&2; done`;
    const shell = spawn('bash', ['-c', command], { cwd: place.directory, env: place.environment });
    const { stdout, stderr } = await collect(shell);
    expect(stdout).not.toBe('');
    expect(stderr).toMatch(/code 0\nerror: cannot read here\.luau: there is no such file\n[\s\S]*code 2\n$/);
  });

  it('ends in silence when its reader goes away, with the code of the run', async () => {
    const place = open();
    const command = `"${NODE}" "${BIN}" run -e 'for i = 1, 20 do print(i) end return string.rep("x", 1000000), 2' --local -q 2>err.txt; echo "code $?" >&2`;
    const shell = spawn('bash', ['-c', `set -o pipefail; { ${command}; } | head -c 1 >/dev/null`], {
      cwd: place.directory,
      env: place.environment,
    });
    const result = await collect(shell);
    expect(result.stderr).toBe('code 0\n');
  });

  it('says that the disk is full, and exits 74', async () => {
    const place = open();
    const shell = spawn('bash', ['-c', `"${NODE}" "${BIN}" run -e 'return 1' --local -q > /dev/full`], {
      cwd: place.directory,
      env: place.environment,
    });
    const result = await collect(shell);
    expect(result.exitCode).toBe(74);
    expect(result.stderr).toContain('error: the output could not be written: ENOSPC');
  });
});
