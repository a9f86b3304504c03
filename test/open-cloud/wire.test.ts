import { expect, test } from 'vitest';
import { isFinished } from '../../src/open-cloud/task.ts';
import { parseCreatedTask, parseLogPage, parseTask, WireError } from '../../src/open-cloud/wire.ts';
import { readPath, TASK_PATH } from './answers.ts';

const task = (fields: Record<string, unknown>) => JSON.stringify({ path: TASK_PATH, ...fields });

test('every field of a task is read', () => {
  const text = task({
    createTime: '2026-05-01T00:00:00.1Z',
    updateTime: '2026-05-01T00:00:02Z',
    user: '77',
    state: 'COMPLETE',
    script: 'return 1',
    timeout: '1.5s',
    output: { results: [1, { a: null }] },
    binaryInput: '',
    binaryOutputUri: 'https://x',
    enableBinaryOutput: true,
  });
  expect(parseTask(text)).toEqual({
    path: readPath(),
    createTime: '2026-05-01T00:00:00.1Z',
    updateTime: '2026-05-01T00:00:02Z',
    user: '77',
    phase: 'complete',
    state: 'COMPLETE',
    script: 'return 1',
    timeoutSeconds: 1.5,
    results: [1, { a: null }],
    binaryInput: null,
    binaryOutputUri: 'https://x',
    enableBinaryOutput: true,
  });
});

test.each<[name: string, fields: Record<string, unknown>, expected: Record<string, unknown>]>([
  ['no state', {}, { phase: 'unfinished', state: 'STATE_UNSPECIFIED' }],
  ['a null state', { state: null }, { phase: 'unfinished', state: 'STATE_UNSPECIFIED' }],
  ['a state that is a number', { state: 3 }, { phase: 'unfinished', state: 'STATE_UNSPECIFIED' }],
  ['an unknown state', { state: 'PAUSED' }, { phase: 'unfinished', state: 'PAUSED' }],
  ['a state in lower case', { state: 'complete' }, { phase: 'unfinished', state: 'complete' }],
  ['QUEUED', { state: 'QUEUED' }, { phase: 'unfinished', state: 'QUEUED' }],
  ['CANCELLED', { state: 'CANCELLED' }, { phase: 'cancelled', state: 'CANCELLED' }],
  ['COMPLETE without output', { state: 'COMPLETE' }, { phase: 'complete', results: [] }],
  ['COMPLETE with an empty output', { state: 'COMPLETE', output: {} }, { results: [] }],
  ['COMPLETE with null output', { state: 'COMPLETE', output: null }, { results: [] }],
  ['COMPLETE with results that are no list', { state: 'COMPLETE', output: { results: 1 } }, { results: [] }],
  [
    'FAILED without error',
    { state: 'FAILED' },
    { phase: 'failed', error: { code: 'ERROR_CODE_UNSPECIFIED', message: '' } },
  ],
  [
    'FAILED with an unknown code',
    { state: 'FAILED', error: { code: 'NEW', message: 'm' } },
    { error: { code: 'NEW', message: 'm' } },
  ],
  ['a time-out that is a number', { timeout: 60 }, { timeoutSeconds: null }],
  ['a time-out without a unit', { timeout: '60' }, { timeoutSeconds: null }],
])('a task with %s', (_name, fields, expected) => {
  const parsed = parseTask(task(fields));
  expect(parsed).toMatchObject(expected);
  expect(isFinished(parsed)).toBe(['COMPLETE', 'FAILED', 'CANCELLED'].includes(String(fields.state)));
});

test('a byte order mark is passed over, and __proto__ is a key like others', () => {
  const text = task({ state: 'COMPLETE' }).replace('{', '\uFEFF{"__proto__":{"timeout":"9s","user":"x"},');
  const parsed = parseTask(text.slice(text.indexOf('\uFEFF')));
  expect(parsed).toMatchObject({ timeoutSeconds: null, user: null });
  expect(Object.hasOwn(Object.prototype, 'timeout')).toBe(false);
});

