import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/bin.ts';
import { type InstalledProgram, installProgram } from '../helpers/installed-program.ts';
import { requirePrograms } from './require-programs.ts';

/** What a new user has beside the program: the readers of its output, and its manual. */
describe('the program as npm installs it for everybody', () => {
  let user: InstalledProgram;

  beforeAll(() => {
    requirePrograms({ jq: 'jq', xmllint: 'libxml2-utils', man: 'man-db' });
    user = installProgram('globally');
    user.write({
      'hello.luau': 'print("Hello from Luau!")\nreturn { coins = 250 }, "a <b>"\n',
      'tests/coins.luau': 'return { passed = 12 }\n',
      'tests/prices.luau': 'local price = 5\nassert(price == 4, "5 < 4 & \\"more\\"")\n',
      'tests/trades.luau': 'print("3 trades \\27[31m]]>")\n',
    });
  });
  afterAll(() => user.remove());

  it('README installs the package that npm makes', () => {
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(
      `npm pack\nnpm install -g ./${basename(user.tarball)}\n`,
    );
  });

  it('jq reads the values on stdout', async () => {
    const line = 'luau-exec run hello.luau --local -q | jq -c .';
    expect(await user.type(line)).toEqual({
      exitCode: 0,
      signal: null,
      stdout: '{"coins":250}\n"a <b>"\n',
      stderr: 'Hello from Luau!\n',
    });
  });

  it('jq reads --json, also of a script that fails, whose exit code pipefail keeps', async () => {
    const line = `set -o pipefail; luau-exec run tests --local --json | jq -c '.runs[] | [.outcome, .error.line]'`;
    expect(await user.type(line)).toMatchObject({
      exitCode: 1,
      stdout: '["ok",null]\n["script_failed",2]\n["ok",null]\n',
      stderr: '',
    });
  });

  it('jq reads the events, one a line', async () => {
    const line = `luau-exec run hello.luau --local --output ndjson | jq -r 'select(.type != "state") | .type'`;
    const types = ['submitting', 'created', 'log', 'ended', 'result'];
    expect(await user.type(line)).toMatchObject({ exitCode: 0, stdout: `${types.join('\n')}\n`, stderr: '' });
  });

  it('a parser of XML reads the JUnit file', async () => {
    expect(await user.type('luau-exec run tests --local -q --output junit=luau.xml')).toMatchObject({
      exitCode: 1,
    });
    const ask = async (path: string) => {
      const { exitCode, stdout, stderr } = await user.type(`xmllint --nonet --xpath '${path}' luau.xml`);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      return stdout.trimEnd();
    };
    expect(await ask('count(/testsuites/testsuite/testcase)')).toBe('3');
    expect(await ask('concat(/testsuites/@tests, " ", /testsuites/@failures)')).toBe('3 1');
    expect(await ask('string(//testcase[failure]/@file)')).toBe('tests/prices.luau');
    expect(await ask('string(//failure/@message)')).toBe('tests/prices.luau:2: 5 < 4 & "more"');
    expect(await ask('string(//testcase[@name="tests/trades.luau"]/system-out)')).toMatch(/^3 trades .*]]>$/);
  });

  it('man finds the manual of the command that is in the PATH', () => {
    const env = { ...user.environment, LC_ALL: 'C.UTF-8', MANWIDTH: '80' };
    const { status, stdout, stderr } = spawnSync('man', ['luau-exec'], { encoding: 'utf8', env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^LUAU-EXEC\(1\)/);
    const where = spawnSync('man', ['-w', 'luau-exec'], { encoding: 'utf8', env }).stdout;
    expect(where).toContain(`${user.prefix}/`);
  });
});
