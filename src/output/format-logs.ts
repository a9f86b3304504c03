import type { LogMessage } from '../open-cloud/task.ts';
import { cutText } from './cut-text.ts';
import type { Screen } from './renderer.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

// A terminal needs seconds for a line of a megabyte, and nobody reads one.
const MAX_LINE_CHARACTERS = 10_000;

export interface FormatLogsOptions extends Screen {
  /** Each line begins with the time of its message. */
  hasTimestamps?: boolean;
}

/**
 * Log messages in the order they came, one or more lines each, ending with a line break. Text is safe for a terminal
 * wherever it goes; only on a terminal are enormous lines cut. Warnings and errors are marked in words as well as in colour.
 */
export function formatLogs(messages: readonly LogMessage[], options: FormatLogsOptions): string {
  const format = options.hasTimestamps === true ? formatTimedMessage : formatLogMessage;
  return messages.map((message) => `${format(message, options)}\n`).join('');
}

function formatLogMessage({ level, message }: LogMessage, { style, isTerminal }: Screen): string {
  const safe = sanitize(message);
  return paint(isTerminal ? cutLines(safe) : safe, { level, style });
}

/** Every line of a message has its time, so that what is sorted or searched by line keeps it. */
function formatTimedMessage(message: LogMessage, screen: Screen): string {
  const time = screen.style.dim(formatTime(message.time));
  const lines = formatLogMessage(message, screen).split('\n');
  return lines.map((line) => (line === '' ? time : `${time} ${line}`)).join('\n');
}

const TIME_CHARACTERS = '2026-11-21T09:00:00.000Z'.length;

/** UTC in milliseconds, always as wide: the service's own has as many digits as it happens to have. */
function formatTime(time: string | null): string {
  const ms = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? '-'.padEnd(TIME_CHARACTERS) : new Date(ms).toISOString();
}

function paint(text: string, { level, style }: { level: LogMessage['level']; style: Style }): string {
  if (level === 'WARNING') return style.yellow(`[warning] ${text}`);
  if (level === 'ERROR') return style.red(`[error] ${text}`);
  return level === 'INFO' ? style.dim(text) : text;
}

function cutLines(text: string): string {
  if (text.length <= MAX_LINE_CHARACTERS) return text;
  return text.split('\n').map(cutLine).join('\n');
}

function cutLine(line: string): string {
  const cut = cutText(line, MAX_LINE_CHARACTERS);
  if (cut === line) return line;
  return `${cut} (${line.length - cut.length + 1} more characters, all of them with --json)`;
}