test.each([
  ['empty', ''],
  ['null', 'null'],
  ['a list', '[]'],
  ['a string', '"x"'],
  ['HTML', '<!doctype html><title>Sign in</title>'],
  ['cut off', task({ state: 'COMPLETE' }).slice(0, -1)],
  ['without a path', '{"state":"COMPLETE"}'],
  ['with a path that is none', '{"path":"../../v1/x","state":"COMPLETE"}'],
  ['with a path that is a list', `{"path":["${TASK_PATH}"]}`],
  ['too deep', task({ x: 0 }).replace(':0', `:${'['.repeat(200_000)}${']'.repeat(200_000)}`)],
])('a task that is %s is refused', (_name, text) => {
  expect(() => parseTask(text)).toThrow(WireError);
});

test('values of a depth that a script may return are kept', () => {
  const deep = `${'['.repeat(900)}${']'.repeat(900)}`;
  const parsed = parseTask(`{"path":"${TASK_PATH}","state":"COMPLETE","output":{"results":[${deep}]}}`);
  expect(JSON.stringify(parsed.phase === 'complete' && parsed.results)).toBe(`[${deep}]`);
});

test.each([
  ['whole', task({ state: 'COMPLETE' }), 'COMPLETE'],
  ['cut off after the path', task({ state: 'PROCESSING' }).slice(0, -3), 'STATE_UNSPECIFIED'],
  ['spread over lines', `{\n  "path" : "${TASK_PATH}",\n  "sta`, 'STATE_UNSPECIFIED'],
])('a created task whose answer is %s is known', (_name, text, state) => {
  expect(parseCreatedTask(text)).toMatchObject({ path: readPath(), state });
});

test.each([
  ['cut off within the path', task({}).slice(0, 40)],
  ['HTML', '<html>'],
  ['about a hostile path', '{"path":"//evil/x","state":'],
  ['quoting a path in the script', `{"script":"{\\"path\\":\\"${TASK_PATH}\\"}","sta`],
])('a created task whose answer is %s is not known', (_name, text) => {
  expect(() => parseCreatedTask(text)).toThrow(WireError);
});

test.each([
  ['nothing', {}, [], 0],
  ['null lists', { luauExecutionSessionTaskLogs: null, nextPageToken: null }, [], 0],
  ['a silent script', { luauExecutionSessionTaskLogs: [{ path: 'p', messages: [] }] }, [], 1],
  ['a null chunk', { luauExecutionSessionTaskLogs: [null, { structuredMessages: null }] }, [], 1],
  [
    'FLAT',
    { luauExecutionSessionTaskLogs: [{ messages: ['a', 3, 'b\nc'] }, { messages: [''] }] },
    [
      { time: null, level: 'UNSPECIFIED', message: 'a' },
      { time: null, level: 'UNSPECIFIED', message: 'b\nc' },
      { time: null, level: 'UNSPECIFIED', message: '' },
    ],
    2,
  ],
  [
    'STRUCTURED, out of order by time',
    {
      luauExecutionSessionTaskLogs: [
        {
          structuredMessages: [
            { message: 'first', createTime: '2026-05-01T00:00:09Z', messageType: 'WARNING' },
            { message: 'second', createTime: '2026-05-01T00:00:01.5Z', messageType: 'NEW_LEVEL' },
            { messageType: null },
            'junk',
          ],
        },
      ],
    },
    [
      { time: '2026-05-01T00:00:09Z', level: 'WARNING', message: 'first' },
      { time: '2026-05-01T00:00:01.5Z', level: 'UNSPECIFIED', message: 'second' },
      { time: null, level: 'UNSPECIFIED', message: '' },
    ],
    1,
  ],
])('logs with %s', (_name, body, messages, chunkCount) => {
  expect(parseLogPage(JSON.stringify(body))).toEqual({ messages, chunkCount, nextPageToken: '' });
});

test('the token of the next page is kept, and a page that is no object refused', () => {
  expect(parseLogPage('{"nextPageToken":"abc"}').nextPageToken).toBe('abc');
  expect(() => parseLogPage('[]')).toThrow(WireError);
});
