import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Fault, FaultAction } from '../../src/emulator/faults.ts';
import { startRun, useControlSessions } from '../helpers/control-session.ts';

const openSession = useControlSessions();

/** Prints `count` lines in `seconds`, each as long as `padding` makes it. */
const printMany = (count: number, seconds: number, padding = '') => `
local perStep = ${count / (seconds * 10)}
for step = 0, ${seconds * 10 - 1} do
  for line = 1, perStep do
    print(string.format("line %d${padding}", step * perStep + line))
  end
  task.wait(0.1)
end
return ${count}`;

/** The numbers of the lines in a text, in their order. */
const numbersIn = (text: string) => [...text.matchAll(/^line (\d+)/gm)].map(([, number]) => Number(number));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('run --live', () => {
  test('shows 10,000 prints in 20 s in order, each once, while the script runs', async () => {
    const session = await openSession({ files: { 'many.luau': printMany(10_000, 20) } });
    const { exitCode, stdout, stderr } = await session.run('run', 'many.luau', '--live');
    expect(exitCode).toBe(0);
    expect(stdout).toBe('10000\n');
    expect(numbersIn(stderr)).toEqual(upTo(10_000));
    // All but what was printed in the last second came before the end was seen.
    const [live = ''] = stderr.split('complete\n');
    expect(numbersIn(live).length).toBeGreaterThan(9_000);
    expect(stderr).not.toContain('left out');
    // The service has kept the last ones only, and the others are known to have been seen.
    const counts =
      /messages are missing: the (\S+) messages here .*; shown while the script ran: (\S+) from before$/m.exec(
        stderr,
      );
    const [kept, older] = (counts?.slice(1) ?? []).map((count) => Number(count.replace(',', '')));
    expect((kept ?? 0) + (older ?? 0)).toBe(10_000);
  });

  test('counts what did not fit, and fills it in from the kept messages', async () => {
    const session = await openSession({ files: { 'long.luau': printMany(2_000, 5, ' '.padEnd(150, '.')) } });
    const { exitCode, stderr } = await session.run('run', 'long.luau', '--live');
    expect(exitCode).toBe(0);
    const numbers = numbersIn(stderr);
    expect([...numbers].sort((a, b) => a - b)).toEqual(upTo(2_000));
    expect(numbers).not.toEqual(upTo(2_000));
    const missed = [...stderr.matchAll(/^\((\S+) log messages? (?:are|is) left out here; see the end\)$/gm)];
    const missedCount = missed.reduce((sum, [, words]) => sum + Number(words?.replace(/\D/g, '')), 0);
    const [, late = ''] =
      /^(\S+) log messages from before, which did not come while the script ran:$/m.exec(stderr) ?? [];
    expect(missedCount).toBeGreaterThan(100);
    expect(Number(late.replace(',', ''))).toBe(missedCount);
  });

  test('shows the kept messages alone where the script ends at once', async () => {
    const session = await openSession({ files: { 'quick.luau': 'print("hello")\nreturn 1' } });
    const { stdout, stderr } = await session.run('run', 'quick.luau', '--live');
    expect(stdout).toBe('1\n');
    expect(stderr.match(/hello/g)).toHaveLength(1);
    expect(stderr).not.toContain('did not come');
  });

  test('has levels, lines of the user, and what cannot be sent', async () => {
    const script = [
      'print("plain")',
      'warn("careful")',
      'task.spawn(function()',
      '  error("in a thread")',
      'end)',
      'print("bytes \\255 here")',
      'print(string.rep("x", 40000))',
      'print("two\\nlines")',
      'task.wait(5)',
      'print("last")',
      'task.wait(5)',
      'error("the end")',
    ].join('\n');
    const session = await openSession({ files: { 'mixed.luau': script } });
    const { exitCode, stderr } = await session.run('run', 'mixed.luau', '--live', '--log-level', 'warning');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('[warning] careful\n[error] mixed.luau:4: in a thread\n');
    expect(stderr.match(/careful/g)).toHaveLength(1);
    expect(stderr).not.toContain('plain');
    expect(stderr).toContain('error: mixed.luau:12: the end\n');
    const all = await session.run('run', 'mixed.luau', '--live');
    expect(all.stderr).toMatch(
      /plain\n(?:.*\n)*two\nlines\n(?:.*\n)*last\n(?:.*\n)*2 log messages from before/,
    );
    expect(all.stderr.match(/two\nlines/g)).toHaveLength(1);
    expect(all.stderr.match(/x{40000}/g)).toHaveLength(1);
  });

  test('names each of several scripts', async () => {
    const session = await openSession({
      files: { 'a.luau': 'print("one\\ntwo") task.wait(5)', 'b.luau': 'print("three") task.wait(5)' },
    });
    const { exitCode, stderr } = await session.run('run', 'a.luau', 'b.luau', '--live');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('a.luau: one\na.luau: two\n');
    expect(stderr).toContain('b.luau: three\n');
    expect(stderr.match(/three/g)).toHaveLength(1);
  });

  test('sends less often where many run at once, so that all can be cancelled', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `s${index}.luau`);
    const script = 'for n = 1, 60 do print("line", n) task.wait(0.5) end';
    const session = await openSession({ files: Object.fromEntries(names.map((name) => [name, script])) });
    const argv = ['run', ...names, '--live', '--cancellable', '--concurrency', '10'];
    const { exitCode, stderr } = await session.run(...argv);
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('may not work');
    expect(stderr.match(/line 60$/gm)).toHaveLength(10);
  });

  test('tells NDJSON each message as it comes, and all of them at the end', async () => {
    const session = await openSession({ files: { 'a.luau': 'print("one") task.wait(3) warn("two")' } });
    const { stdout } = await session.run('run', 'a.luau', '--live', '--output', 'ndjson');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const live = events.filter(({ type }) => type === 'live_log');
    expect(live).toEqual([
      expect.objectContaining({ level: 'OUTPUT', message: 'one', run: 0, script: 'a.luau' }),
    ]);
    expect(events.filter(({ type }) => type === 'log').map(({ message }) => message)).toEqual(['one', 'two']);
  });

  test('leaves the messages to a follower where it shows none itself', async () => {
    const session = await openSession({
      files: { 'a.luau': 'for n = 1, 20 do print("line", n) task.wait(1) end' },
    });
    const { running } = await startRun(session, ['a.luau', '--live', '--json']);
    const followed = await session.run('logs', '--follow');
    expect(followed.exitCode).toBe(0);
    expect(numbersIn(followed.stdout)).toEqual(upTo(20));
    expect(JSON.parse((await running).stdout).logs.messages).toHaveLength(20);
  });
});

