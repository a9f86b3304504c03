import { expect, test } from 'vitest';
import { describeKeyInFile } from '../../../src/cli/init/questions.ts';

const WARNING = 'Warning: whoever can read the file can use the key.';
test.each([
  ['linux', false, `${WARNING} It is made readable for you alone.`],
  ['linux', true, `${WARNING} It is made readable for you alone. Git is told to ignore it.`],
  ['win32', false, WARNING],
  ['win32', true, `${WARNING} Git is told to ignore it.`],
])('of a key in the file on %s, in git: %s', (platform, isInGit, expected) => {
  expect(describeKeyInFile({ platform, isInGit })).toBe(expected);
});
