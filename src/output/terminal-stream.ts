import { Writable } from 'node:stream';
import type { OutputStream } from '../context.ts';

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** One of our output streams in the shape of a terminal of Node's, for libraries that draw on one. */
export class TerminalStream extends Writable {
  readonly isTTY = true;
  readonly #output: OutputStream;

  constructor(output: OutputStream) {
    super({ decodeStrings: false });
    this.#output = output;
  }

  /** Never 0: ora divides by it and would then clear lines for ever. */
  get columns(): number {
    return this.#output.columns || DEFAULT_COLUMNS;
  }

  get rows(): number {
    return this.#output.rows || DEFAULT_ROWS;
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    // Not waiting keeps the writes in step; whether a terminal took a spinner's frame matters to nobody.
    this.#output.write(String(chunk));
    done();
  }

  cursorTo(column: number): boolean {
    return this.write(`\x1b[${column + 1}G`);
  }

  /** Down for a positive `rows`, up for a negative one. */
  moveCursor(_columns: number, rows: number): boolean {
    return rows === 0 || this.write(`\x1b[${Math.abs(rows)}${rows < 0 ? 'A' : 'B'}`);
  }

  clearLine(): boolean {
    return this.write('\x1b[2K');
  }
}
