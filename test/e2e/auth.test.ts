import { spawn as spawnTerminal } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import { BIN, NODE, useWorkplaces, type Workplace, waitForText } from '../helpers/bin.ts';

const open = useWorkplaces();
const KEY = 'typed-key-0f3b77c1e5';
const ASKED = 'is not shown): ';
// Nothing answers there; the account in the keyring, where this machine has one, is nobody else's.
const ARGV = '--base-url http://127.0.0.1:9';

interface Typing {
  /** Answers to what is on the screen; each is typed once, when the one before has been. */
  steps: readonly { when: string; keys?: readonly string[]; act?: (screen: string) => void }[];
}

/** Runs `command` in a shell in a pseudo-terminal and returns all that was on the screen, and what ended it. */
function runInShell(
  place: Workplace,
  command: string,
  { steps }: Typing,
): Promise<{ screen: string; signal: number | undefined }> {
  const terminal = spawnTerminal('bash', ['-c', command], {
    cols: 200,
    rows: 24,
    cwd: place.directory,
    env: { ...place.environment, NO_COLOR: '1', BIN: `${NODE} ${BIN}` },
  });
  let screen = '';
  let step = 0;
  terminal.onData((data) => {
    screen += data;
    const next = steps[step];
    if (next === undefined || !screen.includes(next.when)) return;
    step += 1;
    next.act?.(screen);
    for (const key of next.keys ?? []) terminal.write(key);
  });
  return new Promise((resolve) =>
    terminal.onExit(({ signal }) => resolve({ screen: screen.replaceAll('\r\n', '\n'), signal })),
  );
}

/** The terminal's settings as `stty -g` printed them before and after. */
function readModes(screen: string): (string | undefined)[] {
  return ['before', 'after'].map((when) => new RegExp(`^${when}=(\\S+)$`, 'm').exec(screen)?.[1]);
}

const around = (command: string) =>
  `echo before=$(stty -g); ${command}; echo code=$?; echo after=$(stty -g); read -t 0.2 -n 99 rest; echo rest=$rest`;

describe('auth set on a terminal', () => {
  it('shows nothing of a key that is typed with mistakes, and takes it as it was meant', async () => {
    const place = open();
    place.write({ 'key.txt': KEY });
    const emulator = place.start(['emulate', '--port', '0', '--json', '--api-key-file', 'key.txt']);
    const { baseUrl } = JSON.parse(await waitForText(emulator.stdout, /\n/));
    const run = `run -e 'return 6 * 7' -u 1 -p 2 -q`;
    const commands = ['auth set', 'auth status --json', run, 'auth remove'];
    const { screen } = await runInShell(
      place,
      around(commands.map((command) => `$BIN ${command} --base-url ${baseUrl}`).join('; ')),
      { steps: [{ when: ASKED, keys: ['wrong', '\x15', ...KEY, 'xy', '\x7f\x7f', '\x1b[D', '\r'] }] },
    );
    expect(screen).toContain(`${ASKED}\nstored the API key for ${baseUrl} in `);
    expect(screen).toContain('"isSet":true');
    expect(screen).toContain('\n42\n');
    expect(screen).toContain(`removed the API key for ${baseUrl} from `);
    for (const part of [KEY.slice(0, 5), KEY.slice(-5), 'wrong', '***']) expect(screen).not.toContain(part);
    const [before, after] = readModes(screen);
    expect(before).toMatch(/:/);
    expect(after).toBe(before);
  });

  it('takes a paste whole, and leaves nothing of it for the shell', async () => {
    const place = open();
    const { screen } = await runInShell(place, around(`$BIN auth set ${ARGV}; $BIN auth remove ${ARGV}`), {
      steps: [{ when: ASKED, keys: [`  ${KEY}\r\n\r\n`] }],
    });
    expect(screen).toContain('stored the API key');
    expect(screen).toContain('removed the API key');
    expect(screen).toMatch(/^rest=$/m);
    expect(screen).not.toContain(KEY);
  });

  it('refuses a key that was broken in two, without showing it', async () => {
    const { screen } = await runInShell(open(), around(`$BIN auth set ${ARGV}`), {
      steps: [{ when: ASKED, keys: ['first-half\nsecond-half\n'] }],
    });
    expect(screen).toContain('the API key holds a line break at position 11 (from the terminal)');
    expect(screen).toContain('code=2\n');
    expect(screen).not.toMatch(/first|second/);
  });

  it('gives the terminal back after Ctrl-C, and stores nothing', async () => {
    const place = open();
    const { screen } = await runInShell(
      place,
      around(`$BIN auth set ${ARGV}; echo inner=$?; $BIN auth status ${ARGV}`),
      { steps: [{ when: ASKED, keys: [`${KEY}\x03`] }] },
    );
    expect(screen).toContain('error: stopped');
    expect(screen).toContain('inner=130\n');
    expect(screen).toContain('code=4\n');
    expect(screen).not.toContain(KEY);
    const [before, after] = readModes(screen);
    expect(before).toMatch(/:/);
    expect(after).toBe(before);
  });

  it('dies by SIGINT after Ctrl-C, as a shell expects', async () => {
    const { screen, signal } = await runInShell(open(), `exec $BIN auth set ${ARGV}`, {
      steps: [{ when: ASKED, keys: ['\x03'] }],
    });
    expect(screen).toContain('error: stopped');
    expect(signal).toBe(2);
  });

  it('gives the terminal back when it is stopped from outside', async () => {
    const { screen } = await runInShell(open(), around(`(echo pid=$BASHPID; exec $BIN auth set ${ARGV})`), {
      steps: [
        {
          when: ASKED,
          keys: [KEY],
          act: (seen) => process.kill(Number(/pid=(\d+)/.exec(seen)?.[1]), 'SIGTERM'),
        },
      ],
    });
    expect(screen).toContain('code=143\n');
    const [before, after] = readModes(screen);
    expect(before).toMatch(/:/);
    expect(after).toBe(before);
  });
});

it('reads the key from a pipe, never shows it, and forgets it', async () => {
  const place = open();
  const argv = (action: string) => ['auth', action, '--base-url', 'http://127.0.0.1:9'];
  const set = await place.run(argv('set'), { input: `${KEY}\n` });
  expect(set).toMatchObject({ exitCode: 0, stdout: '' });
  const status = await place.run(argv('status'));
  expect(status).toMatchObject({ exitCode: 0 });
  expect(status.stdout).toMatch(/^apiKey +set \(hidden\) /);
  const config = await place.run(['config', '--base-url', 'http://127.0.0.1:9']);
  expect([set, status, config].map((result) => result.stdout + result.stderr).join()).not.toContain(KEY);
  expect(await place.run(argv('remove'))).toMatchObject({ exitCode: 0 });
  expect(await place.run(argv('status'))).toMatchObject({ exitCode: 4 });
});
