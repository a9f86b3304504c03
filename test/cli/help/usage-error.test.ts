import { describe, expect, it } from 'vitest';
import { OTHER_WORDS } from '../../../src/cli/help/usage-error.ts';
import { useCliSessions } from '../../helpers/cli-session.ts';
import { createIdleProgram, parseLine } from '../../helpers/idle-program.ts';

const open = useCliSessions();
const files = { 'a.luau': 'A', 'b.lua': 'B', 'tool.luau': 'C', plain: 'D', "it's here": 'E' };

type Row = [argv: string[], headline: string, hint: string];

describe.each<[subject: string, rows: Row[]]>([
  [
    'commands',
    [
      [['runn', 'a.luau'], "unknown command 'runn'", 'did you mean run?'],
      [['rnu'], "unknown command 'rnu'", 'did you mean run?'],
      [['STATUS'], "unknown command 'STATUS'", 'did you mean status?'],
      [['a.luau'], "unknown command 'a.luau'", 'luau-exec run a.luau'],
      [['--local', 'a.luau', '-q'], "unknown command 'a.luau'", 'luau-exec run a.luau'],
      [['none.luau'], "unknown command 'none.luau'", 'luau-exec run none.luau'],
      [['B.LUA'], "unknown command 'B.LUA'", 'luau-exec run B.LUA'],
      [['plain'], "unknown command 'plain'", 'luau-exec run plain'],
      [['tool'], "unknown command 'tool'", 'luau-exec run tool.luau'],
      [["it's here"], "unknown command 'it's here'", "luau-exec run 'it'\\''s here'"],
      [['-'], "unknown command '-'", 'luau-exec run -'],
      [['login'], "unknown command 'login'", 'luau-exec auth set'],
      [['serve'], "unknown command 'serve'", 'luau-exec emulate'],
      [['limits'], "unknown command 'limits'", 'luau-exec help limits'],
      [['exitcodes'], "unknown command 'exitcodes'", 'luau-exec help exit-codes'],
      [['frobnicate'], "unknown command 'frobnicate'", 'luau-exec --help'],
    ],
  ],
  [
    'options',
    [
      [['run', '--univers', '1'], "unknown option '--univers'", 'did you mean --universe?'],
      [['run', '--placeVersion', '1'], "unknown option '--placeVersion'", 'did you mean --place-version?'],
      [['run', 'a.luau', '--loacl'], "unknown option '--loacl'", 'did you mean --local?'],
      [['status', '--jsno'], "unknown option '--jsno'", 'did you mean --json?'],
      [['config', '--hlep'], "unknown option '--hlep'", 'did you mean --help?'],
      [
        ['status', '--universe', '1'],
        "unknown option '--universe'",
        '--universe is an option of run, init and doctor, not of status',
      ],
      [['logs', '-p', '1'], "unknown option '-p'", '-p is an option of run, init and doctor, not of logs'],
      [
        ['--detach', 'run', 'a.luau'],
        "unknown option '--detach'",
        'write it behind its command: luau-exec run --detach',
      ],
      [['-e', 'return 1'], "unknown option '-e'", 'write it behind its command: luau-exec run -e'],
      [
        ['--bootdelay=4s'],
        "unknown option '--bootdelay'",
        'did you mean --boot-delay, an option of emulate?',
      ],
      [['run', '-x'], "unknown option '-x'", 'luau-exec run --help'],
    ],
  ],
  [
    'arguments',
    [
      [['auth', 'sett'], "the value 'sett' is invalid for argument 'action'", 'did you mean set?'],
      [['auth', 'x'], "the value 'x' is invalid for argument 'action'", 'luau-exec auth --help'],
      [['auth'], "missing required argument 'action'", 'luau-exec auth --help'],
      [['bundle'], "missing required argument 'script'", 'luau-exec bundle --help'],
      [
        ['config', 'show'],
        "too many arguments for 'config': it takes 0 and was given 1",
        'luau-exec config --help',
      ],
      [['check', '--arg'], "option '--arg <name=value>' argument missing", 'luau-exec check --help'],
      [
        ['config', '--local', '--target', 'x'],
        "option '--local' cannot be used with option '--target <name>'",
        'leave one of them out',
      ],
    ],
  ],
  [
    'scripts and targets',
    [
      [['check', 'a.lua'], 'cannot read a.lua: there is no such file', 'did you mean a.luau?'],
      [['check', 'tol.luau'], 'cannot read tol.luau: there is no such file', 'did you mean tool.luau?'],
      [['check', './tool'], 'cannot read tool: there is no such file', 'did you mean tool.luau?'],
      [
        ['check', 'nowhere/tool.luau'],
        'cannot read nowhere/tool.luau: there is no such file',
        'check the name; a path is relative to the working directory',
      ],
      [['config', '--target', 'locl'], 'unknown target "locl" (from --target)', 'did you mean local?'],
    ],
  ],
])('a word that is not among the %s', (_subject, rows) => {
  it.each(rows)('%j: %s; %s', async (argv, headline, hint) => {
    const session = await open({ files });
    const { exitCode, stdout, stderr } = await session.run('--json', ...argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    expect(JSON.parse(stdout).error).toMatchObject({ message: headline, hint });
  });
});

it.each([...OTHER_WORDS])(
  '%s, as other programs call it, leads to what there is: %s',
  async (word, meant) => {
    const names = createIdleProgram().program.commands.map((command) => command.name());
    expect(names).not.toContain(word);
    expect(await parseLine(`luau-exec ${meant}`)).toMatch(/^(?:a command|help)$/);
  },
);

it('names the choices there are', async () => {
  const { stderr } = await (await open()).run('auth', 'sett');
  expect(stderr).toBe(
    "error: the value 'sett' is invalid for argument 'action'\n  choices are set, status, remove\n\nhint: did you mean set?\n",
  );
});

it.each(['--api-key', '--token'])(
  '%s with a key in it does not show the key, and is told the ways',
  async (flag) => {
    const session = await open();
    const { exitCode, stdout, stderr } = await session.run('run', 'a.luau', `${flag}=a-key-of-somebody`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      `error: unknown option '${flag}'\n  no option takes the key itself: other users could read it\n\nhint: keep the key in ROBLOX_API_KEY, or use --api-key-file FILE\n`,
    );
  },
);
