import { LuauExecError } from '../../errors.ts';
import { isFinished, type UnfinishedTask } from '../../open-cloud/task.ts';
import { formatTaskPath } from '../../open-cloud/task-path.ts';
import { BOOT_ALLOWANCE_MS } from '../../task/watch-task.ts';
import { createTaskReport } from '../create-report.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { openTask } from '../open-task.ts';
import type { GlobalOptions } from '../shared-options.ts';

/** Open Cloud has no operation that cancels, so this says what is true: finished already, or when it will end. */
export async function cancelTask(
  invocation: Invocation,
  reference: string | undefined,
  options: GlobalOptions,
): Promise<number> {
  const { context, printer } = invocation;
  const { client, path, notes } = await openTask(invocation, reference, options);
  const task = await client.getTask(path, { signal: context.signal });
  notes.noteTask(task);
  if (!isFinished(task)) throw createNotCancelled(task, context.clock.wallNow());
  const report = createTaskReport(task, 'ok', EXIT_CODES.ok);
  await printer.printNotice(`the task has finished already: ${task.state}`);
  return printer.printEnd([report], report.exitCode);
}

function createNotCancelled(task: UnfinishedTask, wallNowMs: number): LuauExecError {
  const taskPath = formatTaskPath(task.path);
  const seconds = task.timeoutSeconds ?? 300;
  const createdMs = Date.parse(task.createTime ?? '');
  const startMs = Number.isNaN(createdMs) ? wallNowMs : createdMs;
  const end = new Date(startMs + seconds * 1000 + BOOT_ALLOWANCE_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  return new LuauExecError('this run cannot be cancelled: Open Cloud has no operation for it', {
    id: 'LX603',
    kind: 'not_cancelled',
    taskPath,
    facts: [`its time-out is ${seconds} s, so a script that has started ends by itself by about ${end}`],
    hint: `luau-exec wait ${taskPath}`,
  });
}
