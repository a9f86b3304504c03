import { suggestName } from '../did-you-mean.ts';
import { LuauExecError } from '../errors.ts';
import { cutText } from './cut-text.ts';

const MAX_NAME = 80;

/** What `--output` knows. `github` is `human` with workflow commands, which is also what `human` is on GitHub Actions. */
export const OUTPUT_FORMATS = ['human', 'json', 'ndjson', 'junit', 'github'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** One `--output`. */
export interface OutputChoice {
  format: OutputFormat;
  /** As the user named it; null for the standard streams. */
  file: string | null;
}

export interface OutputWords {
  /** Of `--json`. */
  isJson: boolean;
  /** Of each `--output`: `junit` or `junit=report.xml`. */
  words: readonly string[];
}

/** Opened as a file, one that the shell has put behind the stream would be emptied under it. */
const STDOUT_NAMES: ReadonlySet<string> = new Set(['-', '/dev/stdout', '/dev/fd/1']);
const FOR_PEOPLE: ReadonlySet<OutputFormat> = new Set(['human', 'github']);

/** Whether the format is made for people to read, on both streams. */
export function isForPeople(format: OutputFormat): boolean {
  return FOR_PEOPLE.has(format);
}

/**
 * The formats that were asked for: exactly one of them is for the standard streams, `human` where no other is. Throws
 * LX003 for a format that does not exist, and for two that would be written to the same place.
 */
export function parseOutputChoices({ isJson, words }: OutputWords): OutputChoice[] {
  const choices: OutputChoice[] = isJson ? [{ format: 'json', file: null }] : [];
  for (const choice of words.map(parseChoice)) {
    const other = choices.find(({ file }) => file === choice.file);
    if (other === undefined) choices.push(choice);
    else if (other.format !== choice.format) throw sharedPlace(other, choice);
  }
  if (choices.every(({ file }) => file !== null)) choices.unshift({ format: 'human', file: null });
  return choices;
}

/** For a call whose words make no sense: what can be told of them. */
export function guessOutputChoices(argv: readonly string[]): OutputChoice[] {
  const words = argv.flatMap((word, index) => {
    if (word.startsWith('--output=')) return [word.slice('--output='.length)];
    const next = argv[index + 1];
    return word === '--output' && next !== undefined ? [next] : [];
  });
  const isJson = argv.includes('--json');
  try {
    return parseOutputChoices({ isJson, words });
  } catch {
    const named = OUTPUT_FORMATS.find((format) => words.includes(format) && !isForPeople(format));
    return [{ format: isJson ? 'json' : (named ?? 'human'), file: null }];
  }
}

function parseChoice(word: string): OutputChoice {
  const equals = word.indexOf('=');
  const name = equals === -1 ? word : word.slice(0, equals);
  const named = equals === -1 ? null : word.slice(equals + 1);
  const file = named === null || STDOUT_NAMES.has(named) ? null : named;
  const format = OUTPUT_FORMATS.find((known) => known === name);
  if (format === undefined) throw unknownFormat(name);
  if (file === '')
    throw usage(`--output ${name}= names no file`, `--output ${name}=FILE, or --output ${name}`);
  if (file !== null && isForPeople(format)) {
    throw usage(`--output ${format} is for people, on two streams, and goes into no file`, 'use 2>FILE');
  }
  return { format, file };
}

function unknownFormat(name: string): LuauExecError {
  const suggestion = suggestName(name, OUTPUT_FORMATS);
  return usage(
    `there is no output format "${cutText(name, MAX_NAME)}"`,
    suggestion === null
      ? `use ${OUTPUT_FORMATS.slice(0, -1).join(', ')} or ${OUTPUT_FORMATS.at(-1)}`
      : `did you mean ${suggestion}?`,
  );
}

function sharedPlace(one: OutputChoice, other: OutputChoice): LuauExecError {
  const place = one.file === null ? 'standard output' : one.file;
  const [first, second] = [one.format, other.format];
  const movable = isForPeople(second) ? first : second;
  return usage(
    `${first} and ${second} would both be written to ${place}`,
    isForPeople(movable) ? `leave one of them out` : `give one a file of its own: --output ${movable}=FILE`,
  );
}

function usage(message: string, hint: string): LuauExecError {
  return new LuauExecError(message, { id: 'LX003', kind: 'usage', hint });
}
