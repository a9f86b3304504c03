import { describe, expect, it } from 'vitest';
import { TOPIC_SUMMARIES } from '../../../src/cli/help/topic-names.ts';
import { useCliSessions } from '../../helpers/cli-session.ts';

const open = useCliSessions();

describe('help', () => {
  it('alone is the help of the program', async () => {
    const session = await open();
    const asked = await session.run('help');
    expect(asked).toMatchObject({ exitCode: 0, stderr: '' });
    expect(asked.stdout).toMatch(/^Usage: luau-exec \[options\] <command>/);
    expect(await session.run('--help')).toEqual(asked);
    expect(await session.run()).toEqual({ exitCode: 2, stdout: '', stderr: asked.stdout });
  });

  it.each([
    ['run', []],
    ['auth', ['set']],
    ['check', ['a.luau', '--what']],
    ['help', []],
  ])('with %s is the help of that command, whatever follows', async (name, more) => {
    const session = await open();
    const asked = await session.run('help', name, ...more);
    expect(asked).toMatchObject({ exitCode: 0, stderr: '' });
    expect(asked.stdout).toMatch(new RegExp(`^Usage: luau-exec ${name} `));
    expect(await session.run(name, '--help')).toEqual(asked);
  });

  it.each(Object.keys(TOPIC_SUMMARIES))(
    'with %s prints that topic, plain where it is no terminal',
    async (name) => {
      const session = await open();
      const { exitCode, stdout, stderr } = await session.run('help', name);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/^[A-Z].*:\n {2}/);
      expect(stdout).not.toContain('\x1b');
      expect(await session.run('help', ...name.split('-'))).toMatchObject({ exitCode: 0, stdout });
      expect(session.requests).toEqual([]);
    },
  );

  it('has a topic as JSON too', async () => {
    const { exitCode, stdout, stderr } = await (await open()).run('help', 'exit-codes', '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['schema', 'topic', 'sections']);
    expect(document).toMatchObject({ schema: 'luau-exec.help/v1', topic: 'exit-codes' });
    expect(document.sections[0].entries).toContainEqual({ term: '5 not_found', text: '404' });
  });

  it('has bold headings where there is colour', async () => {
    const session = await open();
    const bold = '\x1b[1mUsage:\x1b[22m luau-exec logs [options] [task]\n';
    expect((await session.run('logs', '--help', '--color')).stdout).toContain(bold);
    expect((await session.run('help', 'logs', '--color')).stdout).toContain(bold);
    expect((await session.run('help', 'limits', '--color')).stdout).toContain('\x1b[1mLimits of Open Cloud:');
    const forced = await open({ env: { FORCE_COLOR: '1' } });
    expect((await forced.run('logs', '--help')).stdout).toContain(bold);
    expect((await forced.run('logs', '--help', '--no-color')).stdout).not.toContain('\x1b');
  });

  it.each([
    [['exitcodes'], 'luau-exec help exit-codes'],
    [['enviroment'], 'luau-exec help environment'],
    [['lmiits'], 'luau-exec help limits'],
    [['jsn'], 'luau-exec help json'],
    [['exit', 'code'], 'luau-exec help exit-codes'],
    [['statsu'], 'luau-exec help status'],
    [['weather'], 'luau-exec help'],
  ])('on %j asks whether something else was meant', async (words, hint) => {
    const session = await open();
    const { exitCode, stdout, stderr } = await session.run('help', ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`error: there is no help on "${words.join(' ')}"\n`);
    expect(stderr).toContain('\n  topics are exit-codes, environment, files, limits, json\n');
    expect(stderr).toContain(`\nhint: ${hint}\n`);
    const json = await session.run('help', ...words, '--json');
    expect({ exitCode: json.exitCode, stderr: json.stderr }).toEqual({ exitCode: 2, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'usage', error: { id: 'LX003', hint } });
  });

  it('shows nothing of a terminal where the word has it', async () => {
    const { stderr } = await (await open()).run('help', '\x1b[31mred\u202e');
    for (const mark of ['\x1b', '\u202e']) expect(stderr).not.toContain(mark);
  });
});
