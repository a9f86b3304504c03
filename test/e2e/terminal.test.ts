import { spawn } from 'node:child_process';
import { spawn as spawnTerminal } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import { BIN, collect, NODE, useWorkplaces, type Workplace } from '../helpers/bin.ts';

const open = useWorkplaces();
const HIDE_CURSOR = '\x1b[?25l';
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[3\\dm`);
const SHOW_CURSOR = '\x1b[?25h';

interface Screen {
  text: string;
  exitCode: number;
  signal: number | undefined;
}

/** Runs the program in a pseudo-terminal; `whileRunning` sees what is on it and may type. */
function runInTerminal(
  place: Workplace,
  argv: string[],
  { type }: { type?: (text: string) => string | null } = {},
): Promise<Screen> {
  const terminal = spawnTerminal(NODE, [BIN, ...argv], {
    cols: 80,
    rows: 24,
    cwd: place.directory,
    env: place.environment,
  });
  let text = '';
  terminal.onData((data) => {
    text += data;
    const keys = type?.(text) ?? null;
    if (keys !== null) terminal.write(keys);
  });
  return new Promise((resolve) => {
    terminal.onExit(({ exitCode, signal }) => resolve({ text, exitCode, signal }));
  });
}

describe('on a terminal', () => {
  it('shows a spinner, takes it away, and prints values in colour over several lines', async () => {
    const { text, exitCode } = await runInTerminal(open(), [
      'run',
      '-e',
      'task.wait(0.6) return {a=1}',
      '--local',
    ]);
    expect(exitCode).toBe(0);
    expect(text).toContain(HIDE_CURSOR);
    expect(text.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(text.lastIndexOf(HIDE_CURSOR));
    const end = text.slice(text.indexOf(SHOW_CURSOR));
    expect(end).toContain('"a"');
    expect(end).toContain('complete in');
    expect(end).toMatch(COLOUR);
  });

  it('shows what JSON does not have in the notation of Luau', async () => {
    const place = open();
    place.environment.NO_COLOR = '1';
    const code = 'local t = { 1, [5] = 0/0 } t.me = t return t, vector.create(1, 2, 0.1), nil';
    const { text } = await runInTerminal(place, ['run', '-e', code, '--local', '-q', '--encode-results']);
    expect(text).toContain('{1, [5] = nan, me = <cycle: results[1]>}\r\nvector(1, 2, 0.1)\r\nnil\r\n');
  });

  it('has no colour with NO_COLOR', async () => {
    const place = open();
    place.environment.NO_COLOR = '1';
    const { text } = await runInTerminal(place, ['run', '-e', 'warn("w") return {a=1}', '--local', '-q']);
    expect(text).toContain('[warning] w');
    expect(text).not.toMatch(COLOUR);
  });

  it('gives the cursor back after Ctrl-C, and dies by the signal', async () => {
    let hasTyped = false;
    const { text, signal } = await runInTerminal(open(), ['run', '-e', 'task.wait(30)', '--local'], {
      type: (seen) => {
        if (hasTyped || !seen.includes(HIDE_CURSOR)) return null;
        hasTyped = true;
        return '\x03';
      },
    });
    expect(signal).toBe(2);
    expect(text.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(text.lastIndexOf(HIDE_CURSOR));
    expect(text).toContain('stopped; the local run ended with it');
  });

  it('ends on a terminal that reports no columns', async () => {
    const place = open();
    // script(1) makes a terminal of 0 columns when its own input is none.
    const command = `"${NODE}" "${BIN}" run -e 'task.wait(0.5) return 7' --local`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: place.directory,
      env: place.environment,
    });
    child.stdin.end();
    const { exitCode, stdout } = await collect(child);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('processing');
    expect(stdout).not.toContain(HIDE_CURSOR);
    expect(stdout.length).toBeLessThan(2_000);
  });
});
