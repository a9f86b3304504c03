import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../src/open-cloud/exchange.ts';
import { API_KEY, type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const SCRIPT = { files: { 'a.luau': 'A' }, scripts: { A: {} } };

function answer(status: number, body: string, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body: Buffer.from(body) };
}

interface Row {
  name: string;
  argv: string[];
  options?: CliSessionOptions;
  exitCode: number;
  id: string;
  headline: string;
  hint?: string;
}

const missing = { ROBLOX_API_KEY: undefined, ROBLOX_UNIVERSE_ID: undefined, ROBLOX_PLACE_ID: undefined };
const rows: Row[] = [
  {
    name: 'an unknown option',
    argv: ['run', 'a.luau', '--detatch'],
    exitCode: 2,
    id: 'LX003',
    headline: "unknown option '--detatch'",
    hint: 'did you mean --detach?',
  },
  {
    name: 'an unknown command',
    argv: ['rum'],
    exitCode: 2,
    id: 'LX003',
    headline: "unknown command 'rum'",
    hint: 'did you mean run?',
  },
  {
    name: 'options and no command',
    argv: ['--local', '-q'],
    exitCode: 2,
    id: 'LX003',
    headline: 'no command was named',
    hint: 'luau-exec --help',
  },
  { name: 'no script', argv: ['run'], exitCode: 2, id: 'LX003', headline: 'no script was named' },
  {
    name: 'a script that is not there',
    argv: ['run', 'b.luau'],
    exitCode: 2,
    id: 'LX008',
    headline: 'cannot read b.luau: there is no such file',
  },
  {
    name: 'a directory',
    argv: ['run', '.git'],
    exitCode: 2,
    id: 'LX008',
    headline: 'there is no .luau file in .git',
  },
  {
    name: 'an empty script',
    argv: ['run', 'a.luau'],
    options: { files: { 'a.luau': '' } },
    exitCode: 2,
    id: 'LX008',
    headline: 'a.luau is empty',
  },
  {
    name: 'empty stdin',
    argv: ['run', '-'],
    options: { stdin: '' },
    exitCode: 2,
    id: 'LX008',
    headline: 'the script on stdin is empty',
  },
  {
    name: 'stdin that is not text',
    argv: ['run', '-'],
    options: { stdin: Buffer.from([0xff, 0xfe, 0x00]) },
    exitCode: 2,
    id: 'LX008',
    headline: 'the script on stdin is not UTF-8 text',
  },
  {
    name: 'a script over 4 MB',
    argv: ['run', 'a.luau'],
    options: { files: { 'a.luau': 'x'.repeat(5_400_000) } },
    exitCode: 2,
    id: 'LX004',
    headline: 'a.luau is 5.2 MB, Open Cloud accepts 4 MB',
  },
  {
    name: 'stdin over 4 MB',
    argv: ['run', '-'],
    options: { stdin: 'x'.repeat(5_400_000) },
    exitCode: 2,
    id: 'LX004',
    headline: 'the script on stdin is more than 4 MB, Open Cloud accepts 4 MB',
  },
  {
    name: 'no key and no ids',
    argv: ['run', 'a.luau'],
    options: { ...SCRIPT, env: missing },
    exitCode: 2,
    id: 'LX001',
    headline: 'no API key, no universe id and no place id',
    hint: 'luau-exec init, or export ROBLOX_API_KEY=… ROBLOX_UNIVERSE_ID=… ROBLOX_PLACE_ID=…, or luau-exec auth set for the key; to try without them: --local',
  },
  {
    name: 'a universe id that is none',
    argv: ['run', 'a.luau', '-u', '12a'],
    exitCode: 2,
    id: 'LX005',
    headline: 'universe id "12a" is not a number (from --universe)',
  },
  ...['1/../2', '1?x', '-1', '1e3', '０１', '0', '123456789012345678901'].map(
    (id): Row => ({
      name: `the place id ${id}`,
      argv: ['run', 'a.luau', `--place=${id}`],
      exitCode: 2,
      id: 'LX005',
      headline: `place id "${id}"`,
    }),
  ),
  {
    name: 'a key with a line break',
    argv: ['run', 'a.luau'],
    options: { ...SCRIPT, env: { ROBLOX_API_KEY: 'abc\ndefghi' } },
    exitCode: 2,
    id: 'LX002',
    headline: 'the API key holds a line break at position 4',
  },
  {
    name: 'a time-out that is too long',
    argv: ['run', 'a.luau', '-t', '6m'],
    exitCode: 2,
    id: 'LX011',
    headline: 'timeout "6m"',
  },
  {
    name: 'a base URL in the clear',
    argv: ['run', 'a.luau', '--base-url', 'http://example.com'],
    exitCode: 2,
    id: 'LX011',
    headline: 'base URL "http://example.com"',
  },
  {
    name: 'a config file that is not there',
    argv: ['run', 'a.luau', '--config', 'no.yaml'],
    exitCode: 2,
    id: 'LX012',
    headline: 'no.yaml does not exist',
  },
  {
    name: 'an unknown key in a config file',
    argv: ['run', 'a.luau'],
    options: { files: { 'a.luau': 'A', '.luauexecrc': 'universId: 1\n' } },
    exitCode: 2,
    id: 'LX003',
    headline: 'universId',
    hint: 'universeId',
  },
  {
    name: 'a place version that does not exist',
    argv: ['run', 'a.luau', '--place-version', '2'],
    exitCode: 5,
    id: 'LX404',
    headline: 'place 22 of universe 11 was not found, or the key may not see it (404)',
  },
  {
    name: 'a task that does not exist',
    argv: ['status', 'universes/11/places/22/luau-execution-session-tasks/nope'],
    exitCode: 5,
    id: 'LX404',
    headline: 'there is no such task',
  },
  {
    name: 'a reference that is no task',
    argv: ['logs', 'https://example.com/'],
    exitCode: 2,
    id: 'LX009',
    headline: 'is not a task',
  },
  { name: 'no last task', argv: ['wait'], exitCode: 2, id: 'LX009', headline: 'there is no @last' },
  {
    name: '--local with a task',
    argv: ['status', '--local'],
    exitCode: 2,
    id: 'LX003',
    headline: 'a local run ends with the command that started it',
  },
  {
    name: 'a logs file in no directory',
    argv: ['run', 'a.luau', '--logs', 'no/such/dir.txt'],
    exitCode: 74,
    id: 'LX074',
    headline: 'cannot write no/such/dir.txt',
  },
  {
    name: 'a key that is refused',
    argv: ['run', 'a.luau'],
    options: { ...SCRIPT, env: { ROBLOX_API_KEY: 'another-key-000' } },
    exitCode: 4,
    id: 'LX401',
    headline: 'the API key was refused (401)',
  },
  {
    name: 'a key without the scope',
    argv: ['run', 'a.luau'],
    options: {
      ...SCRIPT,
      intercept: async () => answer(403, '{"code":"PERMISSION_DENIED","message":"no scope","details":[]}'),
    },
    exitCode: 4,
    id: 'LX403',
    headline: 'the key may not do this in universe 11 (403)',
  },
  {
    name: 'a create that is answered with a 502',
    argv: ['run', 'a.luau'],
    options: { ...SCRIPT, intercept: async () => answer(502, '<html><title>Bad Gateway</title></html>') },
    exitCode: 9,
    id: 'LX510',
    headline: 'the script was sent but no usable answer came: it may be running',
    hint: '--retry-unsafe',
  },
  {
    name: 'a daily quota',
    argv: ['run', 'a.luau'],
    options: {
      ...SCRIPT,
      intercept: async () =>
        answer(429, '', { 'x-ratelimit-remaining': '86', 'x-ratelimit-reset': '56442', 'retry-after': '5' }),
    },
    exitCode: 6,
    id: 'LX429',
    headline: "a quota of this key's owner is used up until 2026-11-22T00:40:42Z",
  },
  {
    name: 'a redirect',
    argv: ['run', 'a.luau'],
    options: {
      ...SCRIPT,
      intercept: async () => answer(302, '', { location: 'https://portal.example/login' }),
    },
    exitCode: 10,
    id: 'LX530',
    headline: 'refused a redirect to portal.example; the key was not sent there',
  },
];

