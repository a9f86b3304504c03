import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';

// Nothing that is measured here takes many seconds; a process that does is broken.
const LIMIT_MS = 20_000;

/**
 * Runs one process and resolves to `{ wallMs, tailMs }`: from the spawn to its end, and from its last output to
 * its end. `stdinFile` is piped into it. Throws when it takes longer than 20 s (it is killed), ends with a code, or
 * prints what it should not.
 */
export async function timeProcess(command, { args, stdout: expected, stdinFile }, { env, cwd }) {
  const startedAt = performance.now();
  const child = spawn(command, args, { env, cwd, stdio: [stdinFile ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  // One that ends before it has read everything shows that by its code.
  if (stdinFile) createReadStream(stdinFile).pipe(child.stdin.on('error', () => undefined));
  let lastOutputAt = startedAt;
  const collect = (stream) => {
    const chunks = [];
    stream.on('data', (chunk) => {
      lastOutputAt = performance.now();
      chunks.push(chunk);
    });
    return chunks;
  };
  const outputs = { stdout: collect(child.stdout), stderr: collect(child.stderr) };
  const killer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let endedAt = startedAt;
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      endedAt = performance.now();
    });
    // `close` comes when the pipes are empty too, so that all output is there to be checked.
    child.on('close', (exitCode, signal) => resolve(exitCode ?? signal));
  }).finally(() => clearTimeout(killer));
  const text = Buffer.concat(outputs.stdout).toString();
  if (code !== 0 || !expected.test(text)) {
    const stderr = Buffer.concat(outputs.stderr).toString();
    throw new Error(`${command} ${args.join(' ')} ended with ${code}\nstdout: ${text}\nstderr: ${stderr}`);
  }
  return {
    wallMs: endedAt - startedAt,
    tailMs: lastOutputAt === startedAt ? 0 : Math.max(0, endedAt - lastOutputAt),
  };
}