describe('logs --follow', () => {
  test('shows a run that nobody waits for, from the first message that is still there', async () => {
    const session = await openSession({ files: { 'many.luau': printMany(600, 60) } });
    await session.run('run', 'many.luau', '--live', '--detach');
    const { exitCode, stdout } = await session.run('logs', '--follow', '--grep', '0$');
    expect(exitCode).toBe(0);
    expect(numbersIn(stdout)).toEqual(upTo(60).map((number) => number * 10));
  });

  test('shows what another terminal shows too', async () => {
    const session = await openSession({ files: { 'many.luau': printMany(600, 60) } });
    const { running } = await startRun(session, ['many.luau', '--live']);
    await session.clock.sleep(5_000);
    const [first, second] = await Promise.all([session.run('logs', '-f'), session.run('logs', '-f')]);
    expect(numbersIn(first.stdout)).toEqual(upTo(600));
    expect(numbersIn(second.stdout)).toEqual(upTo(600));
    const { stderr } = await running;
    expect(numbersIn(stderr)).toEqual(upTo(600));
    expect(`${first.stderr}${second.stderr}${stderr}`).not.toContain('left out');
    expect(readdirSync(session.stateDirectory).filter((name) => name.startsWith('live'))).toEqual([]);
  });

  test('waits for the end of a run that was not sent with --live', async () => {
    const session = await openSession({
      files: { 'a.luau': 'print("line", 1) task.wait(5) print("line", 2)' },
    });
    await session.run('run', 'a.luau', '--detach');
    const { exitCode, stdout, stderr } = await session.run('logs', '--follow');
    expect(exitCode).toBe(0);
    expect(stdout).toBe('line 1\nline 2\n');
    expect(stderr).toContain('this run was not sent with --live: its log messages come when it has ended\n');
  });

  test('is not for what looks back', async () => {
    const session = await openSession({ files: {} });
    expect(await session.run('logs', '--follow', '--tail', '5')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'error: --tail looks back from the newest message, and with --follow there is always a newer one\n\nhint: use --level or --grep with --follow\n',
    });
  });

  test('Ctrl-C ends it, and the run goes on', async () => {
    const session = await openSession({ files: { 'many.luau': printMany(600, 60) } });
    await session.run('run', 'many.luau', '--live', '--detach');
    const following = session.run('logs', '--follow');
    await session.clock.sleep(5_000);
    session.interrupt('SIGINT');
    const { exitCode, stderr } = await following;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/error: stopped waiting; the script goes on for at most 345 s\n/);
    expect(await session.run('status')).toMatchObject({ exitCode: 8 });
  });
});

