import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Terminal as Screen } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { BIN, NODE, useWorkplaces, type Workplace } from '../helpers/bin.ts';
import { type Terminal, useTerminals } from '../helpers/terminal.ts';

const open = useWorkplaces();
const start = useTerminals();
const KEY = 'typed-key-0f3b77c1e5';
const PAGE = 'https://create.roblox.com/dashboard/creations/experiences/123/places/456/configure';
const ENTER = '\r';
const ESCAPE = String.fromCharCode(27);
const HIDE_CURSOR = `${ESCAPE}[?25l`;
const SHELL = ['bash', '--norc', '-c'];
/** What is on a terminal when its last process goes can be lost, so that process waits for a key. */
const LAST_WORDS = 'echo end; read -r';

/** `init` in a shell that prints the terminal's settings before and after, and how it ended. */
function startInit(
  place: Workplace,
  { argv = '', env = {}, cols = 100 }: { argv?: string; env?: Record<string, string>; cols?: number } = {},
): Terminal {
  const script = `before=$(stty -g); "$NODE" "$BIN" init ${argv}; echo "code=$?"; [ "$before" = "$(stty -g)" ] && echo same; ${LAST_WORDS}`;
  const whole = { ...place.environment, NO_COLOR: '1', NODE, BIN, ...env };
  return start([...SHELL, script], { cwd: place.directory, env: whole, cols });
}

async function finish(terminal: Terminal): Promise<string> {
  await terminal.output.until(/end\r\n/);
  terminal.type(ENTER);
  await terminal.ended;
  return terminal.output.text.replaceAll('\r\n', '\n');
}

const fileIn = (place: Workplace) => join(place.directory, '.luauexecrc');
const read = (place: Workplace) => readFileSync(fileIn(place), 'utf8');

const UNIVERSE = /Universe id.*: /;
const PLACE = /Place id.*: /;
const SOURCE = /1 to \d \(Enter: 1\): /;
const VARIABLE = /Name of the variable .*: /;
const SECRET = /(?:^|\n)API key: $/;

/** Types each answer when its question has come. */
async function answer(terminal: Terminal, steps: readonly (readonly [question: RegExp, keys: string])[]) {
  for (const [question, keys] of steps) {
    await terminal.output.until(question);
    terminal.type(keys);
  }
}

