import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, useCliSessions } from '../helpers/cli-session.ts';
import { createIdleProgram, parseLine } from '../helpers/idle-program.ts';
import { catchError, useTransferSessions } from '../helpers/transfer-session.ts';
import { cases, libraryCases } from './cases.ts';
import { meet } from './meet.ts';
import type { Documented, MessageCase } from './message-case.ts';
import { MessageRecorder } from './message-recorder.ts';
import { OTHER_WORDS, UNMET_SITES, UNMET_WORDS } from './not-met.ts';
import { listIds, listMessageSites, listWordings } from './source-scan.ts';

const open = useCliSessions();
const openTransfer = useTransferSessions();
const recorder = new MessageRecorder();
/** Everything that anybody was told. */
const told = new Set<string>();
const LONGEST_TOLD = 60_000;

beforeAll(() => recorder.start());
afterAll(() => recorder.stop());

describe('a user meets', () => {
  it.each(cases)('$does', async (entry) => {
    const met = await meet(entry, open);
    for (const text of met.texts) told.add(text.slice(0, LONGEST_TOLD));
    for (const text of met.documented.flatMap(listTexts)) told.add(text);
    expect({ exit: met.exitCode, says: met.lines }).toEqual({ exit: entry.exit, says: entry.says });
    expect(met.texts.join()).not.toContain(API_KEY);
    if (entry.notInJson !== undefined) return;
    expect(met.jsonExitCode).toBe(entry.exit);
    const same = met.documented.filter(({ id }) => id === entry.id);
    expect(same.length, 'it is in the document, too').toBeGreaterThan(entry.id === null ? -1 : 0);
    if (entry.isOnlyInJson !== true) expect(same.flatMap((one) => listMissing(one, entry))).toEqual([]);
  });
});

describe('a program meets', () => {
  it.each(libraryCases)('$does', async ({ id, says, faults = [], call }) => {
    const session = await openTransfer({ faults, output: Buffer.from('hello') });
    const error = await catchError(Promise.resolve().then(() => call(session)));
    const lines = [error.message, ...error.facts, ...(error.hint === null ? [] : [`hint: ${error.hint}`])];
    for (const line of lines) told.add(line);
    const seen = lines.map((line) => line.replaceAll(session.directory, 'DIR'));
    expect({ id: error.id, says: seen }).toEqual({ id, says });
  });
});

