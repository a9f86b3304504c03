import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, waitForText } from '../helpers/bin.ts';
import { createOutputPattern } from '../helpers/console-blocks.ts';
import {
  findReadmeBlock,
  listReadmeBlocks,
  openReadmeSession,
  README,
  type ReadmeSession,
  SERVERS,
} from '../helpers/readme-session.ts';

describe('README', () => {
  let session: ReadmeSession;
  beforeAll(async () => {
    session = await openReadmeSession();
  }, 60_000);
  afterAll(() => session.close());

  it('is short, and shows what it says', () => {
    expect(README.split('\n').length).toBeLessThan(330);
    expect(listReadmeBlocks('without jq').length).toBeGreaterThan(4);
    expect(listReadmeBlocks('with jq').length).toBeGreaterThan(1);
  });

  // Those with jq are in test/system.
  it.each(listReadmeBlocks('without jq'))('%s', async (_name, { steps }) => {
    for (const { command, expected } of steps)
      expect(await session.show(command)).toMatch(createOutputPattern(expected));
  });

  it.each(SERVERS)('%s serves, on another port', async (command) => {
    const expected = findReadmeBlock(command)?.steps[0]?.expected ?? '';
    const port = /--port (\d+)/.exec(command)?.[1] ?? '';
    const server = spawn('bash', ['-c', `exec 2>&1; exec ${command.replace(port, '0')}`], {
      cwd: session.user.directory,
      env: session.user.environment,
    });
    try {
      const lines = expected.split('\n').length - 1;
      const shown = await waitForText(server.stdout, new RegExp(`(?:.*\\n){${lines}}`));
      const freePort = /:(\d+)\n/.exec(shown)?.[1] ?? '';
      expect(shown.replaceAll(freePort, port)).toBe(expected);
    } finally {
      server.kill('SIGTERM');
    }
  });

  it('the library example prints what stands behind it', () => {
    const code = /^```ts\n([\s\S]*?)^```$/m.exec(README)?.[1] ?? '';
    const expected = /console\.log\(.*\); \/\/ (.*)$/m.exec(code)?.[1];
    const { prefix, directory, environment } = session.user;
    const library = join(prefix, 'lib', 'node_modules', 'luau-exec', 'dist', 'index.js');
    const { stdout, stderr } = spawnSync('node', ['--input-type=module'], {
      cwd: directory,
      env: environment,
      encoding: 'utf8',
      input: code.replace("'luau-exec'", JSON.stringify(library)),
    });
    expect({ stdout, stderr }).toEqual({ stdout: `${expected}\n`, stderr: '' });
  });

  it('every file that it links to is there', () => {
    const links = [...README.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const files = links.filter((link) => !link.includes('://'));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

describe('what a page shows, as a pattern', () => {
  it.each([
    ['complete in 0.2 s\n', 'complete in 12.4 s\n', true],
    ['a.luau  failed  0.2 s  why\n', 'a.luau  failed   0.3 s  why\n', true],
    ['complete in 0.2 s\n', 'complete in some s\n', false],
    ['tasks/ac48…\n', 'tasks/7f08a737-546f\n', true],
    ['tasks/…\n', 'tasks/7f08a737-546f\n', true],
    ['tasks/…\n', 'tasks/7f08 more\n', false],
    ['@1  ac48a737  x\n', '@1  00ff1234  x\n', true],
    ['1234567890\n', '1234567891\n', false],
    ['42\n', '42\n42\n', false],
    ['  |  ^\n', '  | ^\n', false],
    ['[1,2.5]\n', '[1,2x5]\n', false],
  ])('%j for %j: %s', (expected, shown, isMatch) => {
    expect(createOutputPattern(expected).test(shown)).toBe(isMatch);
  });
});
