/** A run of lines of the chunk that are lines of one file, in the same order. Lines are counted from 1. */
export interface LineRun {
  file: string;
  chunkLine: number;
  lineCount: number;
}

/** Which line of the chunk comes from where. The runs do not overlap and are in order. */
export type LineMap = readonly LineRun[];

export interface FileLine {
  file: string;
  line: number;
}

/** Null for a line that is in none of the user's files. */
export function findFileLine(map: LineMap, chunkLine: number): FileLine | null {
  let low = 0;
  let high = map.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((map[middle]?.chunkLine ?? Number.POSITIVE_INFINITY) <= chunkLine) low = middle + 1;
    else high = middle;
  }
  const run = map[low - 1];
  if (!run || chunkLine >= run.chunkLine + run.lineCount) return null;
  return { file: run.file, line: chunkLine - run.chunkLine + 1 };
}

const MARK = '--luau-exec:lines ';

/** The map as a comment of one line, for the end of the chunk: so that whoever has the chunk can find the files' lines. */
export function formatMapComment(map: LineMap): string {
  const rows = map.map(({ file, chunkLine, lineCount }) => [chunkLine, lineCount, file]);
  return `${MARK}${JSON.stringify(rows)}\n`;
}

/** Reads the map out of a chunk; null where there is none. */
export function parseMapComment(chunk: string): LineMap | null {
  const start = chunk.lastIndexOf('\n', chunk.length - 2) + 1;
  if (!chunk.startsWith(MARK, start)) return null;
  try {
    const rows: unknown = JSON.parse(chunk.slice(start + MARK.length));
    return Array.isArray(rows) ? rows.flatMap((row) => parseRun(row) ?? []) : null;
  } catch {
    return null;
  }
}

function parseRun(row: unknown): LineRun | null {
  if (!Array.isArray(row)) return null;
  const [chunkLine, lineCount, file]: unknown[] = row;
  if (typeof chunkLine !== 'number' || typeof lineCount !== 'number' || typeof file !== 'string') return null;
  return { file, chunkLine, lineCount };
}
