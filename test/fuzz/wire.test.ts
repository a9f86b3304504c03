import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { parseKeyInfo } from '../../src/open-cloud/key-info.ts';
import type { LogMessage, Task } from '../../src/open-cloud/task.ts';
import { formatTaskPath, parseTaskPath } from '../../src/open-cloud/task-path.ts';
import {
  parseCreatedTask,
  parseJsonObject,
  parseLogPage,
  parseTask,
  WireError,
} from '../../src/open-cloud/wire.ts';
import { checkProperty } from './check-property.ts';
import { hostileJson, hostileText } from './hostile-values.ts';

const PATH = 'universes/11/places/22/versions/3/luau-execution-sessions/s-1/tasks/t-1';
const OBJECT_PROTOTYPE = JSON.stringify(Object.getOwnPropertyNames(Object.prototype).sort());

const TASK = {
  path: PATH,
  createTime: '2026-05-01T00:00:00.1Z',
  updateTime: '2026-05-01T00:00:02Z',
  user: '77',
  state: 'COMPLETE',
  script: 'print("x")',
  timeout: '1.5s',
  output: { results: [1, { a: null }, 'x'] },
  error: { code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' },
  binaryInput: '',
  binaryOutputUri: 'https://x',
  enableBinaryOutput: false,
};
const LOGS = {
  luauExecutionSessionTaskLogs: [
    { path: PATH, messages: ['a', 'b\nc'] },
    { structuredMessages: [{ message: 'm', createTime: '2026-05-01T00:00:09Z', messageType: 'WARNING' }] },
  ],
  nextPageToken: 'token',
};

/** A valid answer of which one field, at any level, holds something else. */
function replaceOneField(answer: object): Arbitrary<string> {
  const fields = [...new Set([...JSON.stringify(answer).matchAll(/"(\w+)":/g)].map(([, name]) => name))];
  return fc
    .tuple(fc.constantFrom(...fields), hostileJson)
    .map(([field, value]) => JSON.stringify(answer, (key, old) => (key === field ? value : old)));
}

const PIECES = [
  ...[
    '\uFEFF',
    '\0',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '1e400',
    '-',
    'null',
    '\ud800',
    '\\ud800',
    '/..',
  ],
  '"__proto__":{"user":"x","state":"COMPLETE"},',
];

/** A valid answer whose text was cut, overwritten or added to. */
function damageText(answer: object): Arbitrary<string> {
  const text = JSON.stringify(answer);
  const place = fc.nat({ max: text.length });
  const damage = fc.tuple(place, fc.nat({ max: 9 }), fc.constantFrom('', ...PIECES));
  return fc
    .array(damage, { minLength: 1, maxLength: 3 })
    .map((damages) =>
      damages.reduce((old, [at, size, piece]) => old.slice(0, at) + piece + old.slice(at + size), text),
    );
}

const deepNesting = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.constantFrom(900, 1_001, 50_000))
  .map(([open, depth]) => {
    const close = open === '[' ? ']' : '}';
    return `{"path":"${PATH}","state":"COMPLETE","output":{"results":[${open.repeat(depth)}0${close.repeat(depth)}]}}`;
  });

/** Bytes as they come off the wire, read as the client reads them. */
const rawBytes = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 200 })).map(([bytes, at]) => {
  const text = Buffer.from(JSON.stringify(TASK));
  return new TextDecoder().decode(Buffer.concat([text.subarray(0, at), bytes, text.subarray(at)]));
});

const answers = fc.oneof(
  hostileText,
  hostileJson.map((value) => JSON.stringify(value)),
  replaceOneField(TASK),
  replaceOneField(LOGS),
  damageText(TASK),
  damageText(LOGS),
  rawBytes,
  { arbitrary: deepNesting, weight: 1 },
);

/** The value, or null for a `WireError`; any other error goes on. */
function readOrRefuse<Value>(parse: (text: string) => Value, text: string): Value | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  } finally {
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype).sort())).toBe(OBJECT_PROTOTYPE);
  }
}

