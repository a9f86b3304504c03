import { LuauExecError } from '../errors.ts';
import { parseTaskPath, type TaskPath } from '../open-cloud/task-path.ts';
import type { JournalRun } from './journal.ts';

/**
 * Finds the task that a user names: a resource path in any of its four forms, an API URL, a task id of a run in the
 * journal, `@last` (the default) or `@2` for the one before. Throws `LuauExecError` of kind `usage`, `not_found`, or
 * `unknown` for a run whose create was never answered.
 */
export function resolveTask(reference: string | undefined, runs: readonly JournalRun[]): TaskPath {
  const text = reference ?? '@last';
  const position = parsePosition(text);
  if (position !== null) return pathOf(runs[position - 1], text, runs.length);
  const path = parseTaskPath(stripUrl(text));
  if (path) return path;
  const known = runs.find((run) => run.path?.taskId === text);
  if (known?.path) return known.path;
  throw new LuauExecError(`"${cut(text)}" is not a task`, {
    id: 'LX009',
    kind: 'usage',
    facts: ['a task is a resource path, an API URL, the id of a task sent from this machine, @last, or @2'],
    hint: 'copy the path that run printed: universes/…/tasks/…',
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

function pathOf(run: JournalRun | undefined, text: string, count: number): TaskPath {
  if (!run) {
    const known =
      count === 0 ? 'no task was sent from this machine to this API yet' : `only ${count} are remembered`;
    throw new LuauExecError(`there is no ${text}: ${known}`, {
      id: 'LX009',
      kind: 'usage',
      hint: 'name the task by its path: universes/…/tasks/…',
    });
  }
  if (run.path) return run.path;
  throw new LuauExecError(`${run.script} was sent at ${run.time} but no answer came: it may be running`, {
    id: 'LX510',
    kind: 'unknown',
    facts: ['its path is not known, so it cannot be looked at; it was not sent again'],
    hint: 'look at what the script changes before you run it again',
  });
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
