import { basename } from 'node:path';
import type { CliSession, CliSessionOptions } from '../helpers/cli-session.ts';
import { readShellWords } from '../helpers/shell-words.ts';
import type { Documented, Meeting, MessageCase } from './message-case.ts';

type Open = (options?: CliSessionOptions) => Promise<CliSession>;

/** Makes the calls of one case, each in a session of its own: as a person types it, and with `--json`. */
export async function meet(entry: MessageCase, open: Open): Promise<Meeting> {
  const words = readShellWords(`luau-exec ${entry.line}`, 'luau-exec');
  const human = await call(entry, { open, words: entry.isLoud ? words : withWords(words, '-q') });
  const json = await call(entry, { open, words: withWords(words, '--json') });
  return {
    exitCode: human.result.exitCode,
    lines: human.lines,
    documented: json.settle(json.result.stdout).split('\n').slice(0, 1).flatMap(readDocument),
    jsonExitCode: json.result.exitCode,
    texts: [human, json].flatMap(({ result }) => [result.stdout, result.stderr]),
  };
}

async function call(entry: MessageCase, { open, words }: { open: Open; words: string[] }) {
  const options = typeof entry.session === 'function' ? entry.session() : entry.session;
  const session: CliSession = await open({
    ...options,
    ...(entry.interruptAt && {
      intercept: (request, next) => {
        if (entry.interruptAt?.test(`${request.method} ${request.url.pathname}`))
          session.interrupt(entry.signalName ?? 'SIGINT');
        return next(request);
      },
    }),
  });
  const undo: unknown = await entry.before?.(session);
  try {
    const ended = session.run(
      ...words.map((word) => (word === 'PORT' ? new URL(session.emulator.baseUrl).port : word)),
    );
    entry.during?.(session);
    const result = await ended;
    const settle = (text: string) => settleText(text, session);
    return { result, lines: listLines(settle(result.stderr)), settle };
  } finally {
    if (typeof undo === 'function') await undo();
  }
}

/** Options of the program stand before a `--`, and before the words of a shell that follow it. */
function withWords(words: readonly string[], option: string): string[] {
  return [option, ...words];
}

/** The text without what differs from run to run. */
function settleText(text: string, { cwd, emulator }: CliSession): string {
  return text
    .replaceAll(cwd, 'CWD')
    .replaceAll(basename(cwd), 'CWD')
    .replaceAll(new URL(emulator.baseUrl).host, 'HOST')
    .replaceAll(/universes\/\d+\/places\/\d+\/(?:versions\/\d+\/)?luau-execution-session[\w/-]*/g, 'TASK')
    .replaceAll(/\b2026-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/127\.0\.0\.1:\d{4,5}/g, 'HOST')
    .replaceAll(/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g, 'ID')
    .replaceAll(/\b\d+\.\d s\b/g, '# s')
    .replaceAll(/\b(for|after) \d+ s\b(?= \(|"|$)/gm, '$1 # s')
    .replaceAll(/\b\d+ tries\b/g, '# tries');
}

/** Lines with something on them; where in our own sources a bug was thrown is of no interest. */
function listLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !/^ {6}at /.test(line));
}

/** Every error and warning of a document that `--json` printed, whatever schema it has. */
function readDocument(line: string): Documented[] {
  if (line === '') return [];
  const document: unknown = JSON.parse(line);
  return collect(document);
}

function collect(value: unknown): Documented[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, message, facts, hint }: Record<string, unknown> = { ...value };
  if (typeof id === 'string' && typeof message === 'string') {
    return [
      {
        id,
        message,
        facts: Array.isArray(facts) ? facts.map(String) : [],
        hint: typeof hint === 'string' ? hint : null,
      },
    ];
  }
  return Object.values(value).flatMap(collect);
}
