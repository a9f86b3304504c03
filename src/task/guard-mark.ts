import type { Task } from '../open-cloud/task.ts';

/** What a version guard (script/version-guard.ts) has found. */
export interface GuardMark {
  /** The mark of that very guard. */
  mark: string;
  /** What the server said that it runs. */
  foundVersion: number;
}

const MARK = /^luau-exec: wants place version (\d+) \([\w-]{8,}\)$/;

/**
 * What a task returned whose server ran another version of the place than was wanted, so that none of its script has
 * run; null for any other. It is known by its words alone, so that any process can read it.
 */
export function readGuardMark(task: Task): GuardMark | null {
  if (task.phase !== 'complete' || task.results.length !== 2) return null;
  const [mark, foundVersion] = task.results;
  if (typeof mark !== 'string' || typeof foundVersion !== 'number') return null;
  const wanted = MARK.exec(mark)?.[1];
  return wanted === undefined || wanted === String(foundVersion) ? null : { mark, foundVersion };
}
