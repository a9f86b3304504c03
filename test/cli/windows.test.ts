import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_KEY, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const NOTHING_SET = {
  ROBLOX_API_KEY: undefined,
  ROBLOX_UNIVERSE_ID: undefined,
  ROBLOX_PLACE_ID: undefined,
};

describe('on Windows', () => {
  it('a run without a key says how PowerShell sets one', async () => {
    const session = await open({ platform: 'win32', env: NOTHING_SET, files: { 'a.luau': 'return 1' } });
    const { exitCode, stderr } = await session.run('run', 'a.luau');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      '\nhint: luau-exec init, or $env:ROBLOX_API_KEY="…"; $env:ROBLOX_UNIVERSE_ID="…"; $env:ROBLOX_PLACE_ID="…", or luau-exec auth set for the key; to try without them: --local\n',
    );
  });

  it('and in Git Bash, how that does', async () => {
    const env = { ...NOTHING_SET, MSYSTEM: 'MINGW64' };
    const session = await open({ platform: 'win32', env, files: { 'a.luau': 'return 1' } });
    expect((await session.run('run', 'a.luau')).stderr).toContain('or export ROBLOX_API_KEY=… ROBLOX_');
  });

  it('doctor does so too', async () => {
    const session = await open({ platform: 'win32', env: NOTHING_SET });
    const { stdout } = await session.run('doctor');
    expect(stdout).toContain(
      'hint: $env:ROBLOX_API_KEY="…" or luau-exec auth set; to run without one: --local\n',
    );
    expect(stdout).toContain('hint: $env:ROBLOX_UNIVERSE_ID="…", or --universe ID\n');
    expect(stdout).not.toContain('export ');
  });

  it('init names the next steps in the same words, and its file has none of them', async () => {
    const session = await open({ platform: 'win32', env: { ...NOTHING_SET, ROBLOX_PLACE_ID: '5' } });
    const { exitCode, stderr } = await session.run('init', '-u', '1', '-p', '2');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('\n  $env:ROBLOX_API_KEY="…" ');
    expect(stderr).toContain('\nhint: Remove-Item Env:ROBLOX_PLACE_ID\n');
    expect(stderr).not.toMatch(/export |unset /);
    expect(readFileSync(join(session.cwd, '.luauexecrc'), 'utf8')).not.toMatch(/export |\$env/);
  });

  it('a pattern is one with backslashes too', async () => {
    const session = await open({
      platform: 'win32',
      scripts: { A: { result: { kind: 'complete', results: [1] } } },
      files: { 'tests/a.luau': 'A' },
    });
    const { exitCode, stderr } = await session.run('run', 'tests\\*.luau');
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('\\');
  });

  it('files whose lines end with CRLF are read as all others are', async () => {
    const session = await open({
      platform: 'win32',
      env: NOTHING_SET,
      scripts: { 'A\r\n': { result: { kind: 'complete', results: [1] } } },
      files: {
        '.luauexecrc': 'universeId: "5"\r\nplaceId: "6"\r\n',
        'key.txt': `${API_KEY}\r\n`,
        'a.luau': 'A\r\n',
        'bad.luau': 'local a = 1\r\nlocal b = = 2\r\n',
        '.luaurc': '{\r\n  "aliases": { "lib": "./lib" }\r\n}\r\n',
        'main.luau': 'local prices = require("@lib/prices")\r\nreturn prices\r\n',
        'lib/prices.luau': 'return {\r\n  potion = 50,\r\n}\r\n',
      },
    });
    const run = await session.run('run', 'a.luau', '--api-key-file', 'key.txt', '-q');
    expect(run).toEqual({ exitCode: 0, stdout: '1\n', stderr: '' });
    expect(session.requests[0]).toContain('/universes/5/places/6/');
    const { exitCode, stderr } = await session.run('check', 'bad.luau');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: bad\.luau:2:11: syntax error: /);
    expect(stderr).toContain('\n  1 | local a = 1\n> 2 | local b = = 2\n    |           ^\n');
    expect(await session.run('check', 'main.luau')).toMatchObject({ exitCode: 0 });
  });
});
