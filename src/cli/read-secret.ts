import type { InputStream, OutputStream } from '../context.ts';
import { LuauExecError } from '../errors.ts';
import { createSecretLine } from './secret-line.ts';

export interface SecretPrompt {
  text: string;
  stdin: InputStream;
  stderr: OutputStream;
  signal: AbortSignal;
}

/**
 * Asks for one line at the terminal and shows nothing of what is typed, not even how much. Whatever happens, the terminal
 * is left as it was found. Throws LX602, kind `interrupted`, on Ctrl-C and when the terminal goes away; throws the
 * signal's reason when that aborts.
 */
export async function readSecret({ text, stdin, stderr, signal }: SecretPrompt): Promise<string> {
  signal.throwIfAborted();
  const line = createSecretLine();
  const decoder = new TextDecoder();
  const input = stdin[Symbol.asyncIterator]();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  // Before the question is asked: what is typed at once would still be shown.
  stdin.setRawMode?.(true);
  stderr.write(text);
  try {
    for (;;) {
      const { done, value } = await Promise.race([input.next(), aborted]);
      const typed = typeof value === 'string' ? value : decoder.decode(value, { stream: true });
      const state = done ? 'stopped' : line.type(typed);
      if (state === 'ended') return line.text;
      if (state === 'stopped') throw new LuauExecError('stopped', { id: 'LX602', kind: 'interrupted' });
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stdin.setRawMode?.(false);
    stderr.write('\n');
    // Not awaited: while a read is pending it would wait for one more key.
    void input.return?.();
  }
}
