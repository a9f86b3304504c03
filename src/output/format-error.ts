import type { Warning } from '../task/outcome.ts';
import type { ErrorDescription, Frame } from './describe-error.ts';
import { formatDuration } from './format-duration.ts';
import { sanitize, sanitizeLine } from './sanitize.ts';
import type { Style } from './style.ts';

const MAX_FRAMES = 20;

/**
 * The error block: headline, facts, the source around the line, the traceback, and after a blank line the hint. Only
 * the labels have colour. From the first `-v` on also the identifier and every try.
 */
export function formatError(
  error: ErrorDescription,
  { style, verbosity }: { style: Style; verbosity: number },
): string {
  const facts = [...error.facts, ...(verbosity > 0 ? [...listAttempts(error), `id: ${error.id}`] : [])];
  const frames = error.traceback.slice(0, MAX_FRAMES).map(formatFrame);
  const hidden = error.traceback.length - frames.length;
  if (hidden > 0) frames.push(`and ${hidden} more`);
  const blocks = [
    [`${style.red('error')}: ${sanitizeLine(error.message)}`, ...facts.map((fact) => indent(sanitize(fact)))],
    error.codeFrame === null ? [] : [sanitize(error.codeFrame)],
    frames.map(indent),
    error.hint === null ? [] : [formatHint(error.hint, style)],
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => `${lines.join('\n')}\n`);
  return text.join('\n');
}

/** One line, and one more with the hint, where there is one. */
export function formatWarning({ message, hint }: Warning, style: Style): string {
  const lines = [`${style.yellow('warning')}: ${sanitizeLine(message)}`];
  if (hint !== null) lines.push(formatHint(hint, style));
  return `${lines.join('\n')}\n`;
}

function formatHint(hint: string, style: Style): string {
  return `${style.cyan('hint')}: ${sanitize(hint)}`;
}

function formatFrame({ file, line, function: name }: Frame): string {
  return sanitizeLine(`at ${file}:${line}${name === null ? '' : ` in ${name}`}`);
}

function listAttempts({ attempts }: ErrorDescription): string[] {
  return attempts.map(({ atMs, reason, waitMs }) => {
    const wait = waitMs === null ? '' : `, waited ${formatDuration(waitMs)}`;
    return `try after ${formatDuration(atMs)}: ${reason}${wait}`;
  });
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
