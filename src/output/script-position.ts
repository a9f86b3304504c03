/** The chunk that ran, as the user knows it. */
export interface ScriptSource {
  /** Path relative to the working directory, or `-`, or `-e`. */
  name: string;
  text: string;
}

/** A line of the chunk, found again in one of the user's files. */
export interface ScriptPosition {
  file: string;
  line: number;
  /** The whole text of that file, for the lines around it. */
  text: string;
}

/** What the service calls the chunk that it runs. */
export const CHUNK_NAME = 'TaskScript';

/** Finds where line `chunkLine` (from 1) of the chunk comes from; null when it comes from no line of the user's. */
export function resolveScriptPosition(source: ScriptSource, chunkLine: number): ScriptPosition | null {
  return { file: source.name, line: chunkLine, text: source.text };
}
