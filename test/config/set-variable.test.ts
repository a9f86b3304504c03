import { expect, test } from 'vitest';
import {
  describePrivacy,
  describeSetVariables,
  describeUnsetVariable,
  findShell,
} from '../../src/config/set-variable.ts';

test.each([
  ['linux', {}, 'posix'],
  ['darwin', { MSYSTEM: '' }, 'posix'],
  ['win32', {}, 'powershell'],
  ['win32', { MSYSTEM: '' }, 'powershell'],
  ['win32', { MSYSTEM: 'MINGW64' }, 'posix'],
] as const)('on %s with %j the words are those of %s', (platform, env, shell) => {
  expect(findShell({ platform, env })).toBe(shell);
});

test('a variable is set and taken away in the words of the shell', () => {
  expect(describeSetVariables(['A'], 'posix')).toBe('export A=…');
  expect(describeSetVariables(['A', 'B'], 'posix')).toBe('export A=… B=…');
  expect(describeSetVariables(['A'], 'powershell')).toBe('$env:A="…"');
  expect(describeSetVariables(['A', 'B'], 'powershell')).toBe('$env:A="…"; $env:B="…"');
  expect(describeUnsetVariable('A', 'posix')).toBe('unset A');
  expect(describeUnsetVariable('A', 'powershell')).toBe('Remove-Item Env:A');
});

test('a file is said to be private only where its mode makes it so', () => {
  expect(describePrivacy('linux')).toBe('which only you can read');
  expect(describePrivacy('win32')).toBe('as plain text');
});
