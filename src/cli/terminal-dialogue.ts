import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Context, InputStream, OutputStream } from '../context.ts';
import { LuauExecError } from '../errors.ts';
import { TerminalStream } from '../output/terminal-stream.ts';
import { readSecret } from './read-secret.ts';

/** Questions at the terminal, one after the other. Ctrl-C, Ctrl-D and the end of the input throw LX602. */
export interface Dialogue {
  /** A line that is seen as it is typed; of several that are pasted, the first that is not blank. */
  askLine(question: string): Promise<string>;
  /** A line of which nothing is seen; of several that are pasted, all. */
  askSecret(question: string): Promise<string>;
  /** To be called at the end: until then the terminal keeps the process from ending. */
  close(): void;
}

const CTRL_C = '\x03';
const CTRL_D = '\x04';

/**
 * Null where nobody can be asked: keys come from no terminal, or questions would go to none. `untouched` is what a stop
 * has left alone, in words.
 */
export function openDialogue(
  { stdin, stderr, signal, env }: Context,
  { untouched }: { untouched: string },
): Dialogue | null {
  if (!stdin.isTTY || !stdin.setRawMode || !stderr.isTTY) return null;
  const keys = createKeySource(stdin);
  const secretInput: InputStream = {
    isTTY: true,
    setRawMode: (isRaw) => stdin.setRawMode?.(isRaw),
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const typed = await keys.next();
        return typed === null ? { done: true, value: undefined } : { done: false, value: typed };
      },
    }),
  };
  return {
    askLine: (question) =>
      readLine(question, { keys, stdin, stderr, untouched, canEdit: env.TERM !== 'dumb' }),
    askSecret: (question) => readSecret({ text: question, stdin: secretInput, stderr, signal }),
    close: () => keys.close(),
  };
}

interface KeySource {
  /** What was typed or pasted at once, with Ctrl-C for Ctrl-D; null at the end. */
  next(): Promise<string | null>;
  close(): void;
}

/** One reader for all questions: one that goes away takes standard input with it. */
function createKeySource(stdin: InputStream): KeySource {
  const input = stdin[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  return {
    async next() {
      const { done, value } = await input.next();
      if (done) return null;
      const typed = typeof value === 'string' ? value : decoder.decode(value, { stream: true });
      return typed.replaceAll(CTRL_D, CTRL_C);
    },
    close: () => {
      void input.return?.();
      stdin.close?.();
    },
  };
}

interface LineReading {
  keys: KeySource;
  stdin: InputStream;
  stderr: OutputStream;
  untouched: string;
  /** False where nothing can be drawn anew: there the system's own editing of a line has to do. */
  canEdit: boolean;
}

/** Node's own line editor, fed by hand: left to itself it would answer the next question with the rest of a paste. */
async function readLine(question: string, reading: LineReading): Promise<string> {
  const { keys, stdin, stderr, untouched, canEdit } = reading;
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => stdin.setRawMode?.(isRaw),
  });
  const output = new TerminalStream(stderr);
  const editor = createInterface({ input, output, terminal: canEdit, historySize: 0 });
  const answer = new Promise<string>((resolve) => editor.question(question, resolve));
  // After Ctrl-Z and `fg` the editor waits to be told.
  editor.on('SIGCONT', () => editor.resume());
  let hasAnswer = false;
  try {
    for (;;) {
      const typed = await keys.next();
      if (typed === null || typed.includes(CTRL_C)) {
        throw new LuauExecError(`stopped; ${untouched}`, { id: 'LX602', kind: 'interrupted' });
      }
      const { text, isWhole } = cutAtLineEnd(typed);
      input.write(text);
      if (!isWhole) continue;
      const line = await answer;
      hasAnswer = true;
      return line;
    }
  } finally {
    editor.close();
    if (!hasAnswer) stderr.write('\n');
  }
}

/** Up to the end of the first line that is not blank; line ends before it are a slip of the mouse. */
function cutAtLineEnd(typed: string): { text: string; isWhole: boolean } {
  const text = typed.trim() === '' ? typed : typed.replace(/^[\r\n]+/, '');
  const end = text.search(/[\r\n]/);
  return end === -1 ? { text, isWhole: false } : { text: `${text.slice(0, end)}\r`, isWhole: true };
}
