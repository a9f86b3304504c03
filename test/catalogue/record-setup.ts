import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliSession, CliSessionOptions } from '../helpers/cli-session.ts';
import { listJournalFiles } from '../helpers/journal-files.ts';

export const LOGS = [
  { level: 'OUTPUT', message: 'one' },
  { level: 'ERROR', message: 'two' },
] as const;
export const SCRIPT: CliSessionOptions = {
  files: { 'a.luau': 'A', 'b.luau': 'LONG' },
  scripts: { A: { logs: LOGS }, LONG: { afterMs: 100_000 } },
};
export const sent = (session: CliSession) => session.run('run', 'a.luau', '-q');
export const left = (session: CliSession) => session.run('run', 'b.luau', '--detach', '-q');
export const LOST: CliSessionOptions = {
  ...SCRIPT,
  faults: [{ request: 'listLogs', times: 'always', do: { answer: { status: 503 } } }],
};

/** Makes the ids of all tasks begin alike. */
export function shareId({ stateDirectory }: CliSession): void {
  for (const name of listJournalFiles(stateDirectory)) {
    const path = join(stateDirectory, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(?<=\/tasks\/)\w{8}/g, 'aaaaaaaa'));
  }
}

/** A message of so many characters each 10 ms. */
export function printing(count: number, length: number): CliSessionOptions {
  const messages = Array.from({ length: count }, (_, index) => ({
    level: 'OUTPUT' as const,
    message: `${index}`.padEnd(length, '.'),
    atMs: index * 10,
  }));
  return { ...SCRIPT, scripts: { A: { logs: messages, afterMs: count * 10 } } };
}
