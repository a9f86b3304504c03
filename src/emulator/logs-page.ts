import type { JsonValue } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import { createV2Refusal } from './api-answers.ts';
import type { StoredLogMessage } from './log-store.ts';
import { formatTime } from './task-json.ts';
import type { TaskRecord } from './task-store.ts';

export interface LogsQuery {
  view: 'FLAT' | 'STRUCTURED';
  /** Counts chunks, not messages. */
  maxPageSize: number;
  /** Index of the first chunk; null for the first page. */
  firstChunk: number | null;
}

const MAX_PAGE_SIZE = 10_000;

/** Reads the query of a list-logs request; throws a refusal (400) that names the parameter at fault. */
export function parseLogsQuery(query: URLSearchParams): LogsQuery {
  return {
    view: parseView(query.get('view')),
    maxPageSize: parseMaxPageSize(query.get('maxPageSize')),
    firstChunk: parsePageToken(query.get('pageToken')),
  };
}

/**
 * One page of a task's logs. The list is empty until the task has finished. A page token is the index of the page's
 * first chunk; one that no earlier page can have given is refused (400).
 */
export function formatLogsPage(record: TaskRecord, query: LogsQuery, messagesPerChunk: number): JsonValue {
  const chunks = record.end === null ? [] : record.logs.chunks(messagesPerChunk);
  if (query.firstChunk !== null && query.firstChunk >= chunks.length) throw invalidPageToken();
  const start = query.firstChunk ?? 0;
  const end = start + query.maxPageSize;
  const path = formatTaskPath(record.path);
  return {
    luauExecutionSessionTaskLogs: chunks.slice(start, end).map((messages, index) => ({
      path: `${path}/logs/${start + index + 1}`,
      ...formatMessages(messages, query.view),
    })),
    nextPageToken: end < chunks.length ? String(end) : '',
  };
}

function formatMessages(
  messages: readonly StoredLogMessage[],
  view: LogsQuery['view'],
): { [key: string]: JsonValue } {
  if (view === 'FLAT') return { messages: messages.map(({ message }) => message) };
  return {
    structuredMessages: messages.map(({ message, wallMs, level }) => ({
      message,
      createTime: formatTime(wallMs),
      messageType: level === 'UNSPECIFIED' ? 'MESSAGE_TYPE_UNSPECIFIED' : level,
    })),
  };
}

function parseView(text: string | null): LogsQuery['view'] {
  if (text === null || text === 'VIEW_UNSPECIFIED' || text === 'FLAT') return 'FLAT';
  if (text === 'STRUCTURED') return 'STRUCTURED';
  throw createV2Refusal('INVALID_ARGUMENT', 'view must be FLAT or STRUCTURED.');
}

function parseMaxPageSize(text: string | null): number {
  if (text === null) return MAX_PAGE_SIZE;
  if (!/^[1-9]\d*$/.test(text)) {
    throw createV2Refusal('INVALID_ARGUMENT', 'maxPageSize must be a positive whole number.');
  }
  return Math.min(Number(text), MAX_PAGE_SIZE);
}

function parsePageToken(text: string | null): number | null {
  if (text === null || text === '') return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidPageToken();
  return Number(text);
}

function invalidPageToken() {
  return createV2Refusal('INVALID_ARGUMENT', 'pageToken is not valid.');
}
