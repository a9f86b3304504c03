/**
 * GitHub Actions looks for commands in every line of both streams: `::name::` at its beginning, past blanks, and
 * `##[name]` anywhere in it (actions/runner, ActionCommand.cs). What a script prints must not give it any.
 */
export interface GithubGuard {
  /** Somebody else's lines, each with a mark in front, between two lines that turn commands off and on again. */
  enclose(text: string): string;
  /** A line of our own that the runner is to obey, as it will be written: without its secrets. */
  allow(line: string): string;
  /** Any text on its way out: what would be a command, and is none of `enclose`'s, becomes plain text. */
  disarm(text: string): string;
}

/** For everywhere else: changes nothing. */
const NO_GUARD: GithubGuard = { enclose: (text) => text, allow: (line) => line, disarm: (text) => text };

const MARK = '| ';
// The runner compares as a language does, which passes over characters that nobody sees.
const COLONS = /^[\t\v\f \x85\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\p{DI}]*:\p{DI}*:.*$/gmu;
const FIRST_HASH = /#(?=\p{DI}*#\p{DI}*\[)/gu;
// A reader of JSON gets the same character; people see that something was done to it.
const VISIBLE_HASH = '\\u0023';

function disarmHashes(text: string): string {
  return text.replace(FIRST_HASH, VISIBLE_HASH);
}

/** Whether a runner reads what is written: it sets GITHUB_ACTIONS to `true`. */
export function isGithubActions(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

/** A guard that does nothing unless a runner reads, or shall be able to read, what is written. */
export function createGithubGuard({ isActive }: { isActive: boolean }): GithubGuard {
  if (!isActive) return NO_GUARD;
  /** Lines of our own that are still to be written. */
  const ownLines = new Set<string>();
  return {
    enclose(text) {
      if (text === '') return '';
      // A new one each time: whoever has seen an earlier one cannot turn commands on with it.
      const token = crypto.randomUUID();
      const [off, on] = [`::stop-commands::${token}`, `::${token}::`];
      ownLines.add(off).add(on);
      const lines = text.replace(/\n$/, '').split('\n');
      return `${off}\n${lines.map((line) => `${MARK}${line}\n`).join('')}${on}\n`;
    },
    allow(line) {
      ownLines.add(disarmHashes(line.replace(/\n$/, '')));
      return line;
    },
    disarm: (text) =>
      disarmHashes(text).replace(COLONS, (line) => (ownLines.delete(line) ? line : `${MARK}${line}`)),
  };
}
