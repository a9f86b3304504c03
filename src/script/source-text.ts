import { LuauExecError, type SourceLocation } from '../errors.ts';

/** The text of a file; null where its bytes are not UTF-8. A byte order mark stays in it. */
export function decodeSource(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The text as Luau can read it: without a byte order mark, and without a shebang line, of which the line break stays so
 * that no line moves. Luau's own programs skip both before they compile; its compiler accepts neither.
 */
export function cleanSource(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/^#![^\n]*/, '');
}

/** Luau lets only the top level of a source export types; inside a function the word becomes as many spaces. */
export function hideTypeExports(text: string, offsets: readonly number[]): string {
  let hidden = '';
  let end = 0;
  for (const offset of offsets) {
    hidden += text.slice(end, offset) + ' '.repeat('export'.length);
    end = offset + 'export'.length;
  }
  return hidden + text.slice(end);
}

/** Where `offset` lies in the text, for the file that people know by this name. */
export function locate(file: { name: string; text: string }, offset: number): SourceLocation {
  const before = file.text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    file: file.name,
    line: before.split('\n').length,
    column: offset - lineStart + 1,
    text: file.text,
  };
}

/** A mistake in a file of the user's, as `file:line:column: what`. */
export function createSourceError(
  what: string,
  location: SourceLocation,
  options: { id: string; facts?: readonly string[]; hint?: string; cause?: unknown },
): LuauExecError {
  return new LuauExecError(`${formatLocation(location)}: ${what}`, { kind: 'usage', location, ...options });
}

function formatLocation({ file, line, column }: SourceLocation): string {
  return column === null ? `${file}:${line}` : `${file}:${line}:${column}`;
}
