import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText } from '../../src/output/cut-text.ts';
import { quoteServerText } from '../../src/output/describe-error.ts';
import { formatJson, formatValue } from '../../src/output/format-value.ts';
import { escapeJsonText, sanitize, sanitizeLine } from '../../src/output/sanitize.ts';
import { createStyle } from '../../src/output/style.ts';
import { MemoryStream } from '../output/memory-stream.ts';
import { checkProperty } from './check-property.ts';
import { hostileJson, hostileText } from './hostile-values.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const OBEYED = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;
/** What reorders or hides text, and halves of characters. */
const HIDDEN =
  /[\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\u{e0000}-\u{e00ff}]|\p{Cs}/u;
const findUnsafe = (text: string) => OBEYED.exec(text)?.[0] ?? HIDDEN.exec(text)?.[0] ?? null;

test('any text becomes printable characters, line feeds and tabs, and stays so', () =>
  checkProperty(
    fc.property(hostileText, (text) => {
      const safe = sanitize(text);
      expect(findUnsafe(safe)).toBeNull();
      expect(sanitize(safe)).toBe(safe);
      if (/^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(text)) expect(safe).toBe(text);
    }),
  ));

test('a line is one line, and stays so', () =>
  checkProperty(
    fc.property(hostileText, (text) => {
      const line = sanitizeLine(text);
      expect(findUnsafe(line)).toBeNull();
      expect(line).not.toContain('\n');
      expect(sanitizeLine(line)).toBe(line);
    }),
  ));

test('text that is cut is no longer than it may be, whole at its end, and printable', () =>
  checkProperty(
    fc.property(hostileText, fc.integer({ min: 1, max: 60 }), (text, maxCharacters) => {
      const cut = cutText(text, maxCharacters);
      expect(cut.length).toBeLessThanOrEqual(maxCharacters);
      if (text.length <= maxCharacters) expect(cut).toBe(text);
      else expect(text.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true);
      expect(findUnsafe(quoteServerText(text.repeat(20)))).toBeNull();
    }),
  ));

test('JSON is the same value after it was made safe, on one line and on several', async () => {
  const style = await createStyle({ stream: new MemoryStream(), env: {}, colorFlag: false });
  await checkProperty(
    fc.property(hostileJson, (given) => {
      const plain = JSON.stringify(given);
      const value = JSON.parse(plain);
      for (const json of [formatJson(given), formatValue(value, style), escapeJsonText(plain)]) {
        expect(findUnsafe(json)).toBeNull();
        expect(JSON.stringify(JSON.parse(json))).toBe(plain);
      }
      expect(formatJson(given)).not.toContain('\n');
    }),
  );
});
