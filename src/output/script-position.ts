import type { LogMessage } from '../open-cloud/task.ts';
import { parseStack } from './traceback.ts';

/** A line of the chunk, found again in one of the user's files. */
export interface ScriptPosition {
  file: string;
  line: number;
  /** The whole text of that file, for the lines around it. */
  text: string;
}

/** The chunk that ran, as the user knows it. */
export interface ScriptSource {
  /** Where a line of the chunk (from 1) comes from; null when it comes from no line of the user's. */
  positionOf(chunkLine: number): ScriptPosition | null;
}

/** What the service calls the chunk that it runs. */
export const CHUNK_NAME = 'TaskScript';

/** `TaskScript:12`, where it is no part of a longer name or number. */
const POSITION = new RegExp(`(?<![\\p{L}\\w./\\\\:-])${CHUNK_NAME}:(\\d+)(?![\\d.]*\\d|[\\p{L}_])`, 'gu');
/** Luau's compiler on brackets and blocks that do not end. */
const OPENED = /(\(to close '[^']*' at )line (\d+)(?=\))/g;
const STACK_LINE = new RegExp(`^Script '${CHUNK_NAME}', Line (\\d+)(.*)$`);
/** A line of what `debug.traceback` returns. */
const TRACEBACK_LINE = new RegExp(`^${CHUNK_NAME}:(\\d+)(?: function .*)?$`);

/** The text with every position in the chunk as one in the user's files; `ours` stands for lines that are in none. */
export function mapPositions(text: string, source: ScriptSource, ours: ScriptPosition | null = null): string {
  return text
    .replace(POSITION, (whole: string, line: string) => {
      const position = source.positionOf(Number(line)) ?? ours;
      return position ? `${position.file}:${position.line}` : whole;
    })
    .replace(OPENED, (whole: string, before: string, line: string) => {
      const position = source.positionOf(Number(line));
      return position ? `${before}${position.file}:${position.line}` : whole;
    });
}

/**
 * Log messages with positions in the user's files: errors and warnings alone, because what a script prints otherwise is
 * data, in which `TaskScript:7` may stand for itself.
 */
export function mapLogs(messages: readonly LogMessage[], source: ScriptSource): LogMessage[] {
  return messages.map((entry) =>
    entry.level === 'ERROR' || entry.level === 'WARNING'
      ? { ...entry, message: mapLogMessage(entry.message, source) }
      : entry,
  );
}

const EMPTY_STACK = /\nStack Begin\nStack End$/;

/** Lines of a stack that are in none of the user's files are left out, and so is a stack in which there are none. */
export function mapLogMessage(message: string, source: ScriptSource): string {
  let isInStack = false;
  const lines = message.split('\n').flatMap((line, index) => {
    isInStack = line === 'Stack Begin' || (isInStack && line !== 'Stack End');
    const match = STACK_LINE.exec(line);
    if (!match) return index > 0 && isOurs(TRACEBACK_LINE.exec(line), source) ? [] : [line];
    const position = source.positionOf(Number(match[1]));
    if (position) return [`Script '${position.file}', Line ${position.line}${match[2]}`];
    return isInStack ? [] : [line];
  });
  const told = lines.join('\n').replace(EMPTY_STACK, '');
  return mapPositions(told, source, findPosition(parseChunkLines(message), source));
}

function isOurs(match: RegExpExecArray | null, source: ScriptSource): boolean {
  return match !== null && source.positionOf(Number(match[1])) === null;
}

/** The first of the lines that is in one of the user's files. */
export function findPosition(chunkLines: readonly number[], source: ScriptSource): ScriptPosition | null {
  for (const line of chunkLines) {
    const position = source.positionOf(line);
    if (position) return position;
  }
  return null;
}

function parseChunkLines(message: string): number[] {
  return parseStack(message).flatMap(({ chunk, line }) => (chunk === CHUNK_NAME ? [line] : []));
}
