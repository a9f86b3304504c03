import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, collect, NODE, useWorkplaces, type Workplace } from '../helpers/bin.ts';
import { useLoopbackEmulators } from '../helpers/loopback-emulator.ts';

const openPlace = useWorkplaces();
const startEmulator = useLoopbackEmulators();

async function setUp(): Promise<Workplace> {
  const emulator = await startEmulator({
    scripts: { A: { result: { kind: 'complete', results: ['done'] } } },
  });
  const place = openPlace();
  Object.assign(place.environment, emulator.env);
  place.write({ 'a.luau': 'A' });
  return place;
}

// A segment of the next hour is gone on with, so the hour may turn while a test runs.
const NEXT_HOUR = new Date(Date.now() + 3_600_000).toISOString().slice(0, 13);
const journalOf = (place: Workplace) =>
  join(place.directory, 'home', '.local', 'state', 'luau-exec', `journal-000001-${NEXT_HOUR}.jsonl`);

describe('row 43: a state directory that cannot be used', () => {
  it.each<[name: string, prepare: (place: Workplace) => void, why: RegExp]>([
    [
      'is a file',
      (place) => {
        mkdirSync(dirname(dirname(journalOf(place))), { recursive: true });
        writeFileSync(dirname(journalOf(place)), '');
      },
      /EEXIST|ENOTDIR/,
    ],
    ['has a directory for a journal', (place) => mkdirSync(journalOf(place), { recursive: true }), /EISDIR/],
    [
      'is where nobody may write, root neither',
      (place) => {
        place.environment.LUAU_EXEC_STATE_DIR = '/sys/luau-exec';
      },
      /ENOENT|EACCES|EPERM|EROFS/,
    ],
    [
      'is where no directory can come to be, though the one above is there',
      (place) => {
        place.environment.LUAU_EXEC_STATE_DIR = '/proc/luau-exec/state';
      },
      /ENOENT|EACCES|EPERM|EROFS/,
    ],
    [
      'is nowhere, as there is no home',
      (place) => {
        place.environment.HOME = '';
      },
      /the system names no home directory/,
    ],
  ])('row 43: it %s: the run works, with one warning', async (_name, prepare, why) => {
    const place = await setUp();
    prepare(place);
    const human = await place.run(['run', 'a.luau', 'a.luau', '-q']);
    expect(human).toMatchObject({ exitCode: 0, stdout: '"done"\n"done"\n' });
    const warnings = human.stderr.match(/^warning: .*$/gm) ?? [];
    expect(warnings).toEqual([
      expect.stringMatching(/^warning: this run will not be found by @last: .*\(.*\)$/),
    ]);
    expect(warnings[0]).toMatch(why);
    const json = await place.run(['run', 'a.luau', '--json']);
    expect(json).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      exitCode: 0,
      results: ['done'],
      warnings: [{ id: 'LX303', message: expect.stringMatching(why) }],
    });
    expect(await place.run(['wait', '-q'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('row 43: a journal that cannot be read is named where a task is looked for in it', async () => {
    const place = await setUp();
    place.environment.LUAU_EXEC_STATE_DIR = 'a.luau';
    for (const reference of ['@last', '0123456789']) {
      const { exitCode, stderr } = await place.run(['status', reference]);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^ {2}the journal cannot be read: ENOTDIR/m);
    }
    place.environment.LUAU_EXEC_STATE_DIR = 'nothing-there-yet';
    expect((await place.run(['status'])).stderr).not.toContain('the journal');
  });

  it.each<[name: string, content: string | Uint8Array]>([
    ['that is no text', Buffer.from([0, 1, 2, 255, 254, 10, 0])],
    ['whose last line was cut off', '{"event":"intent","runId":"x","script":"half'],
    ['of other JSON', '[]\n1\nnull\n{"event":"intent"}\n{"event":"created","runId":"y","taskPath":7}\n'],
    ['of an enormous line', `"${'x'.repeat(5_000_000)}"`],
  ])('row 43: a journal %s is gone on with, without a warning', async (_name, content) => {
    const place = await setUp();
    mkdirSync(dirname(journalOf(place)), { recursive: true });
    writeFileSync(journalOf(place), content);
    expect(await place.run(['run', 'a.luau', '-q'])).toMatchObject({
      exitCode: 0,
      stdout: '"done"\n',
      stderr: '',
    });
    expect(await place.run(['wait', '@last', '-q'])).toMatchObject({
      exitCode: 0,
      stdout: '"done"\n',
      stderr: '',
    });
    expect(await place.run(['wait', '@2', '-q'])).toMatchObject({ exitCode: 2 });
    // What was in it is left alone.
    const before = Buffer.from(content);
    expect(readFileSync(journalOf(place)).subarray(0, before.length).equals(before)).toBe(true);
  });

  const isRoot = process.getuid?.() === 0;

  it.skipIf(!isRoot)('row 43: HOME is unset and the system does not know the user', async () => {
    const place = await setUp();
    chmodSync(place.directory, 0o755);
    const { HOME: _home, ...env } = place.environment;
    const child = spawn(NODE, [BIN, 'run', 'a.luau', '--no-check', '--json'], {
      cwd: place.directory,
      env,
      uid: 54_321,
      gid: 54_321,
    });
    child.stdin.end();
    const { exitCode, stdout, stderr } = await collect(child);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ results: ['done'], warnings: [{ id: 'LX303' }] });
  });

  it.skipIf(!isRoot)('row 43: the directory belongs to somebody else', async () => {
    const place = await setUp();
    chmodSync(place.directory, 0o755);
    mkdirSync(dirname(journalOf(place)), { recursive: true, mode: 0o755 });
    const env = place.environment;
    const child = spawn(NODE, [BIN, 'run', 'a.luau', '--no-check', '-q'], {
      cwd: place.directory,
      env,
      uid: 54_321,
      gid: 54_321,
    });
    child.stdin.end();
    const { exitCode, stdout, stderr } = await collect(child);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"done"\n' });
    expect(stderr).toMatch(/^warning: this run will not be found by @last: .*EACCES.*\n$/);
    expect(readdirSync(dirname(journalOf(place)))).toEqual([]);
  });
});
