import { resolve } from 'node:path';
import { readApiKeyFile } from '../../config/api-key-file.ts';
import { parseDuration } from '../../config/durations.ts';
import { readTextFile } from '../../config/read-text-file.ts';
import { quoteValue } from '../../config/setting-error.ts';
import type { Fault, UnmetFault } from '../../emulator/faults.ts';
import { startProcessEmulator } from '../../emulator/luau-emulator.ts';
import { parseFaultsFile } from '../../emulator/parse-faults.ts';
import { LuauExecError } from '../../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import type { Printer } from '../printer.ts';
import type { EmulateOptions } from '../shared-options.ts';

/** Serves the emulator until the process is asked to stop, which is its ordinary end: exit code 0. */
export async function serveEmulator(invocation: Invocation, options: EmulateOptions): Promise<number> {
  const { context, printer, protect } = invocation;
  const { clock, signal, cwd, stdin } = context;
  const apiKey =
    options.apiKeyFile === undefined ? null : await readApiKeyFile({ file: options.apiKeyFile, cwd, stdin });
  if (apiKey !== null) protect(apiKey);
  const emulator = await startProcessEmulator({
    host: options.host,
    port: parsePort(options.port),
    bootDelayMs: parseBootDelay(options.bootDelay),
    clock,
    faults: options.faults === undefined ? [] : await loadFaults(options.faults, cwd),
    // A name that came out empty means no directory, least of all the current one.
    ...(options.dataDir === undefined
      ? {}
      : { dataDirectory: options.dataDir && resolve(cwd, options.dataDir) }),
    ...(apiKey === null ? {} : { apiKey }),
  });
  try {
    await announce(emulator.baseUrl, { printer, apiKeyFile: options.apiKeyFile });
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    }
  } finally {
    await emulator.close();
  }
  const unmet = emulator.unmetFaults();
  if (unmet.length > 0) await printer.printNotice(unmet.map(describeUnmet).join('\n'));
  return EXIT_CODES.ok;
}

async function announce(
  baseUrl: string,
  { printer, apiKeyFile }: { printer: Printer; apiKeyFile: string | undefined },
): Promise<void> {
  // An address that stands for all of them is not one to call.
  const nearUrl = baseUrl.replace(/\/\/(?:0\.0\.0\.0|\[::\]):/, '//127.0.0.1:');
  if (printer.isJson) await printer.printData(`${JSON.stringify({ baseUrl })}\n`);
  else {
    await printer.printData(`${baseUrl}\n`);
    const key = apiKeyFile === undefined ? 'any text as ROBLOX_API_KEY' : 'the same --api-key-file';
    await printer.printNotice(
      `serving the emulator; stop it with Ctrl-C\n\nhint: luau-exec run script.luau --base-url ${nearUrl} -u 1 -p 1, with ${key}`,
    );
  }
}

const MAX_FAULTS_BYTES = 32 * 1024 * 1024;

/** Throws LX011 for a file that cannot be read, and for faults that make no sense. */
async function loadFaults(file: string, cwd: string): Promise<Fault[]> {
  const read = await readTextFile(resolve(cwd, file), MAX_FAULTS_BYTES);
  if (read.ok) return parseFaultsFile(read.text, file);
  throw new LuauExecError(`the faults file ${file} ${read.reason}`, {
    id: 'LX011',
    kind: 'usage',
    hint: 'name a JSON file; docs/faults.md has examples',
  });
}

function describeUnmet({ request, nth = 1, times = 1, metTimes }: UnmetFault): string {
  const wanted = times === 'always' ? 'at least once' : countTimes(times);
  return `the fault for ${request} number ${nth} was to be met ${wanted}, and was met ${countTimes(metTimes)}`;
}

function countTimes(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new LuauExecError(`--port ${quoteValue(text)} is not a port: 0 to 65535`, {
    id: 'LX011',
    kind: 'usage',
    hint: '--port 0 picks a free one',
  });
}

function parseBootDelay(text: string): number {
  const ms = parseDuration(text);
  if (ms !== null && ms <= 3_600_000) return ms;
  throw new LuauExecError(`--boot-delay ${quoteValue(text)} is not a duration of at most 1 h`, {
    id: 'LX011',
    kind: 'usage',
    hint: 'write it as 4s or 500ms',
  });
}
