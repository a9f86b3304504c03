import type { LuauExecError } from '../errors.ts';
import type { LogMessage } from '../open-cloud/task.ts';
import type { OutcomeLogs, Warning } from '../task/outcome.ts';
import type { RunEvent } from '../task/run-event.ts';
import { formatWarning } from './format-error.ts';
import { formatLogs } from './format-logs.ts';
import { selectLevel } from './log-level.ts';
import type { RenderOptions, RunLabel } from './renderer.ts';
import type { LogDisplay } from './report.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Piece } from './write-out.ts';

/** What people see of a run before its end: the messages that it prints. Of several runs each says which it is. */
export function listLivePieces(
  event: RunEvent,
  { script }: RunLabel,
  { options, display }: { options: RenderOptions; display: LogDisplay },
): Piece[] {
  const { logsTo, stderr, hasHeadings } = options;
  if (logsTo === 'none') return [];
  if (event.type === 'live_lost') {
    return [{ to: 'stderr', text: formatWarning(describeLostLive(event.error), stderr.style) }];
  }
  if (event.type !== 'live') return [];
  const screen = logsTo === 'stdout' ? options.stdout : stderr;
  const text = formatLogs(selectLevel(event.messages, display.level ?? null), { ...screen, ...display });
  const label = hasHeadings && script !== null ? screen.style.dim(`${sanitizeLine(script)}: `) : '';
  const messages: Piece = { to: logsTo, text: text.replaceAll(/^(?=.)/gm, () => label), isRemote: true };
  if (event.missed === 0) return [messages];
  const what = event.missed === 1 ? 'a log message is' : `${formatCount(event.missed)} are`;
  return [...createNote(`(${what} left out here; see the end)`, options), messages];
}

/** Why log messages do not come while the script runs; all that are kept come at its end. */
export function describeLostLive({ message, hint }: LuauExecError): Warning {
  return { id: 'LX306', message: `no more log messages are shown before the end: ${message}`, hint };
}

/** Kept log messages with what has to be said about their place. */
export interface LogPart {
  note: string | null;
  messages: LogMessage[];
}

/** What is left to show of the kept messages: those that should have come earlier, and those after the last that came. */
export function splitRest({ messages, shown }: OutcomeLogs): LogPart[] {
  const last = [...(shown?.indexes ?? [])].at(-1);
  if (shown === undefined || last === undefined) return [{ note: null, messages }];
  const late = messages.filter((_, index) => index < last && !shown.indexes.has(index));
  const rest = { note: null, messages: messages.slice(last + 1) };
  if (late.length === 0) return [rest];
  const what = late.length === 1 ? '1 log message' : formatCount(late.length);
  return [
    { note: `${what} from before, which did not come while the script ran:`, messages: late },
    { ...rest, note: rest.messages.length === 0 ? null : 'and the last ones:' },
  ];
}

/** A line of our own about the log, which nobody needs at `-q`. */
export function createNote(text: string | null, { stderr, isQuiet }: RenderOptions): Piece[] {
  return text === null || isQuiet ? [] : [{ to: 'stderr', text: `${stderr.style.dim(text)}\n` }];
}

function formatCount(count: number): string {
  return `${count.toLocaleString('en-GB')} log messages`;
}
