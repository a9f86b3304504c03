import { type Clock, systemClock } from './clock.ts';
import { OpenCloudClient } from './open-cloud/client.ts';
import { createTransport } from './open-cloud/transport.ts';
import type { Outcome } from './task/outcome.ts';
import { decideCadence } from './task/poll-cadence.ts';
import { PollScheduler } from './task/poll-scheduler.ts';
import type { RunEvent } from './task/run-event.ts';
import { runTask } from './task/run-task.ts';

export interface RunScriptOptions {
  apiKey: string;
  universeId: string;
  placeId: string;
  /** Source of the script, at most 4 MB of UTF-8. */
  script: string;
  /** A version of the place; the latest saved one when not given. */
  versionId?: string;
  /** `path` of a binary input that `uploadBinaryInput` has filled. */
  binaryInput?: string;
  /** True where the script returns a binary output: its address is `task.binaryOutputUri` of what came of it. */
  enableBinaryOutput?: boolean;
  /** How long the script may run: 1 to 300, which is also the default. */
  timeoutSeconds?: number;
  /** How long to wait for the end; the script's time-out and 45 s by default. */
  waitTimeoutMs?: number;
  /** How long limits may hold the create back; 5 minutes by default. */
  queueTimeoutMs?: number;
  /** Origin of the API, `https://apis.roblox.com` by default; an emulator's `baseUrl` works as well. */
  baseUrl?: string;
  signal?: AbortSignal;
  clock?: Clock;
  /** Read for HTTP_PROXY, HTTPS_PROXY and NO_PROXY; none are used by default. */
  env?: Readonly<Record<string, string | undefined>>;
  onEvent?: (event: RunEvent) => void;
}

/**
 * Runs one script to its end and reads its logs. Resolves for every finished task, failed ones included: look at
 * `verdict`. Throws `LuauExecError` when the end could not be learnt; kind `unknown` means that the script may run.
 */
export async function runScript(options: RunScriptOptions): Promise<Outcome> {
  const { clock = systemClock, env = {} } = options;
  const transport = createTransport({ clock, env, connections: 1 });
  const client = new OpenCloudClient({
    apiKey: options.apiKey,
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
    exchange: transport.exchange,
    clock,
  });
  const scheduler = new PollScheduler({
    clock,
    cadence: decideCadence(client.origin),
    readWindow: () => client.readWindow('getTask'),
  });
  const { universeId, placeId, script, versionId = null, timeoutSeconds = null } = options;
  try {
    return await runTask(
      {
        ...{ universeId, placeId, script, versionId, timeoutSeconds },
        ...(options.binaryInput === undefined ? {} : { binaryInput: options.binaryInput }),
        ...(options.enableBinaryOutput ? { enableBinaryOutput: true } : {}),
      },
      {
        client,
        scheduler,
        clock,
        ...(options.signal && { signal: options.signal }),
        ...(options.onEvent && { onEvent: options.onEvent }),
        ...(options.queueTimeoutMs === undefined ? {} : { queueTimeoutMs: options.queueTimeoutMs }),
        waitTimeoutMs: options.waitTimeoutMs ?? null,
      },
    );
  } finally {
    await transport.close();
  }
}
