import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const START_LIMIT_MS = 10_000;

/** Starts `server.mjs` in a process of its own; resolves to its `url` and a `stop` that resolves when it is gone. */
export async function startServer() {
  const child = spawn(process.execPath, [fileURLToPath(new URL('server.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.stdin.end();
    const killer = setTimeout(() => child.kill('SIGKILL'), 1_000);
    await ended;
    clearTimeout(killer);
  };
  try {
    const [line] = await once(child.stdout, 'data', { signal: AbortSignal.timeout(START_LIMIT_MS) });
    return { url: String(line).trim(), stop };
  } catch (cause) {
    await stop();
    throw new Error('the server did not start', { cause });
  }
}
