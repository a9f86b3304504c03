import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_KEY, type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';
import type { ScriptedRun } from '../helpers/scripted-luau.ts';

const open = useCliSessions();
const FILES = { 'good.luau': 'GOOD', 'bad.luau': 'BAD' };
const SCRIPTS: Readonly<Record<string, ScriptedRun>> = {
  GOOD: {
    afterMs: 40_000,
    logs: [{ level: 'OUTPUT', message: 'hello' }],
    result: { kind: 'complete', results: [1, { a: '\u001b' }] },
  },
  BAD: {
    logs: [
      { level: 'ERROR', message: "TaskScript:1: no\nStack Begin\nScript 'TaskScript', Line 1\nStack End" },
    ],
    result: { kind: 'failed', code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' },
  },
};
const openUsual = (options: CliSessionOptions = {}) => open({ files: FILES, scripts: SCRIPTS, ...options });
const readEvents = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('--output ndjson', () => {
  it('tells what happens as it happens, and ends with what --json prints', async () => {
    const session = await openUsual();
    const { exitCode, stdout, stderr } = await session.run('run', 'good.luau', '--output', 'ndjson');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const events = readEvents(stdout);
    expect(events.map(({ type }) => type)).toEqual([
      'submitting',
      'created',
      'state',
      'heartbeat',
      'state',
      'log',
      'ended',
      'result',
    ]);
    expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(events[3].t).toBeGreaterThanOrEqual(30_000);
    expect(events.at(-1).result).toMatchObject({
      schema: 'luau-exec.result/v1',
      results: [1, { a: '\u001b' }],
    });
    expect(stdout).not.toContain('\u001b');
  });

  it.each([
    ['an unknown option', ['run', 'good.luau', '--nope'], 2, 'LX003'],
    ['a script that is not there', ['run', 'none.luau'], 2, 'LX008'],
    ['a script that fails', ['run', 'bad.luau'], 1, 'LX101'],
    ['no such task', ['wait', '@7'], 2, 'LX009'],
  ])('%s: one result, last, with the exit code', async (_name, argv, exitCode, id) => {
    const session = await openUsual();
    const result = await session.run(...argv, '--output=ndjson');
    expect(result).toMatchObject({ exitCode, stderr: '' });
    const events = readEvents(result.stdout);
    expect(events.filter(({ type }) => type === 'result')).toEqual([events.at(-1)]);
    expect(events.at(-1).result).toMatchObject({ exitCode, error: { id } });
  });

  it('ends with the result also after a signal', async () => {
    const session = await openUsual({
      intercept: (request, next) => {
        if (request.method === 'GET') session.interrupt('SIGTERM');
        return next(request);
      },
    });
    const { exitCode, stdout } = await session.run('run', 'good.luau', 'bad.luau', '--output', 'ndjson');
    expect(exitCode).toBe(143);
    const events = readEvents(stdout);
    expect(events.filter(({ type }) => type === 'result')).toEqual([events.at(-1)]);
    expect(events.filter(({ type }) => type === 'ended').map(({ run, outcome }) => [run, outcome])).toEqual([
      [0, 'interrupted'],
      [1, 'interrupted'],
    ]);
  });
});

describe('--output ndjson of a command about one task', () => {
  it.each(['status', 'logs', 'wait', 'cancel'])('%s has one `ended` and one result', async (command) => {
    const session = await openUsual();
    await session.run('run', 'good.luau', '-q');
    const { stdout } = await session.run(command, '--output=ndjson');
    const types = readEvents(stdout).map(({ type }) => type);
    expect(types.filter((type) => type === 'ended' || type === 'result')).toEqual(['ended', 'result']);
    expect(types.at(-1)).toBe('result');
  });
});

it('a wait that comes to no end has the path in every format', async () => {
  const session = await openUsual({
    env: { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: 'out' },
    scripts: { GOOD: { afterMs: 60_000 } },
  });
  const detached = await session.run('run', 'good.luau', '--detach');
  const path = detached.stdout.trim();
  const { exitCode } = await session.run(
    'wait',
    '--wait-timeout=5s',
    '--output=ndjson=events',
    '--output=junit=x',
  );
  expect(exitCode).toBe(124);
  const read = (name: string) => readFileSync(join(session.cwd, name), 'utf8');
  expect(readEvents(read('events')).at(-2)).toMatchObject({ type: 'ended', taskPath: path });
  expect(read('x')).toContain(`<testcase name="${path}"`);
  expect(read('out').split(path)).toHaveLength(3);
});

describe('files', () => {
  it('hold other formats, while people read', async () => {
    const session = await openUsual();
    const argv = [
      '--output',
      'junit=report.xml',
      '--output',
      'json=result.json',
      '--output',
      'ndjson=events',
    ];
    const { exitCode, stdout, stderr } = await session.run('run', 'good.luau', 'bad.luau', ...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '1\n{"a":"\\u001b"}\n' });
    expect(stderr).toContain('2 scripts: 1 complete, 1 failed');
    const read = (name: string) => readFileSync(join(session.cwd, name), 'utf8');
    expect(read('report.xml')).toMatch(
      /<testsuite name="luau-exec" timestamp="[-T:\d]+" tests="2" failures="1"/,
    );
    expect(JSON.parse(read('result.json'))).toMatchObject({ schema: 'luau-exec.results/v1', exitCode: 1 });
    expect(readEvents(read('events')).at(-1)).toMatchObject({ type: 'result', result: { exitCode: 1 } });
  });

  it('get the report of a call that never came to a script', async () => {
    const session = await openUsual({ env: { ROBLOX_API_KEY: undefined } });
    writeFileSync(join(session.cwd, 'report.xml'), 'an older report');
    for (const argv of [
      ['run', 'good.luau'],
      ['run', 'good.luau', '--nope'],
    ]) {
      const { exitCode } = await session.run(...argv, '--output=junit=report.xml');
      expect(exitCode).toBe(2);
      const report = readFileSync(join(session.cwd, 'report.xml'), 'utf8');
      expect(report).toContain('errors="1"');
      expect(report).toContain('<testcase name="luau-exec"');
    }
  });

  it('that cannot be written are told of before anything is sent', async () => {
    const session = await openUsual();
    const { exitCode, stderr } = await session.run('run', 'good.luau', '--output', 'junit=none/report.xml');
    expect(exitCode).toBe(74);
    expect(stderr).toMatch(/^error: cannot write none\/report\.xml: ENOENT/);
    expect(session.requests).toEqual([]);
  });

  it.each([
    ['good.luau', 74, { exitCode: 74, outcome: 'io', results: [1, { a: '\u001b' }], error: { id: 'LX074' } }],
    ['bad.luau', 1, { exitCode: 1, error: { id: 'LX101' }, warnings: [{ id: 'LX074' }] }],
  ])('that are lost later cost nothing that is known: %s', async (name, exitCode, envelope) => {
    const session = await openUsual({
      intercept: (request, next) => {
        const report = join(session.cwd, 'report.xml');
        rmSync(report, { recursive: true });
        mkdirSync(report);
        return next(request);
      },
    });
    const result = await session.run('run', name, '--json', '--output=junit=report.xml');
    expect(result.exitCode).toBe(exitCode);
    expect(JSON.parse(result.stdout)).toMatchObject(envelope);
  });

  it.each([
    ['--output=json=x', '--output=junit=./x'],
    ['--output=json=x', '--logs=x'],
    ['--logs=none/../x', '--id-file=x'],
    ['--output=ndjson=link', '--id-file=x'],
    ['--logs=/dev/null', '--output=json=a.luau'],
    ['--logs', 'good.luau'],
    ['--id-file=GOOD.LUA'],
  ])('that would be one, or a script, are refused before anything is lost: %s %s', async (...words) => {
    const session = await openUsual({ files: { ...FILES, 'none/a': '', 'a.luau': 'GOOD', x: 'mine' } });
    symlinkSync('x', join(session.cwd, 'link'));
    const { exitCode, stdout, stderr } = await session.run('run', 'bad.luau', ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error: (--[a-z-]+.* and --[a-z-]+.* would both be written to|.*\.lua.* is named as)/i,
    );
    expect(readFileSync(join(session.cwd, 'good.luau'), 'utf8')).toBe('GOOD');
    expect(readFileSync(join(session.cwd, 'a.luau'), 'utf8')).toBe('GOOD');
    expect(session.requests).toEqual([]);
  });

  it.each([['--output=json=-'], ['--logs=/dev/stdout'], ['--logs=-'], ['--logs=/dev/stderr']])(
    '%s is no file but the stream',
    async (word) => {
      const session = await openUsual();
      const { stdout, stderr } = await session.run('run', 'good.luau', word, '-q');
      if (word.includes('json')) expect(JSON.parse(stdout)).toMatchObject({ ok: true });
      else expect(word.endsWith('err') ? stderr : stdout).toContain('hello\n');
      expect(existsSync(join(session.cwd, '-'))).toBe(false);
    },
  );

  it('may be a pipe that somebody reads', async () => {
    const session = await openUsual();
    execFileSync('mkfifo', ['pipe', 'nobody'], { cwd: session.cwd });
    const refused = await session.run('run', 'good.luau', '--output=ndjson=nobody');
    expect(refused).toMatchObject({ exitCode: 74, stderr: expect.stringContaining('ENXIO') });
    // Opened for both, so that the reader is there at once and waits for no writer.
    const reader = spawn('sh', ['-c', `exec 3<>pipe; echo ready; sed '/"type":"result"/q' <&3`], {
      cwd: session.cwd,
    });
    let stdout = '';
    const isReady = new Promise((resolve) => {
      reader.stdout.on('data', (chunk) => {
        stdout += String(chunk);
        resolve(null);
      });
    });
    const hasEnded = once(reader, 'close');
    await isReady;
    const { exitCode, stderr } = await session.run('run', 'good.luau', '--output=ndjson=pipe');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    await hasEnded;
    stdout = stdout.replace(/^ready\n/, '');
    expect(readEvents(stdout).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('hold no key', async () => {
    const session = await open({
      files: FILES,
      scripts: { GOOD: { logs: [{ level: 'OUTPUT', message: 'test-key-7f3a9c51d2e84b60' }] }, BAD: {} },
    });
    await session.run('run', 'good.luau', '--output=junit=a', '--output=json=b', '--output=ndjson=c');
    for (const name of ['a', 'b', 'c']) {
      const text = readFileSync(join(session.cwd, name), 'utf8');
      expect(text).toContain('***');
      expect(text).not.toContain('test-key');
    }
  });
});

describe('commands that make no report', () => {
  it.each(['config', 'doctor', 'bundle'])('%s takes no format but JSON', async (command) => {
    const session = await openUsual();
    const argv = command === 'bundle' ? [command, 'good.luau'] : [command];
    for (const word of ['junit', 'ndjson', 'json=a.json', 'junit=a.xml']) {
      const { exitCode, stdout, stderr } = await session.run(...argv, '--output', word);
      expect(exitCode).toBe(2);
      // Told in the format that was asked for.
      expect(stdout + stderr).toContain(`${command} makes no report that --output`);
    }
  });

  it('takes --output json for --json', async () => {
    const session = await openUsual();
    const { stdout } = await session.run('config', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'luau-exec.config/v1' });
  });
});

describe('on GitHub Actions', () => {
  const ON_GITHUB = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: 'out', GITHUB_STEP_SUMMARY: 'summary' };
  const openOnGithub = (options: CliSessionOptions = {}) =>
    open({
      files: { 'game/bad.luau': 'BAD', 'good.luau': 'GOOD' },
      scripts: SCRIPTS,
      env: ON_GITHUB,
      ...options,
    });

  it('annotates the line of the file, seen from the workspace', async () => {
    const session = await openOnGithub();
    const { stderr } = await session.run('run', 'game/bad.luau');
    expect(stderr).toContain(
      '::error file=game/bad.luau,line=1,title=luau-exec LX101::game/bad.luau:1: no\n',
    );
  });

  it.each([
    ['a command of the older kind', 'a.luau', 'x ##[error]y', 'x \\u0023#[error]y'],
    ['the key', 'a.luau', API_KEY, '***'],
    ['a control in the name', 'a\u001b[2J,b.luau', 'x', 'x'],
  ])('annotates with %s', async (_name, file, message, shown) => {
    const session = await openOnGithub({
      files: { [file]: 'BAD' },
      scripts: {
        BAD: { result: { kind: 'failed', code: 'SCRIPT_ERROR', message: `TaskScript:1: ${message}` } },
      },
    });
    const { stderr } = await session.run('run', file);
    const [annotation = ''] = stderr.match(/^::error .*$/m) ?? [];
    expect(annotation.endsWith(shown)).toBe(true);
    expect(stderr).not.toContain('\u001b');
  });

  it('folds the log messages, on stderr alone', async () => {
    const session = await openOnGithub();
    const folded = await session.run('run', 'good.luau', '-q');
    expect(folded.stderr).toMatch(
      /^::group::log messages of good\.luau\n::stop-commands::.*\n\| hello\n::.*::\n::endgroup::\n$/,
    );
    const { stdout } = await session.run('run', 'good.luau', '-q', '--logs', 'stdout');
    expect(stdout).not.toContain('::group');
    expect(stdout).toContain('| hello');
  });

  it('adds to the files of the step, which may hold something already', async () => {
    const session = await openOnGithub();
    const read = (name: string) => readFileSync(join(session.cwd, name), 'utf8');
    writeFileSync(join(session.cwd, 'summary'), 'before\n');
    await session.run('run', 'good.luau');
    await session.run('run', 'game/bad.luau', 'good.luau');
    const outputs = [...read('out').matchAll(/^([a-z-]+)<<(luau-exec-[0-9a-f-]{36})\n([\s\S]*?)\n\2\n/gm)];
    expect(outputs.map(([, name, , value]) => [name, value])).toMatchObject([
      ['outcome', 'ok'],
      ['exit-code', '0'],
      ['task-path', expect.stringMatching(/^universes\/11\/places\/22\/[^\n]+$/)],
      ['results', '[1,{"a":"\\u001b"}]'],
      ['outcome', 'script_failed'],
      ['exit-code', '1'],
      ['task-path', expect.stringMatching(/^universes[^\n]+\nuniverses[^\n]+$/)],
      ['results', '[null,[1,{"a":"\\u001b"}]]'],
    ]);
    // Nobody who saw one delimiter can end the next value with it.
    expect(new Set(outputs.map(([, , delimiter]) => delimiter)).size).toBe(2);
    expect(read('summary')).toMatch(/^before\n### luau-exec\n[\s\S]*\n### luau-exec\n/);
  });

  it.each([['status'], ['logs'], ['run', 'good.luau', '--json']])('%s leaves them alone', async (...argv) => {
    const session = await openOnGithub();
    await session.run('run', 'good.luau', '--json');
    await session.run(...argv);
    expect(existsSync(join(session.cwd, 'out'))).toBe(false);
    expect(existsSync(join(session.cwd, 'summary'))).toBe(false);
  });

  it('tells a usage error as an annotation and an outcome', async () => {
    const session = await openOnGithub();
    const { stderr } = await session.run('run', 'none.luau');
    expect(stderr).toMatch(
      /\n::error title=luau-exec LX008::cannot read none\.luau: there is no such file\n/,
    );
    expect(readFileSync(join(session.cwd, 'out'), 'utf8')).toMatch(/^outcome<<(.*)\nusage\n\1\n/);
  });

  it.each(['run', 'wait'])('and one in the words of %s', async (command) => {
    const session = await openOnGithub();
    await session.run(command, '--bogus');
    expect(readFileSync(join(session.cwd, 'out'), 'utf8')).toMatch(/^outcome<<(.*)\nusage\n\1\n/);
  });

  it('says so where a file of the step cannot be written, and keeps the result', async () => {
    const session = await openOnGithub({ env: { ...ON_GITHUB, GITHUB_OUTPUT: 'none/out' } });
    const { exitCode, stdout, stderr } = await session.run('run', 'good.luau');
    expect({ exitCode, stdout }).toEqual({ exitCode: 74, stdout: '1\n{"a":"\\u001b"}\n' });
    expect(stderr).toMatch(/\nerror: cannot write the file of GITHUB_OUTPUT: ENOENT/);
  });

  it('--output github does the same anywhere', async () => {
    const session = await openOnGithub({ env: { ...ON_GITHUB, GITHUB_ACTIONS: undefined } });
    await session.run('run', 'good.luau');
    expect(existsSync(join(session.cwd, 'out'))).toBe(false);
    const { stderr } = await session.run('run', 'game/bad.luau', 'good.luau', '--output', 'github');
    expect(stderr).toContain('::error file=game/bad.luau,line=1');
    expect(stderr).toContain('::stop-commands::');
    expect(readFileSync(join(session.cwd, 'out'), 'utf8')).toMatch(/^outcome<<(.*)\nscript_failed\n\1\n/);
    expect(readFileSync(join(session.cwd, 'summary'), 'utf8')).toContain('### luau-exec');
  });
});
