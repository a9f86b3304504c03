import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EMULATED_OPERATIONS } from '../../src/emulator/emulated-operation.ts';
import { ENGINE_METHOD_NAMES } from '../../src/emulator/engine-method-name.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import { parseFaults, parseFaultsFile } from '../../src/emulator/parse-faults.ts';
import { startEmulator } from '../../src/emulator/server.ts';
import { LuauExecError } from '../../src/errors.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { createScriptedLuau } from '../helpers/scripted-luau.ts';

/** Everything that may be said, each at least once. */
const GOOD: Fault[] = [
  {
    request: 'createTask',
    nth: 2,
    times: 3,
    do: { answer: { status: 502, headers: { a: 'b' }, body: '<h1>' } },
  },
  {
    request: 'createTaskAtVersion',
    do: { answer: { body: { code: 'X', a: [1, null, true] } }, after: true, delayMs: 5 },
  },
  {
    request: 'getTask',
    times: 'always',
    do: { headers: { a: 'b', c: null }, state: 'QUEUED', patch: { error: null } },
  },
  { request: 'listLogs', do: { patch: { nextPageToken: '1' }, truncate: 0 } },
  {
    request: 'createBinaryInput',
    do: { answer: { bodyBase64: 'AAEC/w==' }, drip: { bytes: 1, everyMs: 1 } },
  },
  { request: 'uploadBinaryInput', do: { reset: 'before' } },
  { request: 'downloadBinaryOutput', do: { close: 'after', delayMs: 1 } },
  { request: 'introspectKey', do: { redirect: '//elsewhere', status: 307, after: true, truncate: 3 } },
  { request: 'any', do: { never: true, after: true } },
  { request: 'any', do: { raw: 'HTTP/1.1 20', after: true, delayMs: 1 } },
  { request: 'any', do: { answer: {}, endless: true } },
  { request: 'any', do: { delayMs: 0 } },
  { request: 'MemoryStoreQueue:AddAsync', do: { answer: { status: 503, body: 'Busy' }, delayMs: 5 } },
  { request: 'MemoryStoreQueue:ReadAsync', nth: 2, times: 'always', do: { never: true } },
  { request: 'MemoryStoreSortedMap:UpdateAsync', do: { delayMs: 1 } },
];

function errorOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

/** The text of a file whose third fault is given; the two before it are good. */
function thirdOf(fault: unknown): string {
  return JSON.stringify({ faults: [...GOOD.slice(0, 2), fault] });
}

describe('a list of faults', () => {
  it('is read whole, from a file and from a program', () => {
    expect(parseFaultsFile(JSON.stringify({ faults: GOOD }), 'f.json')).toEqual(GOOD);
    expect(parseFaults(GOOD)).toEqual(GOOD);
    expect(parseFaultsFile('\uFEFF{"faults":[]}', 'f.json')).toEqual([]);
  });

  it('is what docs/faults.md shows', () => {
    const page = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8');
    const examples = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    expect(examples.flatMap((text) => parseFaultsFile(text, 'docs/faults.md')).length).toBeGreaterThan(8);
    expect(examples).toHaveLength(5);
    for (const operation of [...EMULATED_OPERATIONS, ...ENGINE_METHOD_NAMES])
      expect(page).toContain(`\`${operation}\``);
  });

  it('has header names in any case', () => {
    const [fault] = parseFaults([{ request: 'any', do: { headers: { 'Retry-After': '5' } } }]);
    expect(fault?.do).toEqual({ headers: { 'retry-after': '5' } });
  });

  it('may hold a body of any depth as text alone', () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    expect(() =>
      parseFaultsFile(thirdOf({ request: 'any', do: { answer: { body: deep } } }), 'f'),
    ).not.toThrow();
    const text = `{"faults":[{"request":"any","do":{"answer":{"body":${deep}}}}]}`;
    expect(errorOf(() => parseFaultsFile(text, 'f'))).toMatchObject({ id: 'LX011' });
  });
});

