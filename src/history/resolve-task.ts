import { LuauExecError } from '../errors.ts';
import { parseTaskPath, type TaskPath } from '../open-cloud/task-path.ts';
import type { JournalRun } from './journal-run.ts';
import { UnansweredError } from './unanswered-error.ts';

/** What `list` shows of an id, and the least that names a task. */
const SHORT_ID_CHARACTERS = 8;
const FORGETTING = 'runs are remembered for 24 h after their end, as long as Open Cloud keeps them';

/** A task, and the run that made it where that was on this machine and is remembered. */
export interface ResolvedTask {
  path: TaskPath;
  run: JournalRun | null;
}

/**
 * Finds the task that a user names: a resource path in any of its four forms, an API URL, a task id of a run in the
 * journal or what it begins with, `@last` (the default) or `@2` for the one before. `runs` are the newest first. Throws
 * `LuauExecError` of kind `usage`, or `UnansweredError`.
 */
export function resolveTask(reference: string | undefined, runs: Iterable<JournalRun>): ResolvedTask {
  const text = reference ?? '@last';
  const position = parsePosition(text);
  if (position !== null) return findByPosition(position, text, runs);
  const path = parseTaskPath(stripUrl(text));
  if (path) return { path, run: findRun(path.taskId, runs) };
  const found = findById(text, runs);
  if (found) return found;
  throw new LuauExecError(`"${cut(text)}" is not a task`, {
    id: 'LX009',
    kind: 'usage',
    facts: [
      'a task is a resource path, an API URL, the id of a task sent from this machine, @last, or @2',
      FORGETTING,
    ],
    hint: 'luau-exec list, or copy the path that run printed',
  });
}

function findRun(taskId: string, runs: Iterable<JournalRun>): JournalRun | null {
  for (const run of runs) if (run.path?.taskId === taskId) return run;
  return null;
}

/** Throws where an id is cut so short that it fits several. */
function findById(text: string, runs: Iterable<JournalRun>): ResolvedTask | null {
  const similar: ResolvedTask[] = [];
  for (const run of runs) {
    const { path } = run;
    if (path?.taskId === text) return { path, run };
    if (path?.taskId.startsWith(text) && text.length >= SHORT_ID_CHARACTERS) similar.push({ path, run });
  }
  const [found, another] = similar;
  if (!found || !another) return found ?? null;
  throw new LuauExecError(`several tasks have an id that begins with "${cut(text)}"`, {
    id: 'LX009',
    kind: 'usage',
    facts: [found.path.taskId, another.path.taskId],
    hint: 'give more of the id, or the position that luau-exec list shows',
  });
}

function parsePosition(text: string): number | null {
  if (text === '@last') return 1;
  const match = /^@([1-9]\d{0,5})$/.exec(text);
  return match ? Number(match[1]) : null;
}

function stripUrl(text: string): string {
  const url = /^https?:\/\/[^/]+\/cloud\/v2\/([^?#]+?)(?:\/logs)?\/?(?:[?#].*)?$/.exec(text);
  return url?.[1] ?? text.replace(/^\/+/, '');
}

function findByPosition(position: number, text: string, runs: Iterable<JournalRun>): ResolvedTask {
  let count = 0;
  for (const run of runs) {
    if (++count < position) continue;
    if (run.path === null) throw new UnansweredError(run);
    return { path: run.path, run };
  }
  throw createNoSuchRun(text, count);
}

function createNoSuchRun(text: string, count: number): LuauExecError {
  const known =
    count === 0
      ? 'no task sent from this machine to this API is remembered'
      : `only ${count} ${count === 1 ? 'is' : 'are'} remembered`;
  return new LuauExecError(`there is no ${text}: ${known}`, {
    id: 'LX009',
    kind: 'usage',
    facts: [FORGETTING],
    hint: count === 0 ? 'name the task by its path: universes/…/tasks/…' : 'luau-exec list',
  });
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
