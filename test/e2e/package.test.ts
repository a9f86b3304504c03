import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NODE, useWorkplaces } from '../helpers/bin.ts';
import { packProgram } from '../helpers/pack-program.ts';

const open = useWorkplaces();

/** Packs the project as it would be published and unpacks it where nothing else is. */
function unpack(directory: string): { root: string; files: string[] } {
  const { tarball, files } = packProgram(directory);
  execFileSync('tar', ['-xzf', tarball], { cwd: directory });
  return { root: join(directory, 'package'), files };
}

describe('the packed package', () => {
  it('holds what runs and nothing else, and runs without any dependency', () => {
    const place = open();
    const { root, files } = unpack(place.directory);
    const odd = files.filter(
      (name) =>
        !/^(?:schemas\/[a-z]+\.v1\.schema\.json|dist\/(cli\/[\w-]+\.cjs|lib\/[\w-]+\.js|types\/[\w/-]+\.d\.ts|index\.js|luau-(evaluate-)?worker\.cjs|luau\.wasm|luau-exec\.1|THIRD-PARTY\.txt))$/.test(
          name,
        ),
    );
    expect(odd.sort()).toEqual([
      '.luauexecrc.example',
      'CHANGELOG.md',
      'LICENSE',
      'NOTICE',
      'README.md',
      'bin/luau-exec.js',
      'bin/package.json',
      'package.json',
    ]);
    const options = { cwd: place.directory, env: place.environment, encoding: 'utf8' } as const;
    const bin = join(root, 'bin', 'luau-exec.js');
    const argv = [bin, 'run', '-e', 'return "packed"', '--local', '-q'];
    expect(execFileSync(NODE, argv, options)).toBe('"packed"\n');
    expect(execFileSync(NODE, [bin, 'config'], { ...options, stdio: ['ignore', 'pipe', 'ignore'] })).toMatch(
      /^apiKey/,
    );
    const stored = execFileSync(NODE, [bin, 'auth', 'set', '--json'], { ...options, input: 'packed-key' });
    expect(JSON.parse(stored)).toMatchObject({
      storedIn: 'file',
      keyringProblem: 'the package @napi-rs/keyring is not installed',
    });
  });

  it.each([
    ['check', ['check', '-e', 'return 1']],
    ['run --local', ['run', '-e', 'return 1', '--local', '--no-check']],
  ])('says that it is damaged where the Luau VM is missing: %s', (_name, words) => {
    const place = open();
    const { root } = unpack(place.directory);
    rmSync(join(root, 'dist', 'luau.wasm'));
    const argv = [join(root, 'bin', 'luau-exec.js'), ...words, '--json'];
    const { status, stdout } = spawnSync(NODE, argv, { cwd: place.directory, env: place.environment });
    expect(JSON.parse(String(stdout))).toMatchObject({
      exitCode: 70,
      error: { id: 'LX900', message: 'the Luau VM is missing', hint: 'install luau-exec again' },
    });
    expect(status).toBe(70);
  });

  it('is a library too', () => {
    const place = open();
    const { root } = unpack(place.directory);
    const code = `
      import { parseTaskPath, runScript, startEmulator } from ${JSON.stringify(join(root, 'dist', 'index.js'))};
      const emulator = await startEmulator();
      const base = { baseUrl: emulator.baseUrl, apiKey: 'any', universeId: '1', placeId: '1' };
      const good = await runScript({ ...base, script: 'print("hi") return 6 * 7' });
      const bad = await runScript({ ...base, script: 'error("no")' });
      await emulator.close();
      console.log(JSON.stringify([good.verdict, good.task.results, good.logs.messages.length, bad.verdict, bad.task.error]));
      console.log(parseTaskPath('universes/1/places/2/luau-execution-session-tasks/t').taskId);
    `;
    const output = execFileSync(NODE, ['--input-type=module', '-e', code], {
      cwd: place.directory,
      env: place.environment,
      encoding: 'utf8',
    });
    expect(output.split('\n')).toEqual([
      '["ok",[42],1,"script_failed",{"code":"SCRIPT_ERROR","message":"TaskScript:1: no"}]',
      't',
      '',
    ]);
  });
});
