import { describe, expect, it } from 'vitest';
import { type CliSession, useCliSessions } from '../../helpers/cli-session.ts';

const open = useCliSessions();
const files = {
  '.luauexecrc': 'targets: { staging: { placeId: 7 }, night: {} }',
  'other.yaml': 'targets: { other: {} }',
};

/** A session in which `run` gets its words as they are. */
function openSession(options: Parameters<typeof open>[0] = {}): Promise<CliSession> {
  return open({ files, checksSyntax: true, ...options });
}

/** The values of an answer, and its last line. */
async function ask(session: CliSession, ...words: string[]): Promise<{ values: string[]; bits: string }> {
  const { exitCode, stdout, stderr } = await session.run('complete', '--', ...words);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  return { values: lines.slice(0, -1).map((line) => line.split('\t')[0] ?? ''), bits: lines.at(-1) ?? '' };
}

describe('the answer to a shell', () => {
  it.each<[words: string[], values: string[], bits: string]>([
    [['auth', ''], ['set', 'status', 'remove'], ':36'],
    [['completion', ''], ['bash', 'zsh', 'fish', 'powershell'], ':36'],
    [['run', ''], ['luau', 'lua'], ':8'],
    [['run', 'a.luau', 'b'], ['luau', 'lua'], ':8'],
    [['bundle', 'a.luau', ''], [], ':4'],
    [['run', '--logs', ''], ['stderr', 'stdout', 'none'], ':32'],
    [['run', '--output', 'jun'], ['human', 'json', 'ndjson', 'junit', 'github'], ':36'],
    [['run', '--output', 'junit='], [], ':0'],
    [['run', 'a.luau', '--output=ndjson=re'], [], ':0'],
    [['run', '--output', 'human='], ['human', 'json', 'ndjson', 'junit', 'github'], ':36'],
    [['run', '--logs='], ['--logs=stderr', '--logs=stdout', '--logs=none'], ':32'],
    [['run', '--args', ''], [], ':0'],
    [['run', '--detach='], [], ':4'],
    [['run', '--no-check='], [], ':4'],
    [['run', '--no-check', ''], ['luau', 'lua'], ':8'],
    [['run', '--universe', ''], [], ':4'],
    [['run', '-u', ''], [], ':4'],
    [['run', '-qu', ''], [], ':4'],
    [['run', '-u7', ''], ['luau', 'lua'], ':8'],
    [['run', '-e', '--logs', ''], ['luau', 'lua'], ':8'],
    [['run', '--', '--logs', ''], ['luau', 'lua'], ':8'],
    [['run', '--', '--l'], ['luau', 'lua'], ':8'],
    [['nothing', ''], [], ':4'],
    [['nothing', '--'], [], ':4'],
    [['config', ''], [], ':4'],
    [['--target', ''], ['local', 'staging', 'night'], ':36'],
    [['run', '--target=s'], ['--target=local', '--target=staging', '--target=night'], ':36'],
    [['--config', 'other.yaml', 'run', '--target', ''], ['local', 'other'], ':36'],
    [['--config=missing.yaml', '--target', ''], ['local'], ':36'],
    [['run', '-d'], ['-e', '-u', '-p', '-t', '-h', '-q', '-v'], ':4'],
  ])('%j', async (words, values, bits) => {
    expect(await ask(await openSession(), ...words)).toEqual({ values, bits });
  });

  it('has every command, and what each does', async () => {
    const session = await openSession();
    const { stdout } = await session.run('complete', '--', '');
    expect(stdout).toContain('run\tsubmit scripts, wait for the end, print results and logs\n');
    const help = await session.run('--help');
    const { values } = await ask(session, '');
    const [commands = '', topics = ''] = help.stdout.split(/^(?:Topics|Global options).*$/m);
    const listNames = (text: string) => [...text.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map(([, name]) => name);
    expect(values.length).toBeGreaterThan(12);
    expect(values).toEqual(listNames(commands));
    expect(await ask(session, 'help', '')).toEqual({ values: [...values, ...listNames(topics)], bits: ':4' });
    expect(values).not.toContain('complete');
  });

  it('has the options of a command and the global ones, but none twice or again', async () => {
    const session = await openSession();
    const { values } = await ask(session, 'run', '--');
    expect(values).toEqual([...new Set(values)]);
    expect(values).toEqual(expect.arrayContaining(['--detach', '--logs', '--no-check', '--json', '--help']));
    const rest = await ask(session, 'run', '--detach', '--arg', 'a=b', '-v', '--no-color', '--');
    const gone = values.filter((value) => !rest.values.includes(value));
    expect(gone).toEqual(['--detach', '--color', '--no-color']);
    expect((await ask(session, '--')).values).not.toContain('--detach');
  });

  it('knows the tasks of the API in use, newest first', async () => {
    const session = await openSession({ scripts: { A: {}, B: {} }, files: { 'a.luau': 'A', 'b.luau': 'B' } });
    await session.run('run', 'a.luau', 'b.luau', '--no-check');
    const { stdout } = await session.run('complete', '--', 'status', '');
    expect(stdout).toBe(
      '@last\tb.luau, less than a minute ago, COMPLETE\n@2\ta.luau, less than a minute ago, COMPLETE\n:36\n',
    );
    const path = (await session.run('status', '--json', '@2')).stdout;
    const taskId = /"taskId":"([^"]+)"/.exec(path)?.[1] ?? '';
    expect((await ask(session, 'logs', taskId.slice(0, 8))).values).toEqual([taskId]);
    expect(await ask(session, 'logs', '--base-url=http://127.0.0.1:1', '')).toEqual({
      values: [],
      bits: ':36',
    });
  });

  it('asks neither the service nor the keyring', async () => {
    const session = await openSession({
      env: { ROBLOX_API_KEY: undefined },
      keyring: {
        read: () => Promise.reject(new Error('asked')),
        write: () => Promise.reject(new Error('asked')),
        remove: () => Promise.reject(new Error('asked')),
      },
    });
    for (const words of [['--target', ''], ['wait', ''], ['']]) await ask(session, ...words);
    expect(session.requests).toEqual([]);
  });

  it('is that of the words in a variable, where a shell would lose some', async () => {
    const session = await openSession({
      env: { LUAU_EXEC_COMPLETE_WORDS: '["run","-e","a \\"b","--logs",""]' },
    });
    expect((await session.run('complete', '--variable')).stdout).toBe('stderr\nstdout\nnone\n:32\n');
  });

  it('is nothing at all where there are no words to answer', async () => {
    const session = await openSession({ env: { LUAU_EXEC_COMPLETE_WORDS: '[' } });
    expect(await session.run('complete', '--variable')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('is no command for people', async () => {
    const session = await openSession();
    const { exitCode, stderr } = await session.run('complete', 'bash');
    expect(exitCode).toBe(2);
    expect(stderr).toContain("unknown command 'complete'");
    expect((await session.run('complet')).stderr).toContain('did you mean completion?\n');
    expect((await session.run('--help')).stdout).not.toMatch(/^ +complete\b/m);
  });
});

describe('the answer to bash', () => {
  it.each<[line: string, replaced: string, entries: string[]]>([
    ['luau-exec stat', 'stat', ['status', ':4']],
    ['luau-exec run --logs=st', 'st', ['stderr', 'stdout', ':32']],
    // Where COMP_WORDBREAKS has no "=".
    ['luau-exec run --logs=st', '--logs=st', ['--logs=stderr', '--logs=stdout', ':32']],
    ['luau-exec run --logs="st', 'st', ['stderr', 'stdout', ':32']],
    ["luau-exec run '--logs=st", '--logs=st', ['--logs=stderr', '--logs=stdout', ':32']],
    ['FORCE=1 luau-exec', 'luau-exec', [':4']],
    ['luau-exec run src/', 'src/', ['luau', 'lua', ':8']],
    [
      'luau-exec run --place',
      '--place',
      [
        '--place          place id',
        '--place-version  a version of the place…',
        '--place-file     upload this place (.rb…',
        ':4',
      ],
    ],
  ])('%s', async (line, replaced, entries) => {
    const session = await openSession();
    const { stdout } = await session.run('complete', '--bash', '--', line, replaced, '41', '63');
    expect(stdout.split('\n')).toEqual([...entries, '']);
  });

  it('has no descriptions where the entries are walked through', async () => {
    const session = await openSession();
    const { stdout } = await session.run('complete', '--bash', '--', 'a run --place', '--place', '80', '37');
    expect(stdout).toBe('--place\n--place-version\n--place-file\n:4\n');
  });
});
