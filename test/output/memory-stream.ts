import type { OutputStream } from '../../src/context.ts';

/** An output stream that remembers each write. */
export class MemoryStream implements OutputStream {
  readonly writes: string[] = [];
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;

  constructor(options: { isTTY?: boolean; columns?: number; rows?: number } = {}) {
    this.isTTY = options.isTTY ?? false;
    this.columns = options.columns;
    this.rows = options.rows;
  }

  write(text: string, done?: (error?: Error | null) => void): boolean {
    this.writes.push(text);
    done?.();
    return true;
  }

  get text(): string {
    return this.writes.join('');
  }
}
