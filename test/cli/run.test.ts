import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCliSessions } from '../helpers/cli-session.ts';
import { readJournalLines } from '../helpers/journal-files.ts';

const open = useCliSessions();

const PATH = /universes\/11\/places\/22\/versions\/1\/luau-execution-sessions\/([0-9a-f-]{36})\/tasks\/\1/;

describe('run', () => {
  it('prints one JSON value a line on stdout, logs and progress on stderr', async () => {
    const session = await open({
      files: { 'hello.luau': 'HELLO' },
      scripts: {
        HELLO: {
          afterMs: 4_000,
          logs: [
            { level: 'OUTPUT', message: 'hello\nworld' },
            { level: 'WARNING', message: 'careful' },
          ],
          result: { kind: 'complete', results: [3, { a: 1 }, null, 'x'] },
        },
      },
    });
    const { exitCode, stdout, stderr } = await session.run('run', 'hello.luau');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '3\n{"a":1}\nnull\n"x"\n' });
    const lines = stderr.split('\n');
    expect(lines[0]).toBe('submitting');
    expect(lines[1]).toMatch(PATH);
    expect(lines.slice(2, -2)).toEqual(['processing', 'complete', 'hello', 'world', '[warning] careful']);
    expect(lines.at(-2)).toMatch(/^complete in [45](\.\d)? s$/);
  });

  it('prints nothing for a script that returns nothing, and no progress at -q', async () => {
    const session = await open({ files: { 'a.luau': 'QUIET' }, scripts: { QUIET: {} } });
    expect(await session.run('run', 'a.luau', '-q')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('tells the file, the line and the code of a script error, and exits 1', async () => {
    const text = 'local data\nlocal function f()\n  return data.Name\nend\nf()\n';
    const message = "TaskScript:3: attempt to index nil with 'Name'";
    const trace = `Stack Begin\nScript 'TaskScript', Line 3 - function f\nScript 'TaskScript', Line 5\nStack End`;
    const session = await open({
      files: { 'src/a.luau': text },
      scripts: {
        [text]: {
          logs: [{ level: 'ERROR', message: `${message}\n${trace}` }],
          result: { kind: 'failed', code: 'SCRIPT_ERROR', message },
        },
      },
    });
    const human = await session.run('run', 'src/a.luau', '-q');
    expect(human.exitCode).toBe(1);
    expect(human.stdout).toBe('');
    expect(human.stderr).toContain("error: src/a.luau:3: attempt to index nil with 'Name'");
    expect(human.stderr).toContain('> 3 |   return data.Name');
    const { exitCode, stdout, stderr } = await session.run('run', 'src/a.luau', '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'luau-exec.result/v1',
      ok: false,
      exitCode: 1,
      outcome: 'script_failed',
      script: { name: 'src/a.luau' },
      task: { universeId: '11', placeId: '22', versionId: '1', state: 'FAILED' },
      results: null,
      error: {
        id: 'LX101',
        code: 'SCRIPT_ERROR',
        file: 'src/a.luau',
        line: 3,
        traceback: [
          { file: 'src/a.luau', line: 3, function: 'f' },
          { file: 'src/a.luau', line: 5, function: null },
        ],
      },
    });
  });

  it.each([
    ['DEADLINE_EXCEEDED', 1, 'LX102'],
    ['OUTPUT_SIZE_LIMIT_EXCEEDED', 1, 'LX103'],
    ['INTERNAL_ERROR', 3, 'LX201'],
  ] as const)('%s ends with exit code %i and %s', async (code, expected, id) => {
    const session = await open({
      files: { 'a.luau': 'BAD' },
      scripts: { BAD: { result: { kind: 'failed', code, message: 'so it is' } } },
    });
    const { exitCode, stdout } = await session.run('run', 'a.luau', '--json');
    expect(exitCode).toBe(expected);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: expected, error: { id, code } });
  });

  it('runs several scripts in order, names each, and ends with the worst code', async () => {
    const session = await open({
      files: { 'a.luau': 'A', 'b.luau': 'B' },
      scripts: {
        A: { result: { kind: 'failed', code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' } },
        B: { result: { kind: 'complete', results: ['b'] } },
        'return 1': { result: { kind: 'complete', results: [1] } },
      },
    });
    const { exitCode, stdout, stderr } = await session.run('run', 'a.luau', 'b.luau', '-e', 'return 1', '-q');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '1\n"b"\n' });
    expect(stderr.split('\n').filter((line) => /^(-e|[ab]\.luau)$/.test(line))).toEqual([
      '-e',
      'a.luau',
      'b.luau',
    ]);
    const json = await session.run('run', 'a.luau', 'b.luau', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'luau-exec.results/v1',
      exitCode: 1,
      runs: [{ outcome: 'script_failed' }, { outcome: 'ok', results: ['b'] }],
    });
  });

  it('makes the name of a script safe wherever it stands', async () => {
    const files = { '\x1b[2Jred.luau': 'A', 'two\nlines\r.luau': 'A' };
    const session = await open({ files, scripts: { A: {} } });
    const { stderr } = await session.run('run', ...Object.keys(files));
    expect(stderr).toContain(String.raw`\x1b[2Jred.luau: submitting`);
    expect(stderr).toContain(String.raw`two lines\r.luau: submitting`);
    for (const control of ['\x1b', '\r']) expect(stderr).not.toContain(control);
  });

  it('reads stdin for -', async () => {
    const session = await open({ stdin: 'FROM STDIN', scripts: { 'FROM STDIN': {} } });
    const { exitCode, stdout } = await session.run('run', '-', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ script: { name: '-' }, results: [] });
  });

  it('sends the version, the time-out and the script byte for byte', async () => {
    const bodies: string[] = [];
    const text = '--!strict\r\nreturn "ü\u0000"\r\n';
    const session = await open({
      files: { 'a.luau': text },
      scripts: { [text]: {} },
      emulator: { headVersion: 9 },
      intercept: (request, next) => {
        if (typeof request.body === 'string') bodies.push(request.body);
        return next(request);
      },
    });
    const argv = ['run', 'a.luau', '--place-version', '7', '--timeout', '1m', '-q'];
    expect(await session.run(...argv)).toMatchObject({ exitCode: 0 });
    expect(session.requests[0]).toBe(
      'POST /cloud/v2/universes/11/places/22/versions/7/luau-execution-session-tasks',
    );
    expect(bodies.map((body) => JSON.parse(body))).toEqual([{ script: text, timeout: '60s' }]);
  });

  it('--detach prints the path and leaves; wait, status and logs take it up', async () => {
    const session = await open({
      files: { 'a.luau': 'SLOW' },
      scripts: {
        SLOW: {
          afterMs: 60_000,
          logs: [{ level: 'OUTPUT', message: 'tick' }],
          result: { kind: 'complete', results: ['done'] },
        },
      },
    });
    const detached = await session.run('run', 'a.luau', '--detach', '--id-file', 'task.txt', '-q');
    expect(detached.exitCode).toBe(0);
    expect(detached.stdout).toMatch(PATH);
    const path = detached.stdout.trim();
    expect(readFileSync(join(session.cwd, 'task.txt'), 'utf8')).toBe(`${path}\n`);

    expect(await session.run('status')).toMatchObject({
      exitCode: 8,
      stdout: expect.stringContaining('PROCESSING'),
    });
    const early = await session.run('logs');
    expect(early).toMatchObject({
      exitCode: 8,
      stdout: '',
      stderr: expect.stringContaining('once it has finished'),
    });

    expect(await session.run('wait', '-q')).toEqual({ exitCode: 0, stdout: '"done"\n', stderr: 'tick\n' });
    expect(await session.run('logs', path)).toEqual({ exitCode: 0, stdout: 'tick\n', stderr: '' });
    const url = `${session.emulator.baseUrl}/cloud/v2/${path}?view=BASIC`;
    expect(await session.run('status', url)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('COMPLETE'),
    });
  });

  it('status does not say that logs are missing, which it has not asked for', async () => {
    const error = 'TaskScript:1: no';
    const failure = { kind: 'failed', code: 'SCRIPT_ERROR', message: error } as const;
    const session = await open({ files: { 'a.luau': 'A' }, scripts: { A: { result: failure } } });
    await session.run('run', 'a.luau', '-q');
    const { exitCode, stdout, stderr } = await session.run('status');
    expect({ exitCode, said: stdout + stderr }).toEqual({ exitCode: 1, said: expect.stringContaining('no') });
    expect(stdout + stderr).not.toContain('log messages');
  });

  it('puts logs where --logs says', async () => {
    const logs = [{ level: 'OUTPUT', message: 'hi' } as const];
    const session = await open({ files: { 'a.luau': 'A' }, scripts: { A: { logs } } });
    expect(await session.run('run', 'a.luau', '-q', '--logs', 'stdout')).toMatchObject({
      stdout: 'hi\n',
      stderr: '',
    });
    expect(await session.run('run', 'a.luau', '-q', '--logs', 'none')).toMatchObject({
      stdout: '',
      stderr: '',
    });
    expect(await session.run('run', 'a.luau', '-q', '--logs', 'out.txt')).toMatchObject({
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(join(session.cwd, 'out.txt'), 'utf8')).toBe('hi\n');
  });

  it('stops waiting at --wait-timeout, says how to go on, and exits 124', async () => {
    const session = await open({ files: { 'a.luau': 'LONG' }, scripts: { LONG: { afterMs: 200_000 } } });
    const { exitCode, stdout, stderr } = await session.run('run', 'a.luau', '--wait-timeout', '20s');
    expect({ exitCode, stdout }).toEqual({ exitCode: 124, stdout: '' });
    expect(stderr).toMatch(/error: still running after 20 s/);
    expect(stderr).toMatch(new RegExp(`hint: luau-exec wait ${PATH.source}`));
  });

  it('waits the time-out and 45 s for a place that never starts', async () => {
    const session = await open({
      files: { 'a.luau': 'A' },
      scripts: { A: {} },
      emulator: { bootDelayMs: 10_000_000 },
    });
    const startMs = session.clock.now();
    expect(await session.run('run', 'a.luau', '-t', '10s', '-q')).toMatchObject({ exitCode: 124 });
    expect(session.clock.now() - startMs).toBeGreaterThanOrEqual(55_000);
    expect(session.clock.now() - startMs).toBeLessThan(56_000);
  });

  it('shows a sign of life every 30 s', async () => {
    const session = await open({ files: { 'a.luau': 'LONG' }, scripts: { LONG: { afterMs: 100_000 } } });
    const { stderr } = await session.run('run', 'a.luau');
    expect(stderr.match(/^still processing after .*$/gm)).toEqual([
      'still processing after 30 s',
      'still processing after 1 min 00 s',
      'still processing after 1 min 30 s',
    ]);
  });

  it('keeps ten scripts of one place waiting for a slot, and sends each once', async () => {
    const session = await open({
      files: { 'a.luau': 'SLOW', 'b.luau': 'QUICK' },
      scripts: { SLOW: { afterMs: 40_000 }, QUICK: { result: { kind: 'complete', results: [1] } } },
    });
    for (let count = 0; count < 10; count++) await session.run('run', 'a.luau', '--detach', '-q');
    const { exitCode, stdout, stderr } = await session.run('run', 'b.luau');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '1\n' });
    expect(stderr).toMatch(/ten unfinished tasks/);
  });

  it('writes the intent before the create and the path after it', async () => {
    const session = await open({ files: { 'a.luau': 'A' }, scripts: { A: {} } });
    await session.run('run', 'a.luau', '-q');
    expect(readJournalLines(session.stateDirectory)).toMatchObject([
      {
        event: 'intent',
        script: 'a.luau',
        universeId: '11',
        placeId: '22',
        origin: session.emulator.baseUrl,
        target: null,
        timeoutSeconds: 300,
      },
      { event: 'created', taskPath: expect.stringMatching(PATH), state: 'PROCESSING' },
      {
        event: 'seen',
        taskPath: expect.stringMatching(PATH),
        state: 'COMPLETE',
        isFinished: true,
        code: null,
      },
    ]);
  });

  it('@last is the last task of the API that is asked', async () => {
    const session = await open({ files: { 'a.luau': 'A' }, scripts: { A: {} } });
    await session.run('run', 'a.luau', '-q');
    expect(await session.run('status')).toMatchObject({ exitCode: 0 });
    const elsewhere = await session.run('status', '--base-url', 'http://127.0.0.1:9');
    expect(elsewhere).toMatchObject({ exitCode: 2, stdout: '' });
    expect(elsewhere.stderr).toContain('there is no @last');
  });

  it('runs all the same when the journal cannot be written, and warns once', async () => {
    const session = await open({ files: { 'a.luau': 'A' }, scripts: { A: {} } });
    writeFileSync(session.stateDirectory, 'a file where the directory should be');
    const { exitCode, stderr } = await session.run('run', 'a.luau');
    expect(exitCode).toBe(0);
    expect(stderr.match(/warning: this run will not be found/g)?.length).toBe(1);
  });
});
