import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAsRunner } from '../helpers/actions-runner.ts';
import { LIVE_API_KEY, useLiveEmulators } from '../helpers/live-emulator.ts';
import { useActionJobs } from './action-job.ts';

const open = useActionJobs();
const startLive = useLiveEmulators();

const NIL_ERROR = "attempt to index nil with 'level'";
const SCRIPTS = {
  'good.luau': 'print("hello")\nreturn 42, ARGS.name\n',
  'bad.luau': 'local player = nil\nreturn player.level\n',
};

describe('the action with real Luau on the runner', () => {
  it('runs a script and hands on what came of it', async () => {
    const job = open();
    job.write(SCRIPTS);
    const end = await job.use({ scripts: 'good.luau', local: 'true', arguments: 'name=Ada "A" $HOME' });
    expect(end).toMatchObject({
      exitCode: 0,
      outputs: {
        outcome: 'ok',
        'exit-code': '0',
        'task-path': expect.stringMatching(/^universes\/1\/places\/1\/\S+$/),
        results: '[42,"Ada \\"A\\" $HOME"]',
      },
    });
    expect(end.summary).toContain('| ✅ | <code>good&#46;luau</code> | ok |');
    expect(end.log).toContain('| hello\n');
    expect(readAsRunner(end.log).commands).toEqual(['::group::log messages of good.luau', '::endgroup::']);
  });

  it('marks the line of a file below the working directory, and still hands on outputs', async () => {
    const job = open();
    job.write({ 'game/src/bad.luau': SCRIPTS['bad.luau'] });
    const end = await job.use({ scripts: 'src/bad.luau', local: 'true', 'working-directory': 'game' });
    expect(end).toMatchObject({
      exitCode: 1,
      outputs: { outcome: 'script_failed', 'exit-code': '1', results: 'null' },
    });
    expect(readAsRunner(end.log)).toMatchObject({
      commands: [`::error file=game/src/bad.luau,line=2,title=luau-exec LX101::src/bad.luau:2: ${NIL_ERROR}`],
      isStopped: false,
    });
  });

  it('marks it as well where the workspace is reached by a link', async () => {
    const real = open();
    const link = join(real.temp, 'link');
    symlinkSync(real.workspace, link);
    real.write({ 'game/bad.luau': SCRIPTS['bad.luau'] });
    const job = open({ env: { GITHUB_WORKSPACE: link } });
    const end = await job.use({
      scripts: 'bad.luau',
      local: 'true',
      'working-directory': join(link, 'game'),
    });
    expect(readAsRunner(end.log).commands).toEqual([expect.stringMatching(/^::error file=game\/bad\.luau,/)]);
  });

  it('runs several scripts and writes a JUnit report', async () => {
    const job = open();
    job.write({ 'tests/good.luau': SCRIPTS['good.luau'], 'tests/bad.luau': SCRIPTS['bad.luau'] });
    const end = await job.use({ scripts: 'tests', local: 'true', junit: 'report.xml', concurrency: '1' });
    expect(end).toMatchObject({
      exitCode: 1,
      outputs: { outcome: 'script_failed', results: '[null,[42,null]]' },
    });
    expect(end.outputs['task-path']?.split('\n')).toHaveLength(2);
    const report = readFileSync(join(job.workspace, 'report.xml'), 'utf8');
    expect(report).toMatch(/<testsuites [^>]*tests="2" failures="1" errors="0"/);
  });

  it('sends nothing more after a failure with bail', async () => {
    const job = open();
    job.write(SCRIPTS);
    const inputs = { scripts: 'bad.luau\ngood.luau', local: 'true', bail: 'true', concurrency: '1' };
    const end = await job.use(inputs);
    expect(end.outputs).toMatchObject({ outcome: 'script_failed', results: '[null,null]' });
    expect(end.summary).toContain('| ⏭️ | <code>good&#46;luau</code> | skipped |');
  });

  it('dies by the signal that cancels a job, which only the shell of the step gets', async () => {
    const job = open();
    job.write({ 'slow.luau': 'print("on") while true do task.wait(0.1) end' });
    const end = await job.use({ scripts: 'slow.luau', local: 'true' }, (child) => {
      child.stderr.on('data', (text) => {
        if (/^processing/m.test(String(text))) child.kill('SIGINT');
      });
    });
    expect(end).toMatchObject({
      exitCode: null,
      signal: 'SIGINT',
      outputs: { outcome: 'interrupted', 'exit-code': '130' },
    });
    expect(end.log).toContain('stopped; the local run ended with it');
  });
});

