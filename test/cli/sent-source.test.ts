import { describe, expect, it } from 'vitest';
import { formatMapComment } from '../../src/script/line-map.ts';
import { type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();

const PLAIN = 'local data\nreturn data.x\n';
const STACK = "Stack Begin\nScript 'TaskScript', Line 2\nStack End";
const BUNDLE = `-- ours\nlocal M = {}\nreturn M.x.y\n-- ours\nf(M)\n${formatMapComment([
  { file: 'lib/m.luau', chunkLine: 2, lineCount: 2 },
  { file: 'main.luau', chunkLine: 5, lineCount: 1 },
])}`;

function fail(message: string, stack: string): NonNullable<CliSessionOptions['scripts']>[string] {
  return {
    logs: [
      { level: 'OUTPUT', message: 'TaskScript:2 is printed' },
      { level: 'WARNING', message: 'TaskScript:2: careful' },
      { level: 'ERROR', message: `${message}\n${stack}` },
    ],
    result: { kind: 'failed', code: 'SCRIPT_ERROR', message },
  };
}

/** A task that another call has sent. */
async function openSent(intercept?: CliSessionOptions['intercept']) {
  const session = await open({
    files: { 'src/a.luau': PLAIN, 'src/b.luau': BUNDLE },
    scripts: {
      [PLAIN]: fail('TaskScript:2: attempt to index nil', STACK),
      [BUNDLE]: fail(
        'TaskScript:3: attempt to index nil',
        "Stack Begin\nScript 'TaskScript', Line 3 - function f\nScript 'TaskScript', Line 1\nScript 'TaskScript', Line 5\nStack End",
      ),
    },
    ...(intercept && { intercept }),
  });
  await session.run('run', 'src/a.luau', '--detach');
  await session.run('run', 'src/b.luau', '--detach');
  session.requests.length = 0;
  return session;
}

describe('a task that another process has sent', () => {
  it('wait names the lines of the script by its name', async () => {
    const session = await openSent();
    const { exitCode, stderr } = await session.run('wait', '@2', '-q');
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      [
        'TaskScript:2 is printed',
        '[warning] src/a.luau:2: careful',
        'error: src/a.luau:2: attempt to index nil',
        '',
        '  1 | local data',
        '> 2 | return data.x',
        '',
        '  at src/a.luau:2',
        '',
      ].join('\n'),
    );
  });

  it('and those of a bundle by the names of its files', async () => {
    const session = await openSent();
    const { stdout } = await session.run('wait', '--json');
    const { error, logs } = JSON.parse(stdout);
    expect(error).toMatchObject({
      message: 'lib/m.luau:2: attempt to index nil',
      file: 'lib/m.luau',
      line: 2,
      traceback: [
        { file: 'lib/m.luau', line: 2, function: 'f' },
        { file: 'main.luau', line: 1, function: null },
      ],
    });
    expect(logs.messages.map(({ message }: { message: string }) => message)).toEqual([
      'TaskScript:2 is printed',
      'lib/m.luau:1: careful',
      "lib/m.luau:2: attempt to index nil\nStack Begin\nScript 'lib/m.luau', Line 2 - function f\nScript 'main.luau', Line 1\nStack End",
    ]);
  });

  it('status and logs do the same', async () => {
    const session = await openSent();
    await session.run('wait', '-q');
    expect((await session.run('status', '@2')).stderr).toContain('error: src/a.luau:2: attempt to index nil');
    const { stdout } = await session.run('logs', '@2');
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'TaskScript:2 is printed',
      '[warning] src/a.luau:2: careful',
      '[error] src/a.luau:2: attempt to index nil',
    ]);
  });

  it("lines stay the chunk's where the service does not give it away", async () => {
    const session = await openSent((request, next) =>
      next(request).then((answer) =>
        request.url.searchParams.get('view') === 'FULL' ? { ...answer, status: 503 } : answer,
      ),
    );
    const { exitCode, stderr } = await session.run('wait', '@2', '-q');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: [
        'TaskScript:2 is printed',
        '[warning] TaskScript:2: careful',
        'error: TaskScript:2: attempt to index nil',
        '',
        '  at TaskScript:2',
        '',
      ].join('\n'),
    });
  });

  it('a script that names no line of its own is not asked for', async () => {
    const views: (string | null)[] = [];
    const session = await open({
      files: { 'a.luau': 'QUIET' },
      scripts: { QUIET: { logs: [{ level: 'WARNING', message: 'nothing special' }] } },
      intercept: (request, next) => {
        views.push(request.url.searchParams.get('view'));
        return next(request);
      },
    });
    await session.run('run', 'a.luau', '--detach');
    expect(await session.run('wait', '-q')).toMatchObject({ exitCode: 0 });
    expect(views).not.toContain('FULL');
  });
});
