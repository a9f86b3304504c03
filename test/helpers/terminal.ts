import { spawn } from '@lydell/node-pty';
import { afterEach } from 'vitest';
import { OutputReader } from './output-reader.ts';

/** A program on a pseudo-terminal of its own. */
export interface Terminal {
  output: OutputReader;
  type(keys: string): void;
  /** `signal` is the number of the one that it died by, else 0. */
  ended: Promise<{ exitCode: number; signal: number | undefined }>;
}

export interface TerminalOptions {
  cwd: string;
  env: Record<string, string>;
  /** 100 by default. */
  cols?: number;
}

/** Starts programs on terminals, for one test file; what still runs after a test is killed. */
export function useTerminals(): (argv: readonly string[], options: TerminalOptions) => Terminal {
  const kills: (() => void)[] = [];
  afterEach(() => {
    for (const kill of kills.splice(0)) kill();
  });
  return ([file = '', ...argv], options) => {
    const terminal = spawn(file, argv, { cols: 100, rows: 30, ...options });
    const output = new OutputReader();
    terminal.onData((data) => output.add(data));
    let hasEnded = false;
    const ended: Terminal['ended'] = new Promise((resolve) => {
      terminal.onExit(({ exitCode, signal }) => {
        hasEnded = true;
        output.end();
        resolve({ exitCode, signal });
      });
    });
    kills.push(() => {
      if (!hasEnded) terminal.kill('SIGKILL');
    });
    return { output, type: (keys) => terminal.write(keys), ended };
  };
}
