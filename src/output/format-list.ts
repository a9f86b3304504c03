import { formatTaskPath, type TaskPath } from '../open-cloud/task-path.ts';
import type { ErrorDescription } from './describe-error.ts';
import { measureWidth } from './display-width.ts';
import { fitTable, type TableColumn } from './fit-table.ts';
import { formatJson } from './format-value.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Style } from './style.ts';

/** One task that was sent from this machine. Times are milliseconds since the Unix epoch. */
export interface ListedTask {
  /** The N of `@N`. */
  position: number;
  script: string;
  /** The target of the config file; null where none was chosen. */
  target: string | null;
  universeId: string;
  placeId: string;
  timeoutSeconds: number | null;
  isCancellable: boolean;
  isLive: boolean;
  sentMs: number;
  /** Null when the create was never answered. */
  path: TaskPath | null;
  /**
   * The service's word as it was last seen, `unknown` when the create was never answered, `not_found` when the service
   * has just said so; null when nobody has looked.
   */
  state: string | null;
  isFinished: boolean;
  /** Why a task has failed, in the service's word, or `CANCELLED`. */
  code: string | null;
  seenMs: number | null;
}

export interface ListScreen {
  nowMs: number;
  style: Style;
  /** Of the terminal; null where there is none. */
  columns: number | null;
}

/** The least that names a task elsewhere too. */
const SHORT_ID_CHARACTERS = 8;
const NOTHING = '-';

/**
 * On a terminal a title and the columns that there is room for, cut to its width; elsewhere all of them, in lines that
 * are as long as they need to be, the script last because it may hold blanks.
 */
export function formatList(tasks: readonly ListedTask[], { nowMs, style, columns }: ListScreen): string {
  if (tasks.length === 0) return '';
  if (columns === null) return formatPlain(tasks);
  const whole = createColumns(tasks, { nowMs, style, formatId: formatTaskPath });
  const short = createColumns(tasks, { nowMs, style, formatId: createShortener(tasks) });
  const layout = { width: columns, paintTitle: style.dim };
  // The path is worth its room only where everything else has its own.
  const lines = isWithin(whole, columns) ? fitTable(whole, layout) : fitTable(short, layout);
  return lines.map((line) => `${line}\n`).join('');
}

/** `luau-exec.list/v1` as one line. */
export function formatListJson(document: {
  tasks: readonly ListedTask[];
  baseUrl: string;
  isRefreshed: boolean;
  exitCode: number;
  error: ErrorDescription | null;
  warnings: readonly { id: string; message: string; hint: string | null }[];
}): string {
  const { tasks, baseUrl, isRefreshed, exitCode, error, warnings } = document;
  return formatJson({
    schema: 'luau-exec.list/v1',
    ok: exitCode === 0,
    exitCode,
    baseUrl,
    refreshed: isRefreshed,
    tasks: tasks.map(createFields),
    error: error && createErrorFields(error),
    warnings: warnings.map(({ id, message, hint }) => ({ id, message, hint })),
  });
}

function createErrorFields({ id, code, message, facts, hint, httpStatus }: ErrorDescription): object {
  return { id, code, message, facts, hint, httpStatus };
}

function createFields(task: ListedTask): object {
  const { position, script, target, universeId, placeId, timeoutSeconds, path } = task;
  return {
    position,
    script,
    path: path && formatTaskPath(path),
    universeId,
    placeId,
    versionId: path?.versionId ?? null,
    sessionId: path?.sessionId ?? null,
    taskId: path?.taskId ?? null,
    target,
    timeoutSeconds,
    cancellable: task.isCancellable,
    live: task.isLive,
    sentTime: formatTime(task.sentMs),
    state: task.state,
    finished: task.isFinished,
    code: task.code,
    seenTime: task.seenMs === null ? null : formatTime(task.seenMs),
  };
}

function formatPlain(tasks: readonly ListedTask[]): string {
  const columns = [
    tasks.map(({ position }) => `@${position}`),
    tasks.map(({ state }) => formatWord(state)),
    tasks.map(({ code }) => formatWord(code)),
    tasks.map(({ sentMs }) => formatTime(sentMs).replace(/\.\d+Z$/, 'Z')),
    tasks.map(formatTarget),
    tasks.map(({ path }) => (path === null ? NOTHING : formatTaskPath(path))),
    tasks.map(({ script }) => formatCell(script)),
  ].map((cells) => ({ title: '', cells, rank: 0 }));
  const lines = fitTable(columns, { width: Number.POSITIVE_INFINITY, paintTitle: (text) => text });
  return lines
    .slice(1)
    .map((line) => `${line}\n`)
    .join('');
}

interface ColumnSetting {
  nowMs: number;
  style: Style;
  formatId: (path: TaskPath) => string;
}

function createColumns(tasks: readonly ListedTask[], setting: ColumnSetting): TableColumn[] {
  const { nowMs, style, formatId } = setting;
  const column = (title: string, rank: number, format: (task: ListedTask) => string) => ({
    title,
    rank,
    cells: tasks.map(format),
  });
  const columns: TableColumn[] = [
    column('', 0, ({ position }) => `@${position}`),
    {
      ...column('state', 0, ({ state }) => formatWord(state)),
      paint: (text, row) => paintState(text, tasks[row], style),
    },
    column('error', 3, ({ code }) => formatWord(code)),
    column('age', 1, ({ sentMs }) => formatAge(nowMs - sentMs)),
    column('task', 2, ({ path }) => (path === null ? NOTHING : formatId(path))),
    column('target', 4, formatTarget),
    {
      ...column('script', 0, ({ script }) => formatCell(script)),
      // Of a path the end tells more than the beginning.
      flexible: { leastWidth: 12, keeps: 'end' },
    },
  ];
  return columns.filter(({ rank, cells }) => rank === 0 || cells.some((cell) => cell !== NOTHING));
}

function paintState(text: string, task: ListedTask | undefined, style: Style): string {
  if (task?.state === 'COMPLETE') return style.green(text);
  if (task?.isFinished) return style.red(text);
  return task?.path === null ? style.yellow(text) : text;
}

function isWithin(columns: readonly TableColumn[], width: number): boolean {
  const full = columns.map(({ title, cells }) => Math.max(title.length, ...cells.map(measureWidth)));
  return full.reduce((sum, each) => sum + each, 2 * (columns.length - 1)) <= width;
}

function formatTarget({ target, universeId, placeId }: ListedTask): string {
  return formatCell(target ?? `${universeId}/${placeId}`);
}

/** Ids are cut to what tells all of them apart. */
function createShortener(tasks: readonly ListedTask[]): (path: TaskPath) => string {
  const ids = [...new Set(tasks.flatMap(({ path }) => path?.taskId ?? []))];
  const longest = Math.max(...ids.map((id) => id.length), SHORT_ID_CHARACTERS);
  let length = SHORT_ID_CHARACTERS;
  while (length < longest && new Set(ids.map((id) => id.slice(0, length))).size < ids.length) length++;
  return ({ taskId }) => taskId.slice(0, length);
}

/** One cell's text: on one line, and as wide as it seems. */
function formatCell(text: string): string {
  return sanitizeLine(text).replaceAll('\t', ' ');
}

/** The service's words have no blanks; one that has some would be read as two columns. */
function formatWord(word: string | null): string {
  return sanitizeLine(word ?? '').replaceAll(/\s+/g, '_') || NOTHING;
}

/** Of one unit: `5 s`, `12 min`, `3 h`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h`;
}

function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}