const isTextOrNull = (value: unknown) => value === null || (typeof value === 'string' && value !== '');

function expectWellFormed(task: Task): void {
  const path = formatTaskPath(task.path);
  expect(parseTaskPath(path)).toEqual(task.path);
  for (const text of [task.createTime, task.updateTime, task.user, task.binaryInput, task.binaryOutputUri]) {
    expect(isTextOrNull(text)).toBe(true);
  }
  expect(typeof task.script).toBe('string');
  expect(typeof task.enableBinaryOutput).toBe('boolean');
  expect(task.timeoutSeconds === null || (task.timeoutSeconds >= 0 && task.timeoutSeconds < 1e9)).toBe(true);
  expect(typeof task.state === 'string' && task.state !== '').toBe(true);
  if (task.phase === 'complete') {
    expect(Array.isArray(task.results)).toBe(true);
    expect(typeof JSON.stringify(task.results)).toBe('string');
  }
  if (task.phase === 'failed') {
    expect(typeof task.error.code === 'string' && task.error.code !== '').toBe(true);
    expect(typeof task.error.message).toBe('string');
  }
  const states = { complete: 'COMPLETE', failed: 'FAILED', cancelled: 'CANCELLED' };
  if (task.phase === 'unfinished') expect(Object.values(states)).not.toContain(task.state);
  else expect(task.state).toBe(states[task.phase]);
}

test('an answer is a well-formed task or a WireError', async () => {
  let accepted = 0;
  await checkProperty(
    fc.property(answers, (text) => {
      for (const parse of [parseTask, parseCreatedTask]) {
        const task = readOrRefuse(parse, text);
        if (task) expectWellFormed(task);
        if (task) accepted++;
      }
    }),
  );
  // Were everything refused, nothing would have been tested.
  expect(accepted).toBeGreaterThan(50);
});

test('whatever a task is, its create is known too', () =>
  checkProperty(
    fc.property(fc.oneof(replaceOneField(TASK), damageText(TASK), rawBytes), (text) => {
      const task = readOrRefuse(parseTask, text);
      if (task) expect(parseCreatedTask(text)).toEqual(task);
    }),
  ));

test('a task that a create is salvaged from stands in the answer', () =>
  checkProperty(
    fc.property(fc.oneof(damageText(TASK), hostileText), (text) => {
      const task = readOrRefuse(parseCreatedTask, text);
      if (task && readOrRefuse(parseTask, text) === null) {
        expect(text).toContain(`"${formatTaskPath(task.path)}"`);
        expect(task.phase).toBe('unfinished');
      }
    }),
  ));

const LEVELS: readonly LogMessage['level'][] = ['OUTPUT', 'INFO', 'WARNING', 'ERROR', 'UNSPECIFIED'];

test('an answer is a well-formed page of logs or a WireError', async () => {
  let accepted = 0;
  await checkProperty(
    fc.property(answers, (text) => {
      const page = readOrRefuse(parseLogPage, text);
      if (!page) return;
      accepted += Math.min(1, page.messages.length);
      for (const { time, level, message } of page.messages) {
        expect(isTextOrNull(time)).toBe(true);
        expect(LEVELS).toContain(level);
        expect(typeof message).toBe('string');
      }
      expect(page.messages.length === 0 || page.chunkCount > 0).toBe(true);
      expect(typeof page.nextPageToken).toBe('string');
    }),
  );
  expect(accepted).toBeGreaterThan(20);
});

test('an object is read as JSON.parse reads it, or is a WireError', () =>
  checkProperty(
    fc.property(answers, (text) => {
      const value = readOrRefuse(parseJsonObject, text);
      readOrRefuse(parseKeyInfo, text);
      if (value) expect(value).toEqual(JSON.parse(text.replace(/^\uFEFF/, '')));
      if (!text.startsWith('\uFEFF')) expect(readOrRefuse(parseJsonObject, `\uFEFF${text}`)).toEqual(value);
    }),
  ));
