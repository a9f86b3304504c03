// Starts the built program, on a pseudo-terminal or as an emulator.
import { spawn as spawnChild } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { formatRow, readScreen } from './screen.mjs';

const BIN = fileURLToPath(new URL('../../bin/luau-exec.js', import.meta.url));
const LONGEST_MS = 45_000;

/**
 * Runs `argv` and resolves to the rows of the screen once it matches `moment` or, where that is undefined, when the
 * program has ended. `prepare` is given all that was written so far and returns what the terminal is to show.
 */
export async function captureScreen({ argv, cwd, env, size, moment, prepare }) {
  const { columns: cols, rows } = size;
  const terminal = spawn(process.execPath, [BIN, ...argv], { cwd, env, cols, rows });
  let written = '';
  let hasEnded = false;
  let look = () => undefined;
  terminal.onData((data) => {
    written += data;
    look();
  });
  const exit = new Promise((resolve) => terminal.onExit(resolve)).then(() => {
    hasEnded = true;
    look();
  });
  const deadline = AbortSignal.timeout(LONGEST_MS);
  deadline.addEventListener('abort', () => look());
  try {
    for (;;) {
      const changed = new Promise((resolve) => {
        look = resolve;
      });
      const isLast = hasEnded || deadline.aborted;
      const screen = await readScreen(prepare(written), size);
      const text = screen.map(formatRow).join('\n');
      if (moment ? moment.test(text) : hasEnded && isLast) return screen;
      if (isLast) throw new Error(`luau-exec ${argv.join(' ')} never came to its moment:\n${text}`);
      await changed;
    }
  } finally {
    if (!hasEnded) terminal.kill('SIGKILL');
    await exit;
  }
}

/** Starts an emulator on a free port; resolves to its URL and to what stops it. */
export async function startEmulator({ cwd, env }) {
  const argv = [BIN, 'emulate', '--port', '0', '-q'];
  const child = spawnChild(process.execPath, argv, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await exit;
  };
  try {
    const [line] = await once(child.stdout, 'data', { signal: AbortSignal.timeout(LONGEST_MS) });
    return { url: String(line).trim(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
