// @ts-check
import { randomUUID } from 'node:crypto';

/**
 * A line that the runner shows as an error of the step, with everything in it escaped that could end it.
 * @param {string} message
 */
export function formatErrorCommand(message) {
  const data = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::error title=luau-exec::${data}\n`;
}

/**
 * Somebody else's text, between two lines that turn commands off and on again.
 * @param {string} text
 */
export function encloseText(text) {
  const token = randomUUID();
  return `::stop-commands::${token}\n${text.trimEnd()}\n::${token}::\n`;
}