describe('the catalogue is whole', () => {
  it('each case has a name of its own', () => {
    const names = [...cases, ...libraryCases].map(({ does }) => does);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('each place that makes a message has a case, or a reason', () => {
    const missed = listMessageSites().filter((site) => !recorder.has(site));
    const known = new Set<string>();
    const unknown = missed.filter(({ file, code }) => {
      const reason = [...UNMET_SITES.keys()].find((start) => `${file}: ${code}`.startsWith(start));
      if (reason !== undefined) known.add(reason);
      return reason === undefined;
    });
    expect(unknown.map(({ file, line, code }) => `src/${file}:${line} ${code}`)).toEqual([]);
    expect([...UNMET_SITES.keys()].filter((start) => !known.has(start))).toEqual([]);
  });

  it('all words that can be told were told, or have a reason', () => {
    const all = [...told].join('\n');
    const isOther = (name: string) => OTHER_WORDS.some(({ files }) => files.test(name));
    const missed = listWordings().filter(({ file, pattern }) => !isOther(file) && !pattern.test(all));
    const unknown = missed.filter(({ text }) => !UNMET_WORDS.has(text));
    expect(unknown.map(({ file, line, text }) => `src/${file}:${line} ${text}`)).toEqual([]);
    const texts = new Set(missed.map(({ text }) => text));
    expect([...UNMET_WORDS.keys()].filter((text) => !texts.has(text))).toEqual([]);
  });

  it('each id has cases with the exit codes that docs/cli.md says, and no others', () => {
    const documented = readErrorTable();
    const met = new Map<string, Set<number>>();
    for (const { id, exit } of cases) if (id !== null) met.set(id, (met.get(id) ?? new Set()).add(exit));
    expect(listIds()).toEqual([...documented.keys()]);
    const library = new Set(libraryCases.map(({ id }) => id));
    const wrong = [...documented].flatMap(([id, { exits, isWarning, isLibrary }]) => {
      if (isLibrary) return library.has(id) ? [] : [`${id}: no case`];
      const found = [...(met.get(id) ?? [])];
      const missing = exits.filter((exit) => !found.includes(exit));
      const extra = found.filter((exit) => !exits.includes(exit) && !(isWarning && exit === 0));
      return [
        ...missing.map((exit) => `${id}: no case that exits ${exit}`),
        ...extra.map((exit) => `${id}: exits ${exit}`),
      ];
    });
    expect(wrong).toEqual([]);
  });
});

describe('a hint', () => {
  const hints = [...cases, ...libraryCases].flatMap(({ says }) =>
    says.filter((line) => line.startsWith('hint: ')).map((line) => line.slice('hint: '.length)),
  );
  const commands = [...new Set(hints.flatMap(listCommands))];

  it('that is a command is one that can be typed', async () => {
    const refused: string[] = [];
    for (const command of commands) {
      const end = await parseLine(command.replaceAll('TASK', '@last'));
      if (end !== 'a command' && end !== 'help') refused.push(`${command}: ${end}`);
    }
    expect(refused).toEqual([]);
    expect(commands.length).toBeGreaterThan(15);
  });

  it('names no option that there is not', () => {
    const { program } = createIdleProgram();
    const options = [program, ...program.commands].flatMap((command) => command.options);
    const known = new Set(['--help', '--version', ...options.flatMap(({ long }) => long ?? [])]);
    const named = hints.flatMap((hint) => hint.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []);
    expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  });

  it('and a headline end without a full stop, and begin in lower case', () => {
    const lines = cases.flatMap(({ says, id }) =>
      // Whose words these are is known.
      id === 'LX101' ? [] : says.filter((line) => /^(?:error|warning|hint): /.test(line)),
    );
    const odd = lines.filter(
      (line) => /[^.…]\.$/.test(line) || /^\w+: (?!Open Cloud|Roblox)[A-Z][a-z]/.test(line),
    );
    expect([...new Set(odd)]).toEqual([]);
  });
});

function listTexts({ message, facts, hint }: Documented): string[] {
  return [message, ...facts, hint ?? ''];
}

/** What a document says and the screen does not. */
function listMissing({ message, facts, hint }: Documented, { says }: MessageCase): string[] {
  const lines = [
    ...facts.flatMap((fact) => fact.split('\n').map((line) => `  ${line}`)),
    ...(hint === null ? [] : [`hint: ${hint}`]),
  ];
  const hasHeadline = says.includes(`error: ${message}`) || says.includes(`warning: ${message}`);
  return [
    ...(hasHeadline ? [] : [message]),
    ...lines.filter((line) => line.trim() !== '' && !/^ {6}at /.test(line) && !says.includes(line)),
  ];
}

/** The command lines in a hint: each begins with `luau-exec` and ends where the sentence goes on. */
function listCommands(hint: string): string[] {
  return hint
    .split(/[;,:] |(?<!\w) or | or (?=export|luau-exec|copy)|, or | then /)
    .flatMap((part) => /^(?:start )?(luau-exec .*)/.exec(part.trim())?.[1] ?? [])
    .map((command) => command.replace(/ (?:and use|for the key).*$/, ''));
}

/** The table of errors in docs/cli.md by id. */
function readErrorTable() {
  const text = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const rows = text.matchAll(/^\| (LX\d{3}) \| ([^|]*)\| ([^|]*)\|/gm);
  return new Map(
    [...rows].map(([, id = '', exits = '', what = '']) => [
      id,
      {
        exits: [...exits.matchAll(/(\d+)/g), ...what.matchAll(/As an error \((\d+)\)/g)].map(([, exit]) =>
          Number(exit),
        ),
        isWarning: what.startsWith('warning'),
        isLibrary: what.startsWith('library:'),
      },
    ]),
  );
}
