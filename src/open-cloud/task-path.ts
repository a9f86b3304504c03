/** The parts of a task's resource path. Ids are decimal strings or UUID-like words, exactly as the service wrote them. */
export interface TaskPath {
  universeId: string;
  placeId: string;
  versionId: string | null;
  sessionId: string | null;
  taskId: string;
}

const NUMBER = '[1-9]\\d{0,19}';
// Session and task ids are UUIDs in every capture; the spec calls them plain strings. Nothing that could change
// the meaning of a URL (`.`, `/`, `%`, `?`) gets through.
const WORD = '[A-Za-z0-9_-]{1,128}';
const PATTERN = new RegExp(
  `^universes/(${NUMBER})/places/(${NUMBER})(?:/versions/(${NUMBER}))?` +
    `/(?:luau-execution-session-tasks/(${WORD})|luau-execution-sessions/(${WORD})/tasks/(${WORD}))$`,
);

/** Reads any of the four documented forms; null when `text` is none of them. */
export function parseTaskPath(text: string): TaskPath | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const [, universeId = '', placeId = '', versionId = null, shortId, sessionId = null, longId = ''] = match;
  return { universeId, placeId, versionId, sessionId, taskId: shortId ?? longId };
}

/** The inverse of `parseTaskPath`: the same form that was read. */
export function formatTaskPath(path: TaskPath): string {
  const version = path.versionId === null ? '' : `/versions/${path.versionId}`;
  const task =
    path.sessionId === null
      ? `luau-execution-session-tasks/${path.taskId}`
      : `luau-execution-sessions/${path.sessionId}/tasks/${path.taskId}`;
  return `universes/${path.universeId}/places/${path.placeId}${version}/${task}`;
}

/** True for a universe, place or version id: a positive whole number of at most 20 digits, ASCII only. */
export function isResourceId(text: string): boolean {
  return /^[1-9]\d{0,19}$/.test(text);
}
