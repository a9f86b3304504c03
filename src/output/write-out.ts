import type { OutputStream } from '../context.ts';
import { LuauExecError, systemCodeOf } from '../errors.ts';

/** Where a piece of output goes. */
export interface Piece {
  to: 'stdout' | 'stderr';
  text: string;
  /** True where whole lines of the text are a script's or the service's own words. */
  isRemote?: boolean;
  /** True where it is one line of our own that GitHub Actions is to obey. */
  isCommand?: boolean;
}

// The reader has gone (`| head -1`): the first write says EPIPE, later ones that the stream is no more.
const CLOSED: ReadonlySet<string> = new Set([
  'EPIPE',
  'ECONNRESET',
  'EOF',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/**
 * Writes `text` in one piece and waits until the stream has taken all of it. Resolves to false when the reader has
 * gone, which is no error. Throws an `io` error (LX074) when the bytes could not be written.
 */
export async function writeOut(stream: OutputStream, text: string): Promise<boolean> {
  const error = await write(stream, text);
  if (error === null) return true;
  const code = systemCodeOf(error);
  if (CLOSED.has(code)) return false;
  throw new LuauExecError(`the output could not be written: ${code || String(error)}`, {
    id: 'LX074',
    kind: 'io',
    ...(code === 'ENOSPC' ? { hint: 'free some space where the output goes' } : {}),
    cause: error,
  });
}

/**
 * Writes the pieces in order, those for one stream that follow each other in one piece, each when the one before is
 * out. A standard error that cannot be written is passed over, as there is no better place to say so; the first failure
 * of standard output is thrown at the end.
 */
export async function writePieces(
  pieces: readonly Piece[],
  streams: { stdout: OutputStream; stderr: OutputStream },
): Promise<void> {
  let failure: unknown = null;
  const closed = new Set<Piece['to']>();
  for (const { to, text } of joinNeighbours(pieces)) {
    if (closed.has(to)) continue;
    try {
      if (!(await writeOut(streams[to], text))) closed.add(to);
    } catch (error) {
      closed.add(to);
      if (to === 'stdout') failure = error;
    }
  }
  if (failure !== null) throw failure;
}

/** What another run says meanwhile would else come between the events of one, in front of some with lower numbers. */
function joinNeighbours(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const { to, text } of pieces) {
    if (text === '') continue;
    const last = joined.at(-1);
    if (last?.to === to) last.text += text;
    else joined.push({ to, text });
  }
  return joined;
}

/** The stream's error, or null. A file can fail at once, a pipe only in the callback. */
function write(stream: OutputStream, text: string): Promise<unknown> {
  return new Promise((resolve) => {
    try {
      stream.write(text, (error) => resolve(error ?? null));
    } catch (error) {
      resolve(error);
    }
  });
}
