import { LuauExecError } from '../../errors.ts';
import type { OpenCloudClient } from '../../open-cloud/client.ts';
import { type DownloadedFile, downloadBinaryOutput } from '../../open-cloud/download.ts';
import { openPartFile } from '../../open-cloud/part-file.ts';
import type { FinishedTask } from '../../open-cloud/task.ts';
import { formatTaskPath } from '../../open-cloud/task-path.ts';
import { describeError } from '../../output/describe-error.ts';
import type { Report } from '../../output/report.ts';
import type { Outcome } from '../../task/outcome.ts';
import type { RunEvent } from '../../task/run-event.ts';
import type { TaskConnection } from '../connect.ts';
import { exitCodeOfError } from '../exit-codes.ts';
import { readSignalName } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import { quoteWord } from '../quote-word.ts';
import { locateFile, nameAsGiven } from './locate-file.ts';
import { createTransferNote } from './transfer-note.ts';

export interface FetchOptions {
  /** The file, as the user named it. */
  name: string;
  connection: Pick<TaskConnection, 'client' | 'onTrace'>;
  /** Ends the download. */
  signal: AbortSignal;
  listen: (event: RunEvent) => void;
  invocation: Invocation;
}

/** Finds out, before anything is sent, whether the file could be written. Throws LX074. */
export async function probeOutput(name: string, invocation: Invocation): Promise<void> {
  const file = locateFile(name, invocation);
  const part = await openPartFile(file).catch((error: unknown) => {
    throw nameAsGiven(error, { name, file });
  });
  await part.discard();
}

/**
 * Downloads the binary output of a task that is complete, and adds it to its report. What goes wrong with that makes a
 * run that was well one that was not; its results stay.
 */
export async function addBinaryOutput(
  report: Report,
  { task, verdict }: Outcome,
  options: FetchOptions,
): Promise<Report> {
  if (verdict !== 'ok') return report;
  const { name, signal } = options;
  const file = locateFile(name, options.invocation);
  try {
    const downloaded = await fetchOutput(task, file, options);
    return { ...report, files: { ...report.files, binaryOutput: { name, ...downloaded } } };
  } catch (thrown) {
    const error = describe(nameAsGiven(thrown, { name, file }), task, options);
    if (error === null) throw thrown;
    const exitCode = exitCodeOfError(error.kind, readSignalName(signal));
    return { ...report, exitCode, outcome: error.kind, error: describeError(error) };
  }
}

async function fetchOutput(
  task: FinishedTask,
  file: string,
  { name, connection, signal, listen, invocation }: FetchOptions,
): Promise<DownloadedFile> {
  const { client, onTrace } = connection;
  const { stream, clock } = invocation.context;
  const note = createTransferNote(`downloading ${name}`, listen);
  const download = async (uri: string) => {
    const downloaded = await downloadBinaryOutput(uri, file, {
      ...{ client, stream, clock, signal },
      onProgress: note.progress,
      onWait: note.wait,
      ...(onTrace && { onTrace }),
    });
    note.done();
    return downloaded;
  };
  const uri = requireUri(task);
  try {
    return await download(uri);
  } catch (error) {
    const newer = isTurnedAway(error) ? await findNewerUri(task, uri, { client, signal }) : null;
    if (newer === null) throw error;
    return download(newer);
  }
}

/** By a store that does not know the address, or no longer. */
function isTurnedAway(error: unknown): boolean {
  if (!(error instanceof LuauExecError) || error.id !== 'LX540') return false;
  return error.httpStatus !== null && error.httpStatus < 500;
}

/** Whether a task that is read again names another address is for the service to say: nobody has published it. */
async function findNewerUri(
  { path }: FinishedTask,
  uri: string,
  { client, signal }: { client: OpenCloudClient; signal: AbortSignal },
): Promise<string | null> {
  const { binaryOutputUri } = await client.getTask(path, { signal });
  return binaryOutputUri === uri ? null : binaryOutputUri;
}

function requireUri({ binaryOutputUri, enableBinaryOutput, path }: FinishedTask): string {
  if (binaryOutputUri !== null) return binaryOutputUri;
  throw new LuauExecError('the task names no binary output', {
    id: 'LX541',
    kind: 'bad_response',
    taskPath: formatTaskPath(path),
    facts: enableBinaryOutput ? [] : ['a run has one only if it was sent with --binary-output'],
    hint: 'send it with --binary-output, and return { BinaryOutput = buffer, ReturnValues = { ... } } from the script',
  });
}

/** What stands in the report; null for what is no error of the download. */
function describe(thrown: unknown, task: FinishedTask, { name, signal }: FetchOptions): LuauExecError | null {
  const taskPath = formatTaskPath(task.path);
  const hint = `luau-exec wait ${taskPath} --binary-output ${quoteWord(name)}`;
  if (signal.aborted && thrown === signal.reason) {
    return new LuauExecError('stopped before the binary output was read; the task has finished: COMPLETE', {
      id: 'LX602',
      kind: 'interrupted',
      taskPath,
      facts: [VALID],
      hint,
    });
  }
  if (!(thrown instanceof LuauExecError)) return null;
  if (thrown.id === 'LX541') return thrown;
  const isAgain = thrown.id === 'LX540' && !isTurnedAway(thrown);
  return new LuauExecError(thrown.message, {
    ...thrown,
    taskPath,
    facts: [...thrown.facts, 'the task is complete, and its results are whole', ...(isAgain ? [VALID] : [])],
    hint: adviseOn(thrown, hint),
    cause: thrown,
  });
}

/** `again` takes the download up once more, which is of use where the address was right. */
function adviseOn({ id, hint }: LuauExecError, again: string): string | null {
  if (id === 'LX074') return `${hint}; then ${again}`;
  return id === 'LX540' || id === 'LX502' ? again : hint;
}

const VALID = 'the address of the output is valid for 15 minutes';
