import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { measureWidth } from '../../src/output/display-width.ts';
import { BIN, NODE, useWorkplaces } from '../helpers/bin.ts';
import { useLoopbackEmulators } from '../helpers/loopback-emulator.ts';
import { useTerminals } from '../helpers/terminal.ts';

const open = useWorkplaces();
const startEmulator = useLoopbackEmulators();
const openTerminal = useTerminals();

const NAME = 'テスト/とても長い名前のスクリプト.luau';

it('what one process has sent another lists, on a terminal as wide as it is', async () => {
  const emulator = await startEmulator({
    scripts: { A: { result: { kind: 'complete', results: ['done'] } } },
  });
  const place = open();
  Object.assign(place.environment, emulator.env, { NO_COLOR: '1' });
  place.write({ 'a.luau': 'A', [NAME]: 'A' });
  await Promise.all([place.run(['run', 'a.luau', '-q']), place.run(['run', NAME, '-q'])]);

  const piped = await place.run(['list']);
  expect(piped).toMatchObject({ exitCode: 0, stderr: '' });
  expect(piped.stdout.match(/^@[12] +COMPLETE .*$/gm)).toHaveLength(2);
  expect(piped.stdout).toContain(NAME);

  const { output, ended } = openTerminal([NODE, BIN, 'list'], {
    cwd: place.directory,
    env: place.environment,
    cols: 40,
  });
  expect(await ended).toMatchObject({ exitCode: 0 });
  const lines = output.text.split('\r\n').filter(Boolean);
  expect(lines[0]).toMatch(/^ +state +age +script$/);
  expect(lines.slice(1).sort()).toEqual([
    expect.stringMatching(/^@1 {2}COMPLETE {2}\d+ s {2}/),
    expect.stringMatching(/^@2 {2}COMPLETE {2}\d+ s {2}/),
  ]);
  expect(lines.join('\n')).toContain('…');
  for (const line of lines) expect(measureWidth(line)).toBeLessThanOrEqual(40);

  const names = readdirSync(join(place.directory, 'home', '.local', 'state', 'luau-exec'));
  expect(names).toContainEqual(expect.stringMatching(/^journal-000001-\d{4}-\d\d-\d\dT\d\d\.jsonl$/));
});
