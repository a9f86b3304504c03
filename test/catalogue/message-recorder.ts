import { LuauExecError } from '../../src/errors.ts';
import { RequireProblem } from '../../src/script/require-problem.ts';
import type { Place } from './source-scan.ts';

const FRAME = /\/src\/([^\s:()]+\.ts):(\d+):(\d+)\)?$/;
const FRAMES = 30;

/**
 * Notes from where messages are made while it is on. It stands between the classes and `Error`, so that nothing of the
 * program has to know of it.
 */
export class MessageRecorder {
  readonly #places = new Map<string, Set<number>>();
  #undo: (() => void)[] = [];

  start(): void {
    const note = (stack: string) => this.#note(stack);
    class NotedError extends Error {
      constructor(message?: string, options?: ErrorOptions) {
        super(message, options);
        // Its own stack keeps the name that it has when it is first read, and it has none yet.
        note(new Error().stack ?? '');
      }
    }
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = FRAMES;
    this.#undo.push(() => {
      Error.stackTraceLimit = stackTraceLimit;
    });
    for (const type of [LuauExecError, RequireProblem]) {
      Object.setPrototypeOf(type, NotedError);
      this.#undo.push(() => Object.setPrototypeOf(type, Error));
    }
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Whether a message came by this place: it was made there, or in a function that was called there. */
  has({ file, line, column }: Place): boolean {
    return this.#places.get(`${file}:${line}`)?.has(column) ?? false;
  }

  #note(stack: string): void {
    for (const line of stack.split('\n')) {
      const [, file, row, column] = FRAME.exec(line.trim()) ?? [];
      if (file === undefined) continue;
      const key = `${file}:${row}`;
      const columns = this.#places.get(key) ?? new Set();
      columns.add(Number(column));
      this.#places.set(key, columns);
    }
  }
}
