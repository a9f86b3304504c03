import { describe, expect, it } from 'vitest';
import { API_KEY, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();

describe('-q', () => {
  it.each(['run a.luau', 'status', 'list --refresh', 'config', 'auth status', 'logs'])(
    'leaves %s its warnings',
    async (argv) => {
      const session = await open({
        files: { 'a.luau': 'A', '.luauexecrc': `apiKey: "${API_KEY}"\n` },
        scripts: { A: {} },
        env: { ROBLOX_API_KEY: undefined },
      });
      await session.run('run', 'a.luau', '--detach');
      await session.run('wait');
      const { exitCode, stderr } = await session.run(...argv.split(' '), '-q');
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(
        /^warning: the API key stands in .*\.luauexecrc, which .*\nhint: chmod 600 .*\n$/,
      );
    },
  );

  it('leaves init its warnings, and nothing else', async () => {
    const session = await open();
    const { exitCode, stderr } = await session.run('init', '-u', '7', '-p', '8', '-q');
    expect(exitCode).toBe(0);
    expect(stderr.match(/^\w+/gm)).toEqual(['warning', 'hint', 'warning', 'hint']);
    expect(stderr).toContain(
      'warning: ROBLOX_UNIVERSE_ID is set to something else and comes before the file\n',
    );
  });
});