describe('what can go wrong', () => {
  it.each(rows)('$name', async ({ argv, options, exitCode, id, headline, hint }) => {
    const session = await open(options ?? SCRIPT);
    const human = await session.run(...argv);
    expect(human).toMatchObject({ exitCode, stdout: '' });
    expect(human.stderr).toContain(`error: `);
    expect(human.stderr).toContain(headline);
    if (hint !== undefined) expect(human.stderr).toContain(hint);
    expect(human.stderr).not.toMatch(/\n {4}at /);

    const json = await session.run(...argv, '--json');
    expect(json.exitCode).toBe(exitCode);
    expect(json.stdout.split('\n')).toHaveLength(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'luau-exec.result/v1',
      ok: false,
      exitCode,
      error: { id, message: expect.stringContaining(headline) },
    });
    // What is wrong on this side of the wire costs no request.
    if (exitCode === 2 || exitCode === 74) expect(session.requests).toEqual([]);
    for (const text of [human.stderr, json.stdout, json.stderr]) {
      expect(text).not.toContain(API_KEY);
      expect(text).not.toContain('defghi');
    }
  });

  it('never shows the key, though the script prints it and the server echoes it', async () => {
    const logs = [{ level: 'OUTPUT', message: `key=${API_KEY}` } as const];
    const session = await open({
      files: { 'a.luau': 'A' },
      scripts: { A: { logs, result: { kind: 'complete', results: [`${API_KEY}!`] } } },
    });
    expect(await session.run('run', 'a.luau', '-q')).toEqual({
      exitCode: 0,
      stdout: '"***!"\n',
      stderr: 'key=***\n',
    });
    const verbose = await session.run('run', 'a.luau', '-vv', '--json');
    expect(verbose.stdout + verbose.stderr).not.toContain(API_KEY);
    expect(JSON.parse(verbose.stdout)).toMatchObject({
      results: ['***!'],
      logs: { messages: [{ message: 'key=***' }] },
    });
  });

  it('traces every request at -vv', async () => {
    const session = await open(SCRIPT);
    const { stderr } = await session.run('run', 'a.luau', '-vv');
    expect(stderr).toMatch(
      /^POST http:\/\/127\.0\.0\.1:\d+\/cloud\/v2\/\S+ 200 \d+ ms 39 of 40 left, reset in \d+ s$/m,
    );
    expect(stderr).toMatch(/^GET \S+\?view=BASIC 200 \d+ ms 199 of 200 left/m);
  });

  it('config shows every value with its origin and hides the key', async () => {
    const session = await open({ files: { '.luauexecrc': 'timeout: 30s\n' } });
    const { exitCode, stdout } = await session
      .run('config', '-u', '5')
      .catch(() => ({ exitCode: -1, stdout: '' }));
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    const shown = await session.run('config');
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toMatch(/^apiKey +set \(hidden\) +.*ROBLOX_API_KEY/m);
    expect(shown.stdout).toMatch(/^timeout +30 s +.*\.luauexecrc/m);
    expect(shown.stdout).not.toContain(API_KEY);
    const json = await session.run('config', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'luau-exec.config/v1',
      settings: { apiKey: { value: null, isSet: true }, timeout: { value: 30, origin: { kind: 'file' } } },
    });
  });

  it('cancel says that it cannot, and until when the task may run', async () => {
    const session = await open({ files: { 'a.luau': 'LONG' }, scripts: { LONG: { afterMs: 30_000 } } });
    await session.run('run', 'a.luau', '--detach', '-t', '60s', '-q');
    const running = await session.run('cancel');
    expect(running.exitCode).toBe(11);
    expect(running.stderr).toContain(
      'error: this run cannot be cancelled: Open Cloud has no operation for it',
    );
    expect(running.stderr).toMatch(/ends by itself by about 2026-11-21T09:01:4\dZ/);
    await session.run('wait', '-q');
    const finished = await session.run('cancel');
    expect(finished).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: 'the task has finished already: COMPLETE\n',
    });
  });

  it('an interrupt while waiting tells how to go on and ends with the code of the signal', async () => {
    const session = await open({
      files: { 'a.luau': 'LONG' },
      scripts: { LONG: { afterMs: 100_000 } },
      intercept: (request, next) => {
        if (request.method === 'GET') session.interrupt('SIGTERM');
        return next(request);
      },
    });
    const { exitCode, stdout } = await session.run('run', 'a.luau', '--json');
    expect(exitCode).toBe(143);
    const envelope = JSON.parse(stdout);
    expect(envelope).toMatchObject({ exitCode: 143, outcome: 'interrupted', error: { id: 'LX602' } });
    expect(envelope.error.hint).toBe(`luau-exec wait ${envelope.task.path}`);
  });

  it('an interrupt in the create waits for its answer, which names the task; nothing is sent after it', async () => {
    const session = await open({
      files: { 'a.luau': 'LONG', 'b.luau': 'LONG' },
      scripts: { LONG: { afterMs: 100_000 } },
      intercept: (request, next) => {
        session.interrupt('SIGINT');
        return next(request);
      },
    });
    const { exitCode, stdout } = await session.run('run', 'a.luau', 'b.luau', '--json');
    expect(exitCode).toBe(130);
    expect(session.requests).toEqual([expect.stringMatching(/^POST /)]);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 130,
      runs: [
        {
          outcome: 'interrupted',
          task: { universeId: '11' },
          error: { hint: expect.stringContaining('luau-exec wait') },
        },
        {
          outcome: 'interrupted',
          task: null,
          error: { message: expect.stringContaining('nothing was created') },
        },
      ],
    });
  });

  it('help goes to stdout with exit code 0, and nothing at all to stderr with 2', async () => {
    const session = await open();
    expect(await session.run('--help')).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Usage: luau-exec/),
    });
    expect(await session.run('run', '--help')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Examples:'),
    });
    expect(await session.run()).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/^Usage: luau-exec/),
    });
  });
});
