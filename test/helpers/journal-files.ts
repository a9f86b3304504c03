import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that the journal in a state directory holds, in the order of writing; empty where there is none. */
export function readJournalText(stateDirectory: string): string {
  return listJournalFiles(stateDirectory)
    .map((name) => readFileSync(join(stateDirectory, name), 'utf8'))
    .join('');
}

/** Names of the segments, in the order of writing. */
export function listJournalFiles(stateDirectory: string): string[] {
  try {
    return readdirSync(stateDirectory)
      .filter((name) => name.startsWith('journal-'))
      .sort();
  } catch {
    return [];
  }
}

/** The journal's lines as objects. */
export function readJournalLines(stateDirectory: string): Record<string, unknown>[] {
  return readJournalText(stateDirectory)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
