import { expect, test } from 'vitest';
import { cutText } from '../../src/output/cut-text.ts';
import { quoteServerText } from '../../src/output/describe-error.ts';
import { createRedactor } from '../../src/output/redact.ts';
import { sanitize } from '../../src/output/sanitize.ts';
import { parseStack } from '../../src/output/traceback.ts';

const SIZE = 1_000_000;
const fill = (unit: string) => unit.repeat(Math.ceil(SIZE / unit.length));

// A pattern that goes back over its text would need minutes for these; the test's time-out is the assertion.
test.each([
  ['blanks', fill(' ')],
  ['blanks and a tail', `${fill(' ')}x`],
  ['one word', fill('a')],
  ['escapes', fill('\x1b')],
  ['line breaks', fill('\n \t')],
  ['the beginnings of a stack', fill('Stack Begin \n')],
  ['a line of a stack that never ends', `Stack Begin\n${fill("Script '', Line 1")}`],
])('1 MB of %s are read once', (_name, text) => {
  expect(sanitize(text).length).toBeGreaterThanOrEqual(text.length);
  expect(quoteServerText(text).length).toBeLessThanOrEqual(500);
  expect(cutText(text, SIZE - 1).length).toBeLessThan(SIZE);
  expect(createRedactor(['aaaaaaab', 'Script key'])(text)).toBe(text);
  expect(parseStack(text).length).toBeLessThan(2);
});