describe('init on a terminal', () => {
  it('asks, writes the file, and leaves a directory in which the tool works', async () => {
    const place = open();
    const terminal = startInit(place);
    await answer(terminal, [
      [UNIVERSE, `123${ENTER}`],
      [PLACE, `456${ENTER}`],
      [SOURCE, ENTER],
    ]);
    const screen = await finish(terminal);
    expect(screen).toContain('https://create.roblox.com/dashboard/creations\n');
    expect(screen).toContain('https://create.roblox.com/dashboard/credentials\n');
    expect(screen).toContain('universe.place.luau-execution-session:write\n');
    expect(screen).toContain(
      `wrote ${fileIn(place)}: universe 123, place 456\n\nnext:\n  export ROBLOX_API_KEY=…`,
    );
    expect(screen).toContain('code=0\nsame\n');
    expect(read(place)).toContain('universeId: "123"\nplaceId: "456"\n');
    expect(await place.run(['run', '-e', 'return 6 * 7', '--local', '-q'])).toMatchObject({
      exitCode: 0,
      stdout: '42\n',
    });
    expect((await place.run(['config'])).stdout).toMatch(/^placeId +456 +placeId in .*luauexecrc$/m);
  });

  it('asks again with a reason, and takes what can be read from a URL', async () => {
    const place = open();
    const terminal = startInit(place);
    await answer(terminal, [
      [UNIVERSE, ENTER],
      [/That is empty; copy the id [^\r]*\r\n/, ''],
      [UNIVERSE, `12a${ENTER}`],
      [/That is not a number; copy the id [^\r]*\r\n/, ''],
      [UNIVERSE, `https://www.roblox.com/games/99/A-Game${ENTER}`],
      [/names a place id \(99\) and no universe id; [^\r]*\r\n/, ''],
      // A paste with a line too many before and behind, and more behind that.
      [UNIVERSE, `\n  ${PAGE}\r\n\r\nand more\n`],
      [/In the URL: universe 123, place 456\r\n/, ''],
      [PLACE, `universes/9/places/8${ENTER}`],
      [/That is a URL of universe 9, not of 123; [^\r]*\r\n/, ''],
      [/Place id \(Enter: 456, from the URL\): /, ENTER],
      [SOURCE, `ünï 日本${ENTER}`],
      [/That is not a number from 1 to 5\.\r\n/, ''],
      [SOURCE, `9${ENTER}`],
      [SOURCE, `variable${ENTER}`],
      [VARIABLE, `MY-KEY${ENTER}`],
      [/That is not the name of an environment variable; [^\r]*\r\n/, ''],
      [/Name of the variable \(Enter: ROBLOX_API_KEY\): /, '$MY_KEX\x7fY\r'],
    ]);
    const screen = await finish(terminal);
    expect(screen).toContain('code=0\nsame\n');
    expect(read(place)).toContain(
      `universeId: "123"\nplaceId: "456"\n# The API key comes from the environment.\napiKey: "\${MY_KEY}"\n`,
    );
  });

  it('offers what is known already', async () => {
    const place = open();
    place.write({ 'luauexec.config.yaml': 'placeId: "8"\n' });
    const terminal = startInit(place, { env: { ROBLOX_UNIVERSE_ID: '7', RBXCLOUD_API_KEY: KEY } });
    await answer(terminal, [
      [/Universe id \(Enter: 7, ROBLOX_UNIVERSE_ID\): /, ENTER],
      [/Place id \(Enter: 8, placeId in [^\r]*: /, ENTER],
      [/1\. env: the environment variable RBXCLOUD_API_KEY, which is set\r\n/, ''],
      [SOURCE, ENTER],
    ]);
    const screen = await finish(terminal);
    expect(read(place)).toContain('universeId: "7"\nplaceId: "8"\n');
    expect(screen.replaceAll('\n', ' ')).toContain(
      `warning: ${join(place.directory, 'luauexec.config.yaml')} is not read here:`,
    );
    expect(screen).not.toContain('export ');
    expect(screen).not.toContain(KEY);
  });

  it('shows nothing of a key, which git then ignores and nobody else can read', async () => {
    const place = open();
    mkdirSync(join(place.directory, '.git'));
    const terminal = startInit(place);
    await answer(terminal, [
      [UNIVERSE, `${PAGE}${ENTER}`],
      [PLACE, ENTER],
      [SOURCE, `4${ENTER}`],
      [/Warning: whoever can read the file can use the key/, ''],
      [SECRET, 'hidden-1\nhidden-2\n'],
      [/The key holds a line break at position 9; copy it again\.\r\n/, ''],
      [SECRET, `  ${KEY}\r\n`],
    ]);
    const screen = await finish(terminal);
    expect(screen).toContain(`added /.luauexecrc to ${join(place.directory, '.gitignore')}\n`);
    expect(screen).toContain('code=0\nsame\n');
    for (const part of [KEY, KEY.slice(0, 6), KEY.slice(-6), 'hidden', '***'])
      expect(screen).not.toContain(part);
    expect(read(place)).toContain(`apiKey: "${KEY}"\n`);
    expect(statSync(fileIn(place)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(place.directory, '.gitignore'), 'utf8')).toBe('/.luauexecrc\n');
  });

  it('goes back from the key to the choice', async () => {
    const place = open();
    const terminal = startInit(place, { argv: '--base-url http://127.0.0.1:9' });
    await answer(terminal, [
      [UNIVERSE, `1${ENTER}`],
      [PLACE, `2${ENTER}`],
      [SOURCE, `file${ENTER}`],
      [SECRET, ENTER],
      [SOURCE, `keyring${ENTER}`],
      [/Enter alone goes back\.\r\n/, ''],
      [SECRET, ENTER],
      [SOURCE, `5${ENTER}`],
    ]);
    expect(await finish(terminal)).toContain('code=0\nsame\n');
    expect(read(place)).toContain('# No API key yet: ');
  });

  it('asks for a key to store, and lets a stored one stay', async () => {
    const place = open();
    const argv = '--base-url http://127.0.0.1:9';
    const questions = [
      [UNIVERSE, `1${ENTER}`],
      [PLACE, `2${ENTER}`],
      [SOURCE, `keyring${ENTER}`],
    ] as const;
    const first = startInit(place, { argv });
    await answer(first, [...questions, [SECRET, `${KEY}${ENTER}`]]);
    expect(await finish(first)).toContain('stored the API key in ');
    const second = startInit(place, { argv: `${argv} --force` });
    await answer(second, [
      [UNIVERSE, ENTER],
      [PLACE, ENTER],
      [SOURCE, `keyring${ENTER}`],
      [/Enter alone keeps the stored one\.\r\n/, ''],
      [SECRET, ENTER],
    ]);
    const screen = await finish(second);
    expect(screen).not.toContain('stored the API key');
    expect(screen).toContain(`replaced ${fileIn(place)}: universe 1, place 2\n`);
    const status = await place.run(['auth', 'status', '--json', '--base-url', 'http://127.0.0.1:9']);
    expect(JSON.parse(status.stdout)).toMatchObject({ isSet: true });
    expect(await place.run(['auth', 'remove', '--base-url', 'http://127.0.0.1:9'])).toMatchObject({
      exitCode: 0,
    });
  });

  const PATHS: readonly (readonly [
    name: string,
    steps: readonly (readonly [RegExp, string])[],
    last: RegExp,
  ])[] = [
    ['the universe', [], UNIVERSE],
    ['the place', [[UNIVERSE, `1${ENTER}`]], PLACE],
    [
      'the source of the key',
      [
        [UNIVERSE, `1${ENTER}`],
        [PLACE, `2${ENTER}`],
      ],
      SOURCE,
    ],
    [
      'the variable',
      [
        [UNIVERSE, `1${ENTER}`],
        [PLACE, `2${ENTER}`],
        [SOURCE, `2${ENTER}`],
      ],
      VARIABLE,
    ],
    [
      'the key',
      [
        [UNIVERSE, `1${ENTER}`],
        [PLACE, `2${ENTER}`],
        [SOURCE, `4${ENTER}`],
      ],
      SECRET,
    ],
    [
      'the key to store',
      [
        [UNIVERSE, `1${ENTER}`],
        [PLACE, `2${ENTER}`],
        [SOURCE, `3${ENTER}`],
      ],
      SECRET,
    ],
  ];
  const STOPS = [
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
    ['Ctrl-C behind half an answer', 'abc\x03'],
  ] as const;

  it.each(PATHS.flatMap((path) => STOPS.map((stop) => [...stop, ...path] as const)))(
    '%s (%j) at the question for %s leaves no file, and the terminal as it was',
    async (_stop, keys, _name, steps, last) => {
      const place = open();
      mkdirSync(join(place.directory, '.git'));
      const terminal = startInit(place);
      await answer(terminal, [...steps, [last, keys]]);
      const screen = await finish(terminal);
      expect(screen).toMatch(/\nerror: stopped/);
      expect(screen).toContain('code=130\nsame\n');
      expect(screen).not.toContain(HIDE_CURSOR);
      expect(readdirSync(place.directory)).toEqual(['.git']);
    },
  );

  it('dies by the signal, from a key or from outside', async () => {
    const place = open();
    const argv = [NODE, BIN, 'init'];
    const byKey = start(argv, { cwd: place.directory, env: place.environment });
    await answer(byKey, [[UNIVERSE, '\x03']]);
    expect((await byKey.ended).signal).toBe(2);
    const shell = [...SHELL, 'echo "pid=$$"; exec "$NODE" "$BIN" init'];
    const killed = start(shell, { cwd: place.directory, env: { ...place.environment, NODE, BIN } });
    await killed.output.until(UNIVERSE);
    process.kill(Number(/pid=(\d+)/.exec(killed.output.text)?.[1]), 'SIGTERM');
    expect((await killed.ended).signal).toBe(15);
    expect(existsSync(fileIn(place))).toBe(false);
  });

  it('goes on after Ctrl-Z and fg', async () => {
    const place = open();
    const script = `set -m; "$NODE" "$BIN" init; echo "stopped=$?"; fg; echo "code=$?"; ${LAST_WORDS}`;
    const terminal = start([...SHELL, script], {
      cwd: place.directory,
      env: { ...place.environment, NODE, BIN },
    });
    await answer(terminal, [
      [UNIVERSE, '12\x1a'],
      [/stopped=148\r\n/, ''],
      [/Universe id: \S*12\S*/, `3${ENTER}`],
      [PLACE, `456${ENTER}`],
      [SOURCE, ENTER],
    ]);
    expect(await finish(terminal)).toContain('code=0\n');
    expect(read(place)).toContain('universeId: "123"\nplaceId: "456"\n');
  });

  it('asks on a terminal that can draw nothing', async () => {
    const place = open();
    const terminal = startInit(place, { env: { TERM: 'dumb', NO_COLOR: '' } });
    await answer(terminal, [
      [UNIVERSE, `13\x7f2x\x7f3${ENTER}`],
      [PLACE, `456${ENTER}`],
      [SOURCE, `2${ENTER}`],
      [VARIABLE, `MY_KEY${ENTER}`],
    ]);
    const screen = await finish(terminal);
    expect(screen).toContain('code=0\nsame\n');
    expect(screen).not.toContain(ESCAPE);
    expect(read(place)).toContain('universeId: "123"\nplaceId: "456"\n');
    // Here Ctrl-C is a signal to everything on the terminal, so there is no shell around it.
    const env = { ...place.environment, TERM: 'dumb' };
    const stopped = start([NODE, BIN, 'init'], { cwd: open().directory, env });
    await answer(stopped, [[UNIVERSE, '\x03']]);
    expect((await stopped.ended).signal).toBe(2);
    const ended = startInit(open(), { env: { TERM: 'dumb' } });
    await answer(ended, [[UNIVERSE, '\x04']]);
    expect(await finish(ended)).toContain('code=130\nsame\n');
  });

  it('takes no colour where none is wanted, and no more than colour where it is', async () => {
    const ask = async (argv: string, env: Record<string, string>) => {
      const place = open();
      const terminal = startInit(place, { argv, env });
      await answer(terminal, [
        [UNIVERSE, `1${ENTER}`],
        [PLACE, `2${ENTER}`],
        [SOURCE, ENTER],
      ]);
      return finish(terminal);
    };
    const colour = `${ESCAPE}[1m`;
    expect(await ask('', {})).not.toContain(colour);
    expect(await ask('--no-color', { NO_COLOR: '' })).not.toContain(colour);
    expect(await ask('', { NO_COLOR: '' })).toContain(`${colour}luau-exec doctor`);
  });

  it('keeps words whole on a narrow terminal, and a long paste in order', async () => {
    const cols = 40;
    const place = open();
    const terminal = startInit(place, { cols });
    await answer(terminal, [
      [UNIVERSE, `${PAGE}\x7f${ENTER}`],
      [/In the URL: universe 123, place 456/, ''],
      [PLACE, ENTER],
      [SOURCE, ENTER],
    ]);
    await finish(terminal);
    const lines = await drawScreen(terminal.output.text, cols);
    expect(lines.join('')).toContain(`Universe id: ${PAGE.slice(0, -1)}`);
    const at = lines.findIndex((line) => line.trim() === 'Place id (Enter: 456, from the URL):');
    expect(lines.slice(at + 1, at + 9)).toEqual([
      '',
      'Where shall the API key come from? It',
      'needs the scope',
      'universe.place.luau-execution-session:wr',
      'ite',
      'for your experience. To make one:',
      'https://create.roblox.com/dashboard/cred',
      'entials',
    ]);
    expect(lines).toContain('  luau-exec run SCRIPT --local');
    expect(lines).toContain('    run it on this machine, which needs');
  });

  it('asks nothing with a flag, with --json, or where questions would go into a file', async () => {
    for (const argv of ['-u 1', '--json', '2> errors.txt']) {
      const place = open();
      expect(await finish(startInit(place, { argv }))).toContain('code=2\nsame\n');
      expect(existsSync(fileIn(place))).toBe(false);
    }
  });

  it('asks nothing where a file is in the way', async () => {
    const place = open();
    place.write({ '.luauexecrc': 'universeId: "1"\n' });
    const screen = await finish(startInit(place));
    expect(screen).toMatch(/^error: \S+ exists already\n/);
    expect(screen).toContain('code=2\n');
    expect(read(place)).toBe('universeId: "1"\n');
  });
});

it('asks nothing without a terminal, and says what command would do', async () => {
  const place = open();
  const { exitCode, stdout, stderr } = await place.run(['init'], { input: '1\n2\n1\n' });
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^error: no universe id and no place id\n/);
  expect(stderr).toContain('\nhint: luau-exec init --universe ID --place ID\n');
});

/** The lines of the screen as an eye sees them. */
async function drawScreen(text: string, cols: number): Promise<string[]> {
  const screen = new Screen({ cols, rows: 80, allowProposedApi: true });
  await new Promise<void>((resolve) => screen.write(text, resolve));
  const { active } = screen.buffer;
  return Array.from(
    { length: active.length },
    (_, row) => active.getLine(row)?.translateToString(true) ?? '',
  );
}
