import type { JsonValue, Task } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import { formatResultLines } from './format-results.ts';
import type { Screen } from './renderer.ts';
import { sanitizeLine } from './sanitize.ts';

/** A task as lines of name and value, then its results, one a line. What the service did not say is left out. */
export function formatStatus(task: Task, results: readonly JsonValue[], screen: Screen): string {
  const { style } = screen;
  const fields: [string, string | null][] = [
    ['state', task.state],
    ['task', formatTaskPath(task.path)],
    ['version', task.path.versionId],
    ['created', task.createTime],
    ['updated', task.updateTime],
    ['time-out', task.timeoutSeconds === null ? null : `${task.timeoutSeconds} s`],
    ['error', task.phase === 'failed' ? task.error.code : null],
  ];
  for (const text of formatResultLines(results, screen)) fields.push(['result', text]);
  return fields
    .filter((field): field is [string, string] => field[1] !== null)
    .map(([name, value]) => `${style.dim(name.padEnd(9))} ${sanitizeLine(value)}\n`)
    .join('');
}
