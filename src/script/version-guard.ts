import { MAX_CHUNK_BYTES } from './chunk-size.ts';
import { lex } from './syntax/lexer.ts';

export interface VersionGuardOptions {
  /** The version of the place that the script is for. */
  versionId: string;
  /** Letters, digits and dashes, at least eight: what makes the mark of this guard unlike any other. */
  nonce: string;
  /** True where the task has a binary output: then what a script returns has a form of its own. */
  hasBinaryOutput: boolean;
}

/** A chunk with a guard in front of its first code. */
export interface GuardedChunk {
  text: string;
  /** What the task returns first where the guard has found another version; the version that it found follows. */
  mark: string;
}

/**
 * The chunk with a guard in front of its first code, on the same line: where the server runs another version of the
 * place, the guard returns its mark, and nothing of the script has run. Null where there is no room for one, or
 * no code that it could stand in front of.
 */
export function addVersionGuard(chunk: string, options: VersionGuardOptions): GuardedChunk | null {
  const { kinds, starts } = lex(chunk);
  const [first] = kinds;
  // Behind the last line of a script without code there may be a comment.
  if (first === undefined || first === '<eof>' || first === '<broken>') return null;
  // A mistake at the beginning of a chunk, and none behind a statement.
  if (first === ';') return null;
  const { versionId, nonce } = options;
  const mark = `luau-exec: wants place version ${versionId} (${nonce})`;
  const codeStart = starts[0] ?? 0;
  const text = chunk.slice(0, codeStart) + formatGuard(mark, options) + chunk.slice(codeStart);
  return Buffer.byteLength(text) > MAX_CHUNK_BYTES ? null : { text, mark };
}

function formatGuard(mark: string, { versionId, hasBinaryOutput }: VersionGuardOptions): string {
  const values = `"${mark}",game.PlaceVersion`;
  const returned = hasBinaryOutput ? `{BinaryOutput=buffer.create(1),ReturnValues={${values}}}` : values;
  return `if game.PlaceVersion~=${versionId} then return ${returned} end `;
}