describe('wait', () => {
  const files = { 'many.luau': printMany(600, 60) };

  test('shows what a run prints that was sent with --live, each message once', async () => {
    const session = await openSession({ files });
    await session.run('run', 'many.luau', '--live', '--detach');
    const { exitCode, stdout, stderr } = await session.run('wait');
    expect(exitCode).toBe(0);
    expect(stdout).toBe('600\n');
    expect(numbersIn(stderr)).toEqual(upTo(600));
    const [live = ''] = stderr.split('complete\n');
    expect(numbersIn(live).length).toBeGreaterThan(500);
  });

  test('leaves them where nobody is shown any, and where the run has ended', async () => {
    const session = await openSession({ files });
    await session.run('run', 'many.luau', '--live', '--detach');
    for (const argv of [['--json'], ['--logs', 'none'], []]) await session.run('wait', ...argv);
    expect(session.requests.filter((request) => request.includes('memory-store'))).toEqual([]);
  });
});

describe('a memory store that is broken never changes what comes of a run', () => {
  const WAYS: readonly [name: string, action: FaultAction][] = [
    ['answers 503', { answer: { status: 503 } }],
    ['refuses', { answer: { status: 403, body: 'no' } }],
    ['never answers', { never: true }],
    ['is slow', { delayMs: 5_000 }],
  ];
  const IN_THE_TASK: readonly Fault['request'][] = [
    'MemoryStoreSortedMap:GetAsync',
    'MemoryStoreQueue:GetSizeAsync',
    'MemoryStoreQueue:AddAsync',
  ];
  const OVER_HTTP: readonly Fault['request'][] = ['readQueueItems', 'discardQueueItems'];
  const cases = [...IN_THE_TASK, ...OVER_HTTP].flatMap((request) =>
    WAYS.map(([name, action]) => [request, name, action] as const),
  );

  test.each(cases)('%s %s', async (request, _name, action) => {
    const session = await openSession({
      files: { 'a.luau': printMany(100, 10) },
      faults: [{ request, times: 'always', do: action }],
    });
    const run = await session.run('run', 'a.luau', '--live', '--cancellable');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toBe('100\n');
    expect(numbersIn(run.stderr).sort((a, b) => a - b)).toEqual(upTo(100));
    const warnings = run.stderr.match(/^(\[warning\]|warning:) .*/gm) ?? [];
    const isAnError = !('never' in action) && !('delayMs' in action);
    if (IN_THE_TASK.includes(request)) {
      const text = '[warning] luau-exec: cancelling and live log messages may not work: ';
      expect(warnings.map((line) => line.slice(0, text.length))).toEqual(isAnError ? [text] : []);
    } else if (isAnError) {
      expect(warnings).toEqual([
        expect.stringMatching(/^warning: no more log messages are shown before the end: /),
      ]);
    }
  });

  test('that fails once is asked again', async () => {
    const session = await openSession({
      files: { 'a.luau': printMany(100, 10) },
      faults: [
        { request: 'MemoryStoreQueue:AddAsync', do: { answer: { status: 503 } } },
        { request: 'readQueueItems', nth: 2, times: 2, do: { answer: { status: 503 } } },
      ],
    });
    const { exitCode, stderr } = await session.run('run', 'a.luau', '--live');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('10 log messages are left out here; see the end)');
    expect(stderr).toContain(
      '10 log messages from before, which did not come while the script ran:\nline 1\n',
    );
    expect(numbersIn(stderr).sort((a, b) => a - b)).toEqual(upTo(100));
  });
});
