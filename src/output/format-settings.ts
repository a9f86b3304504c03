import { sanitizeLine } from './sanitize.ts';
import type { Style } from './style.ts';

/** One setting as a person reads it. */
export interface SettingLine {
  name: string;
  text: string;
  isSet: boolean;
  /** Where the value came from, in words. */
  source: string;
}

/** Three columns: name, value, origin. */
export function formatSettings(rows: readonly SettingLine[], style: Style): string {
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const textWidth = Math.max(...rows.map(({ text }) => text.length));
  return rows
    .map(({ name, text, isSet, source }) => {
      const value = sanitizeLine(text).padEnd(textWidth);
      return `${name.padEnd(nameWidth)}  ${isSet ? value : style.dim(value)}  ${style.dim(sanitizeLine(source))}\n`;
    })
    .join('');
}