describe('the action against the API', () => {
  it('takes the key and the ids from inputs, and shows the key nowhere', async () => {
    const { emulator } = await startLive({
      scripts: { job: { logs: [{ level: 'OUTPUT', message: `key ${LIVE_API_KEY}` }] } },
    });
    const job = open({ env: { LUAU_EXEC_BASE_URL: emulator.baseUrl } });
    job.write({ 'job.luau': 'job' });
    const end = await job.use({
      scripts: 'job.luau',
      'api-key': LIVE_API_KEY,
      'universe-id': '31',
      'place-id': '32',
      options: '--no-check\n-v',
    });
    expect(end).toMatchObject({ exitCode: 0, outputs: { outcome: 'ok', results: '[]' } });
    expect(end.outputs['task-path']).toMatch(/^universes\/31\/places\/32\//);
    expect(end.log).toContain('| key ***\n');
    expect(JSON.stringify(end)).not.toContain(LIVE_API_KEY);
  });

  it('leaves a key of the job alone where none is given', async () => {
    const { env } = await startLive({ scripts: { job: {} } });
    const job = open({ env: { ...env, ROBLOX_API_KEY: '', LUAU_EXEC_API_KEY: LIVE_API_KEY } });
    job.write({ 'job.luau': 'job' });
    const end = await job.use({ scripts: 'job.luau', options: '--no-check' });
    expect(end).toMatchObject({ exitCode: 0, outputs: { outcome: 'ok' } });
  });

  it('says what is missing', async () => {
    const job = open();
    job.write(SCRIPTS);
    const end = await job.use({ scripts: 'good.luau', 'api-key': '', 'universe-id': '1', 'place-id': '2' });
    expect(end).toMatchObject({
      exitCode: 2,
      outputs: { outcome: 'usage', 'exit-code': '2', 'task-path': '' },
    });
    expect(readAsRunner(end.log).commands).toEqual(['::error title=luau-exec LX001::no API key']);
  });
});

describe('inputs that the action cannot use', () => {
  it.each<[name: string, inputs: Record<string, string>, message: string]>([
    ['no script', { scripts: '' }, 'the input scripts is empty: name what to run, one a line'],
    ['no boolean', { scripts: 'a', local: 'yes' }, 'the input local is "yes": write true or false'],
    [
      'a directory that is none',
      { scripts: 'a', 'working-directory': 'no\n::set-output name=outcome::ok' },
      'the input working-directory names no directory: "no\\n::set-output name=outcome::ok"',
    ],
    ['a percent sign', { scripts: 'a', bail: '%0A' }, 'the input bail is "%250A": write true or false'],
  ])('%s', async (_name, inputs, message) => {
    const end = await open().use(inputs);
    expect(end).toMatchObject({ exitCode: 2, outputs: { outcome: 'usage', 'exit-code': '2', results: '' } });
    expect(end.log).toBe(`::error title=luau-exec::${message}\n`);
  });
});

describe('inputs that would like to be more than words', () => {
  const HOSTILE = [
    '"; echo pwned; "',
    '$(echo pwned)',
    '`echo pwned`',
    "' && echo pwned #",
    '$'.concat('{{ github.token }}'),
  ];

  it('no shell and no runner reads an argument', async () => {
    const job = open();
    job.write({ 'a.luau': 'return ARGS.x0, ARGS.x1, ARGS.x2, ARGS.x3, ARGS.x4' });
    const lines = HOSTILE.map((text, index) => `x${index}=${text}`);
    const end = await job.use({ scripts: 'a.luau', local: 'true', arguments: lines.join('\n') });
    expect(JSON.parse(end.outputs.results ?? '')).toEqual(HOSTILE);
  });

  it.each(HOSTILE)('no shell reads %j, wherever it stands', async (text) => {
    const end = await open().use({
      scripts: text,
      local: 'true',
      'universe-id': text,
      timeout: text,
      junit: text,
      options: `${text}\n\n echo pwned`,
    });
    expect(end).toMatchObject({ exitCode: 2, outputs: { outcome: 'usage' } });
    expect(end.log).not.toMatch(/^pwned/m);
  });

  it('a line of the arguments is no option', async () => {
    const job = open();
    job.write(SCRIPTS);
    const end = await job.use({ scripts: 'good.luau', local: 'true', arguments: 'name=x\n--json' });
    expect(end).toMatchObject({ exitCode: 2, outputs: { outcome: 'usage' } });
    expect(readAsRunner(end.log).commands).toEqual([expect.stringContaining('LX018')]);
  });

  it('a script may have the name of a command, or of an option', async () => {
    const job = open();
    job.write({ '::error::x.luau': 'return 1', '--json': 'return 2' });
    const end = await job.use({ scripts: '::error::x.luau\n--json', local: 'true' });
    expect(end).toMatchObject({ exitCode: 0, outputs: { results: '[[1],[2]]' } });
    expect(readAsRunner(end.log)).toEqual({ commands: [], suspects: [], isStopped: false });
  });

  it('options may choose another format for a file; on the log, it takes the place of the outputs', async () => {
    const job = open();
    job.write({ 'a.luau': 'print("::error::x") return "::error::y"' });
    const inputs = { scripts: 'a.luau', local: 'true' };
    const filed = await job.use({ ...inputs, options: '--output\njson=report.json' });
    expect(filed.outputs).toMatchObject({ outcome: 'ok', results: '["::error::y"]' });
    expect(JSON.parse(readFileSync(join(job.workspace, 'report.json'), 'utf8'))).toMatchObject({ ok: true });
    const logged = await job.use({ ...inputs, options: '--json' });
    expect(JSON.parse(logged.log)).toMatchObject({ schema: 'luau-exec.result/v1', ok: true });
    expect(logged.outputs).toMatchObject({ outcome: '', results: '' });
    expect(readAsRunner(logged.log).commands).toEqual([]);
  });
});
