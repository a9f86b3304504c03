import { LuauExecError } from '../errors.ts';
import type { OpenCloudClient } from '../open-cloud/client.ts';
import type { LogMessage, Task } from '../open-cloud/task.ts';
import { CHUNK_NAME, type ScriptSource } from '../output/script-position.ts';
import { readChunkPositions } from '../script/line-positions.ts';

export interface SentSourceOptions {
  client: OpenCloudClient;
  signal: AbortSignal;
  /** What the script was called when it was sent, where that is known. */
  scriptName: string | null;
  messages: readonly LogMessage[];
}

/** It only makes an answer better that is there already. */
const PATIENCE_MS = 20_000;

/**
 * The chunk of a task that another process created, as the service has kept it. It is asked for only where the error or
 * the logs name a line of it; null where nothing does, or where it cannot be had: then lines stay the chunk's.
 */
export async function findSentSource(task: Task, wanted: SentSourceOptions): Promise<ScriptSource | null> {
  const { messages } = wanted;
  const said = [task.phase === 'failed' ? task.error.message : '', ...messages.map(({ message }) => message)];
  return said.some((text) => text.includes(CHUNK_NAME)) ? loadSentSource(task, wanted) : null;
}

/** The same, whatever was said so far. The script of a task is empty where it has not been read. */
export async function loadSentSource(
  task: Pick<Task, 'path' | 'script'>,
  { client, signal, scriptName }: Omit<SentSourceOptions, 'messages'>,
): Promise<ScriptSource | null> {
  try {
    const options = { view: 'FULL', signal, patienceMs: PATIENCE_MS } as const;
    const { script } = task.script === '' ? await client.getTask(task.path, options) : task;
    return script === '' ? null : { positionOf: readChunkPositions(script, scriptName ?? CHUNK_NAME) };
  } catch (error) {
    if (error instanceof LuauExecError && !signal.aborted) return null;
    throw error;
  }
}
