import { findFileLine, type LineMap, parseMapComment } from './line-map.ts';
import { removeOpening } from './wrapping.ts';

/** A line of the chunk, found again in one of the user's files. */
export interface LinePosition {
  file: string;
  line: number;
  /** The whole text of that file, for the lines around it. */
  text: string;
}

/** Returns null for a line that is in none of the files. */
export type FindPosition = (chunkLine: number) => LinePosition | null;

export function createLinePositions(map: LineMap, textOf: (file: string) => string): FindPosition {
  return (chunkLine) => {
    const found = findFileLine(map, chunkLine);
    return found && { ...found, text: textOf(found.file) };
  };
}

/** The same for a chunk that the service has kept, whose files are not at hand; `name` is that of a lone script. */
export function readChunkPositions(chunk: string, name: string): FindPosition {
  const lines = chunk.split('\n');
  const map = parseMapComment(chunk) ?? [{ file: name, chunkLine: 1, lineCount: lines.length }];
  const texts = new Map<string, string>();
  return createLinePositions(map, (file) => {
    const known = texts.get(file);
    if (known !== undefined) return known;
    const run = map.find((candidate) => candidate.file === file);
    const text = run ? lines.slice(run.chunkLine - 1, run.chunkLine - 1 + run.lineCount).join('\n') : '';
    // Only a script that is no bundle begins where the chunk does, and has what was put in front of it on its own lines.
    texts.set(file, run?.chunkLine === 1 ? removeOpening(text) : text);
    return texts.get(file) ?? '';
  });
}