describe('a file that is no list of faults', () => {
  it.each([
    ['', 'f.json is not JSON: '],
    ['{"faults":[', 'f.json is not JSON: '],
    ['[]', 'f.json is a list, not an object'],
    ['null', 'f.json is null, not an object'],
    ['{}', 'f.json has no list of faults'],
    ['{"faults":{}}', 'faults in f.json is an object, not a list'],
    ['{"fault":[]}', 'fault in f.json is not a field of a fault'],
    ['{"faults":["x"]}', 'faults[0] in f.json is "x", not an object'],
  ])('%j', (text, message) => {
    const error = errorOf(() => parseFaultsFile(text, 'f.json'));
    expect(error).toBeInstanceOf(LuauExecError);
    expect(error).toMatchObject({ id: 'LX011', kind: 'usage', message: expect.stringContaining(message) });
  });
});

describe('a fault that makes no sense', () => {
  const createAction = (action: object, request = 'getTask') => ({ request, do: action });
  const callAction = (action: object) => createAction(action, 'MemoryStoreQueue:AddAsync');
  it.each<[fault: unknown, path: string, problem: string, hint?: string]>([
    [{ do: { never: true } }, '', 'does not say which "request" it is about'],
    [{ request: 'any' }, '', 'does not say what to "do"'],
    [
      { request: 'getTasks', do: { never: true } },
      '.request',
      'is "getTasks", which is no request',
      'did you mean getTask?',
    ],
    [{ request: 'any', nth: 0, do: { never: true } }, '.nth', 'is 0, not a whole number from 1 to 1000000'],
    [{ request: 'any', times: 1.5, do: { never: true } }, '.times', 'is 1.5, not a whole number'],
    [
      { request: 'any', times: 'allways', do: { never: true } },
      '.times',
      'is "allways", not "always"',
      'did you mean always?',
    ],
    [
      { request: 'any', nths: 1, do: { never: true } },
      '.nths',
      'is not a field of a fault',
      'did you mean nth?',
    ],
    [createAction([]), '.do', 'is a list, not an object'],
    [createAction({}), '.do', 'says nothing to do'],
    [createAction({ rest: 'before' }), '.do.rest', 'is not a field of a fault', 'did you mean reset?'],
    [createAction({ 'a b': 1 }), '.do["a b"]', 'is not a field of a fault', 'take it out'],
    [
      createAction({ reset: 'befor' }),
      '.do.reset',
      'is "befor", not "before" or "after"',
      'did you mean before?',
    ],
    [createAction({ close: true }), '.do.close', 'is true, not "before" or "after"'],
    [createAction({ never: false }), '.do.never', 'is false, not true'],
    [createAction({ raw: 1 }), '.do.raw', 'is 1, not text'],
    [createAction({ delayMs: '5s' }), '.do.delayMs', 'is "5s", not a whole number from 0'],
    [createAction({ truncate: -1 }), '.do.truncate', 'is -1, not a whole number from 0'],
    [createAction({ drip: { bytes: 1 } }), '.do.drip', 'is an object, not {"bytes":…,"everyMs":…}'],
    [createAction({ drip: { bytes: 0, everyMs: 1 } }), '.do.drip.bytes', 'is 0, not a whole number from 1'],
    [createAction({ redirect: 'a\nb' }), '.do.redirect', 'is "a\\nb", not text that a header can hold'],
    [
      createAction({ redirect: 'x', status: 200 }),
      '.do.status',
      'is 200, not a whole number from 300 to 399',
    ],
    [createAction({ answer: 502 }), '.do.answer', 'is 502, not an object'],
    [
      createAction({ answer: { status: 100 } }),
      '.do.answer.status',
      'is 100, not a whole number from 200 to 599',
    ],
    [createAction({ answer: { headers: { a: null } } }), '.do.answer.headers.a', 'is null, not text'],
    [
      createAction({ answer: { headers: { 'a b': 'c' } } }),
      '.do.answer.headers["a b"]',
      'is not the name of a header',
    ],
    [
      createAction({ answer: { headers: { 'Content-Length': '5' } } }),
      '.do.answer.headers["Content-Length"]',
      'cannot be set',
    ],
    [createAction({ answer: { bodyBase64: 'AAE' } }), '.do.answer.bodyBase64', 'is "AAE", not base64'],
    [
      createAction({ answer: { body: 'a', bodyBase64: '' } }),
      '.do.answer.bodyBase64',
      'does not go with body',
    ],
    [createAction({ headers: { a: 1 } }), '.do.headers.a', 'is 1, not text'],
    [createAction({ patch: [] }), '.do.patch', 'is a list, not an object'],
    [
      createAction({ patch: {} }, 'downloadBinaryOutput'),
      '.do.patch',
      'needs a request that is answered in JSON',
    ],
    [createAction({ patch: {} }, 'any'), '.do.patch', 'needs a request that is answered in JSON'],
    [
      createAction({ state: 'QUEUED' }, 'listLogs'),
      '.do.state',
      'needs a request that is answered with a task',
    ],
    [createAction({ answer: {}, reset: 'before' }), '.do.reset', 'does not go with answer'],
    [createAction({ delayMs: 1, never: true }), '.do.delayMs', 'does not go with never'],
    [createAction({ answer: {}, headers: {} }), '.do.headers', 'does not go with answer'],
    [createAction({ after: true }), '.do.after', 'goes only with answer, redirect, raw, never'],
    [createAction({ status: 500 }), '.do.status', 'goes only with redirect'],
    [createAction({ truncate: 1, endless: true }), '.do.endless', 'does not go with truncate'],
    [
      { request: 'MemoryStoreQueue.AddAsync', do: { never: true } },
      '.request',
      'is "MemoryStoreQueue.AddAsync", which is no request',
      'did you mean MemoryStoreQueue:AddAsync?',
    ],
    ...[
      { reset: 'before' },
      { close: 'after', delayMs: 1 },
      { raw: 'x' },
      { redirect: 'x' },
      { headers: {} },
      { patch: {} },
      { state: 'X' },
      { truncate: 1 },
      { drip: { bytes: 1, everyMs: 1 } },
      { endless: true },
      { answer: { status: 503 }, after: true },
      { never: true, after: true },
    ].map((action): [fault: unknown, path: string, problem: string, hint?: string] => {
      const name = Object.keys(action).find((key) => !['answer', 'never', 'delayMs'].includes(key));
      const problem = 'is for requests over HTTP, and MemoryStoreQueue:AddAsync is called by scripts';
      return [callAction(action), `.do.${name}`, problem, 'use answer, never or delayMs'];
    }),
    [callAction({}), '.do', 'says nothing to do'],
    [callAction({ never: true, delayMs: 5 }), '.do.delayMs', 'does not go with never'],
    [callAction({ answer: {} }), '.do.answer', 'is an object, not {"status":…}'],
    [
      callAction({ answer: { status: 200 } }),
      '.do.answer.status',
      'is 200, not a whole number from 400 to 599',
    ],
    [
      callAction({ answer: { status: 600 } }),
      '.do.answer.status',
      'is 600, not a whole number from 400 to 599',
    ],
    [callAction({ answer: { status: 500, body: {} } }), '.do.answer.body', 'is an object, not text'],
    [callAction({ answer: { status: 500, headers: {} } }), '.do.answer.headers', 'is not a field of a fault'],
  ])('%j: %s', (fault, path, problem, hint) => {
    const error = errorOf(() => parseFaultsFile(thirdOf(fault), 'f.json'));
    const message = expect.stringContaining(`faults[2]${path} in f.json ${problem}`);
    expect(error).toMatchObject({ id: 'LX011', kind: 'usage', message });
    if (hint !== undefined) expect(error).toMatchObject({ hint });
  });

  it('does not start an emulator', async () => {
    const faults: Fault[] = [{ request: 'any', do: { drip: { bytes: 0, everyMs: 1 } } }];
    const { runLuau } = createScriptedLuau({});
    const failure = await startEmulator({ clock: new FakeClock(), runLuau, faults }).catch((error) => error);
    expect(failure).toMatchObject({ id: 'LX011' });
    expect(failure.message).toContain('faults[0].do.drip.bytes is 0, not');
  });
});
