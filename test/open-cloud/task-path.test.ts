import { expect, test } from 'vitest';
import { formatTaskPath, isResourceId, parseTaskPath } from '../../src/open-cloud/task-path.ts';

const parts = { universeId: '1', placeId: '2', versionId: null, sessionId: null, taskId: 't' };

test.each([
  ['universes/1/places/2/luau-execution-session-tasks/t', parts],
  ['universes/1/places/2/versions/3/luau-execution-session-tasks/t', { ...parts, versionId: '3' }],
  ['universes/1/places/2/luau-execution-sessions/s/tasks/t', { ...parts, sessionId: 's' }],
  [
    'universes/1/places/2/versions/3/luau-execution-sessions/s/tasks/t',
    { ...parts, versionId: '3', sessionId: 's' },
  ],
  [
    'universes/12345678901234567890/places/2/luau-execution-session-tasks/fe8f1f6b-36e1-4b2e-9c1a-0a9d5f3d7e11',
    { ...parts, universeId: '12345678901234567890', taskId: 'fe8f1f6b-36e1-4b2e-9c1a-0a9d5f3d7e11' },
  ],
])('%s is read and written back', (text, expected) => {
  const path = parseTaskPath(text);
  expect(path).toEqual(expected);
  expect(path && formatTaskPath(path)).toBe(text);
});

const tail = 'luau-execution-session-tasks/t';
test.each([
  '',
  '../../v1/x',
  '//evil/x',
  '%2e%2e/',
  `/universes/1/places/2/${tail}`,
  `universes/1/places/2/${tail}/`,
  `universes/1/places/2/${tail}\n`,
  `universes/1/places/2/${tail}?x=1`,
  `universes/1/places/2/${tail}#x`,
  `universes/1/places/../2/${tail}`,
  `universes/01/places/2/${tail}`,
  `universes/0/places/2/${tail}`,
  `universes/-1/places/2/${tail}`,
  `universes/1e3/places/2/${tail}`,
  `universes/１/places/2/${tail}`,
  `universes/${'1'.repeat(21)}/places/2/${tail}`,
  'universes/1/places/2/luau-execution-session-tasks/..',
  'universes/1/places/2/luau-execution-session-tasks/a.b',
  'universes/1/places/2/luau-execution-session-tasks/a%2fb',
  'universes/1/places/2/luau-execution-sessions/../tasks/t',
  'universes/1/places/2/luau-execution-sessions/s/tasks/',
  'universes/1/places/2/luau-execution-sessions/s',
  `universes/1/places/2/luau-execution-session-tasks/${'x'.repeat(10_000)}`,
  `https://apis.roblox.com/cloud/v2/universes/1/places/2/${tail}`,
])('%j is not a task path', (text) => {
  expect(parseTaskPath(text)).toBeNull();
});

test.each([
  ['1', true],
  ['12345678901234567890', true],
  ['123456789012345678901', false],
  ['', false],
  ['0', false],
  ['01', false],
  ['-1', false],
  ['+1', false],
  ['1e3', false],
  ['1.0', false],
  ['1/../2', false],
  ['1?x', false],
  ['０１', false],
  [' 1', false],
  ['1\n', false],
])('%j as an id: %s', (text, expected) => {
  expect(isResourceId(text)).toBe(expected);
});
