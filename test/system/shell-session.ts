import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { BIN, NODE, useWorkplaces, type Workplace } from '../helpers/bin.ts';
import { type Terminal, useTerminals } from '../helpers/terminal.ts';

export const SHELLS = [
  'bash',
  'bash with bash-completion',
  'zsh',
  'zsh with a file in $fpath',
  'fish',
] as const;
export type Shell = (typeof SHELLS)[number];

const TASK_PATH = 'universes/1/places/2/versions/3/luau-execution-sessions';
const HOUR_MS = 3_600_000;
const END_OF_LINE = '\x05';
const CANCEL_LINE = '\x15';

/** How each shell is told of the completion, as docs/cli.md says. */
const START_FILES: Readonly<Record<Shell, Readonly<Record<string, string>>>> = {
  bash: { bashrc: 'PS1="ready> "\nsource <(luau-exec completion bash)\n' },
  'bash with bash-completion': {
    bashrc:
      'PS1="ready> "\n. /usr/share/bash-completion/bash_completion\nsource <(luau-exec completion bash)\n',
  },
  zsh: {
    '.zshrc':
      'PROMPT="ready> "\nautoload -Uz compinit && compinit -u -D\nsource <(luau-exec completion zsh)\n',
  },
  'zsh with a file in $fpath': {
    '.zshrc':
      'PROMPT="ready> "\nmkdir -p functions\nfpath=($PWD/functions $fpath)\n' +
      'luau-exec completion zsh > functions/_luau-exec\nautoload -Uz compinit && compinit -u -D\n',
  },
  fish: {
    'config/fish/config.fish':
      'function fish_prompt\n  echo -n "ready> "\nend\nset -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n' +
      'mkdir -p $XDG_CONFIG_HOME/fish/completions\n' +
      'luau-exec completion fish > $XDG_CONFIG_HOME/fish/completions/luau-exec.fish\n',
  },
};
const COMMANDS: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['bash', '--noprofile', '--rcfile', 'bashrc', '-i'],
  'bash with bash-completion': ['bash', '--noprofile', '--rcfile', 'bashrc', '-i'],
  zsh: ['zsh', '-i'],
  'zsh with a file in $fpath': ['zsh', '-i'],
  fish: ['fish', '-i'],
};

/** A shell on a terminal, with a project and a journal of two tasks. */
export interface ShellSession {
  place: Workplace;
  terminal: Terminal;
  /** Types the line, presses TAB, then Enter: the words that the program was called with. */
  complete(line: string): Promise<string[]>;
  /** Types the line and presses TAB twice: what is shown, without colours, once each of the patterns has come. */
  list(line: string, patterns: readonly RegExp[]): Promise<string>;
}

/** Opens shells for one test file. */
export function useShells(): (shell: Shell) => Promise<ShellSession> {
  const openPlace = useWorkplaces();
  const openTerminal = useTerminals();
  return async (shell) => {
    const place = openPlace();
    place.write({ ...START_FILES[shell], ...PROJECT });
    writeJournal(join(place.directory, 'state'));
    const env = writeProgram(place);
    const terminal = openTerminal(COMMANDS[shell], { cwd: place.directory, env });
    await terminal.output.until(/ready> /);
    return {
      place,
      terminal,
      async complete(line) {
        terminal.type(`${line}\t${END_OF_LINE}\r`);
        await terminal.output.until(/called with \[.*\]/);
        const [, words = '[]'] = [...terminal.output.text.matchAll(/called with (\[.*\])/g)].at(-1) ?? [];
        const parsed: unknown = JSON.parse(words);
        return Array.isArray(parsed) ? parsed.map(String) : [];
      },
      async list(line, patterns) {
        const start = terminal.output.text.length;
        terminal.type(`${line}\t\t`);
        for (const pattern of patterns) await terminal.output.until(pattern);
        terminal.type(CANCEL_LINE);
        return stripVTControlCharacters(terminal.output.text.slice(start));
      },
    };
  };
}

const PROJECT = {
  'src/my script.luau': 'return 1',
  'src/other.txt': '',
  'notes.txt': '',
  'settings.yaml': 'targets: { night: { placeId: 5 } }',
  '.luauexecrc': 'targets: { staging: { placeId: 7 }, production: { placeId: 8 } }',
  'home/mine.luau': 'return 2',
  // Where this is missing, fish reads all manual pages at its first start.
  'data/fish/generated_completions/none.fish': '',
  'cache/fish/generated_completions/none.fish': '',
};

function writeJournal(directory: string): void {
  mkdirSync(directory);
  const tasks = [
    { id: 'feed0001', script: 'old.luau', ageMs: 9 * HOUR_MS },
    { id: '0b0e0002', script: 'new.luau', ageMs: 3 * HOUR_MS },
  ];
  const lines = tasks.flatMap(({ id, script, ageMs }) => {
    const base = { runId: id, time: new Date(Date.now() - ageMs - 60_000).toISOString() };
    const ids = { universeId: '1', placeId: '2', origin: 'https://apis.roblox.com' };
    const taskPath = `${TASK_PATH}/${id}/tasks/${id}`;
    return [
      { event: 'intent', ...base, script, ...ids },
      { event: 'created', ...base, taskPath },
    ];
  });
  writeFileSync(join(directory, 'journal.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
}

/** A program that shows its words, and passes on what a shell asks. */
function writeProgram(place: Workplace): Record<string, string> {
  place.write({
    'bin/luau-exec': `#!/bin/sh
case $1 in complete | completion) exec '${NODE}' '${BIN}' "$@" ;; esac
exec '${NODE}' -e 'console.log("called with " + JSON.stringify(process.argv.slice(1)))' -- "$@"
`,
  });
  chmodSync(join(place.directory, 'bin/luau-exec'), 0o755);
  return {
    ...place.environment,
    PATH: `${join(place.directory, 'bin')}:${place.environment.PATH ?? ''}`,
    LANG: 'C.UTF-8',
    LUAU_EXEC_STATE_DIR: join(place.directory, 'state'),
    ZDOTDIR: place.directory,
    XDG_CONFIG_HOME: join(place.directory, 'config'),
    XDG_DATA_HOME: join(place.directory, 'data'),
    XDG_CACHE_HOME: join(place.directory, 'cache'),
  };
}
