import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, NODE, useWorkplaces } from '../helpers/bin.ts';
import { useTerminals } from '../helpers/terminal.ts';

const open = useWorkplaces();
const openTerminal = useTerminals();

/** The files of the built program that a call has loaded. */
async function listLoaded(argv: readonly string[]): Promise<{ exitCode: number | null; files: string[] }> {
  const place = open();
  const list = join(place.directory, 'files.json');
  place.write({
    'list-files.cjs': `process.on('exit', () =>
      require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache))))`,
  });
  const { exitCode } = await place.run(argv, { env: { NODE_OPTIONS: '--require=./list-files.cjs' } });
  const loaded: string[] = JSON.parse(readFileSync(list, 'utf8'));
  const files = loaded.map((file) => basename(file)).filter((file) => /^[\w-]+\.cjs$/.test(file));
  // The first is the test's own, the second a few helpers of the bundler's.
  const own = files.filter((file) => !['list-files.cjs', 'rolldown-runtime.cjs'].includes(file));
  return { exitCode, files: own.sort() };
}

describe('help of the built program', () => {
  it.each([[['--help']], [['help']], [['run', '--help']], [['help', 'run']]])(
    '%j loads what every start loads, and no topic',
    async (argv) => {
      expect(await listLoaded(argv)).toEqual({ exitCode: 0, files: ['main.cjs'] });
    },
  );

  it('a topic is loaded when it is asked for, and a run goes without', async () => {
    expect((await listLoaded(['help', 'limits'])).files).toContain('help.cjs');
    const { exitCode, files } = await listLoaded(['run', '-e', 'return 1', '--local']);
    expect(exitCode).toBe(0);
    expect(files).toContain('run.cjs');
    expect(files).not.toContain('help.cjs');
  });

  it.each([
    [['run', '--help'], 'Usage:', 'luau-exec run'],
    [['help', 'limits'], 'Limits of Open Cloud:', 'script'],
  ])('%j on a terminal is as wide as that, with headings in bold', async (argv, heading, text) => {
    const place = open();
    for (const cols of [40, 80, 140]) {
      const env = place.environment;
      const terminal = openTerminal([NODE, BIN, ...argv], { cwd: place.directory, env, cols });
      expect(await terminal.ended).toMatchObject({ exitCode: 0 });
      const shown = terminal.output.text;
      expect(shown).toContain(`\x1b[1m${heading}\x1b[22m`);
      expect(shown).toContain(text);
      const widths = shown
        .replaceAll('\x1b[1m', '')
        .replaceAll('\x1b[22m', '')
        .split('\r\n')
        .filter((line) => !line.startsWith('  luau-exec ') && !line.includes(' | '))
        .map((line) => line.length);
      expect(Math.max(...widths)).toBeLessThanOrEqual(Math.min(cols, 100));
    }
  });
});
