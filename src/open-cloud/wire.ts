import type { JsonValue, LogLevel, LogMessage, Task } from './task.ts';
import { isResourceId, parseTaskPath, type TaskPath } from './task-path.ts';

/** An answer that is not what the documentation promises. The client decides whether to ask again. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

type JsonObject = { [key: string]: JsonValue };

// Far more than any table that a script returns; past some thousands `JSON.stringify` overflows the stack.
const MAX_DEPTH = 1_000;

/** Reads JSON text into an object. Throws `WireError` for anything else, HTML and cut-off JSON included. */
export function parseJsonObject(text: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (cause) {
    throw new WireError('the answer is not JSON', { cause });
  }
  if (!isObject(value)) throw new WireError('the answer is not a JSON object');
  if (isTooDeep(value)) throw new WireError(`the answer is nested deeper than ${MAX_DEPTH} levels`);
  return value;
}

/** Goes down level by level, without recursion. */
function isTooDeep(root: JsonValue): boolean {
  let level = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

/**
 * Reads a task. A missing or unknown state counts as unfinished, because a service may grow states and an answer
 * without one says nothing. Throws `WireError` when there is no usable path, as nothing can be done without one.
 */
export function parseTask(text: string): Task {
  const raw = parseJsonObject(text);
  const path = parseTaskPath(readText(raw, 'path') ?? '');
  if (!path) throw new WireError('the answer holds no task path');
  return { ...readFields(raw, path), ...readState(raw) };
}

/**
 * Reads the answer to a create. Where the body is broken but names a task, that task is returned as unfinished: the
 * script may be running, and its path is all that is needed to find out.
 */
export function parseCreatedTask(text: string): Task {
  try {
    return parseTask(text);
  } catch (error) {
    const path = parseTaskPath(/"path"\s*:\s*"([^"\\]{1,1000})"/.exec(text)?.[1] ?? '');
    if (!path) throw error;
    return { ...readFields({}, path), phase: 'unfinished', state: 'STATE_UNSPECIFIED' };
  }
}

function readFields(raw: JsonObject, path: TaskPath) {
  return {
    path,
    createTime: readText(raw, 'createTime'),
    updateTime: readText(raw, 'updateTime'),
    user: readText(raw, 'user'),
    timeoutSeconds: readSeconds(raw.timeout),
    script: readText(raw, 'script') ?? '',
    binaryInput: readText(raw, 'binaryInput'),
    binaryOutputUri: readText(raw, 'binaryOutputUri'),
    enableBinaryOutput: raw.enableBinaryOutput === true,
  };
}

function readState(raw: JsonObject) {
  const state = readText(raw, 'state') ?? 'STATE_UNSPECIFIED';
  switch (state) {
    case 'COMPLETE':
      return { phase: 'complete' as const, state: 'COMPLETE' as const, results: readResults(raw.output) };
    case 'FAILED':
      return { phase: 'failed' as const, state: 'FAILED' as const, error: readError(raw.error) };
    case 'CANCELLED':
      return { phase: 'cancelled' as const, state: 'CANCELLED' as const };
    default:
      return { phase: 'unfinished' as const, state };
  }
}

function readResults(output: JsonValue | undefined): JsonValue[] {
  const results = isObject(output) ? output.results : undefined;
  return Array.isArray(results) ? results : [];
}

function readError(error: JsonValue | undefined): { code: string; message: string } {
  const raw = isObject(error) ? error : {};
  return { code: readText(raw, 'code') ?? 'ERROR_CODE_UNSPECIFIED', message: readText(raw, 'message') ?? '' };
}

/** Reads the answer to an upload of a place. Throws `WireError` when it names no version. */
export function parsePlaceVersion(text: string): string {
  const { versionNumber } = parseJsonObject(text);
  const versionId = typeof versionNumber === 'number' ? String(versionNumber) : versionNumber;
  if (typeof versionId !== 'string' || !isResourceId(versionId)) {
    throw new WireError('the answer names no version');
  }
  return versionId;
}

/** One page of logs. `chunkCount` tells an answer that is not ready yet (no chunk) from a script that was silent. */
export interface LogPage {
  messages: LogMessage[];
  chunkCount: number;
  /** Empty on the last page. */
  nextPageToken: string;
}

/** Reads either view; lists may be absent or null. Throws `WireError` when the text is not a JSON object. */
export function parseLogPage(text: string): LogPage {
  const raw = parseJsonObject(text);
  const chunks = readObjects(raw.luauExecutionSessionTaskLogs);
  const messages = chunks.flatMap((chunk) => {
    const structured = readObjects(chunk.structuredMessages);
    return structured.length > 0 ? structured.map(readLogMessage) : readFlatMessages(chunk.messages);
  });
  return { messages, chunkCount: chunks.length, nextPageToken: readText(raw, 'nextPageToken') ?? '' };
}

const LEVELS: ReadonlyMap<string, LogLevel> = new Map([
  ['OUTPUT', 'OUTPUT'],
  ['INFO', 'INFO'],
  ['WARNING', 'WARNING'],
  ['ERROR', 'ERROR'],
]);

function readLogMessage(raw: JsonObject): LogMessage {
  return {
    time: readText(raw, 'createTime'),
    level: LEVELS.get(readText(raw, 'messageType') ?? '') ?? 'UNSPECIFIED',
    message: readText(raw, 'message') ?? '',
  };
}

function readFlatMessages(list: JsonValue | undefined): LogMessage[] {
  if (!Array.isArray(list)) return [];
  return list
    .filter((message) => typeof message === 'string')
    .map((message) => ({ time: null, level: 'UNSPECIFIED', message }));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readObjects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The service writes unused text fields as `""`; both that and absence are null here. */
function readText(raw: JsonObject, key: string): string | null {
  const value = Object.hasOwn(raw, key) ? raw[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}

function readSeconds(value: JsonValue | undefined): number | null {
  const match = typeof value === 'string' ? /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(value) : null;
  return match ? Number(match[1]) : null;
}
