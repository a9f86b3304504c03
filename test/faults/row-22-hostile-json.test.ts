import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { type CliSession, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const PATH = 'universes/11/places/22/luau-execution-session-tasks/t-1';

const answer = (body: Buffer | string, fields: { status?: number } = {}): Fault['do'] => ({
  answer: {
    ...fields,
    headers: { 'content-type': 'application/json' },
    bodyBase64: Buffer.from(body).toString('base64'),
  },
});

/** A complete task as JSON text, with `results` and further fields as they stand. */
const completeTask = (results: string, more = '') =>
  `{"path":"${PATH}","state":"COMPLETE","output":{"results":${results}}${more}}`;

const NO_LOGS = '{"luauExecutionSessionTaskLogs":[{"messages":[]}]}';

/** Waits for a task whose reads are answered with `bodies` in order, the last of them for good. */
async function waitFor(bodies: (Buffer | string)[], logs: Buffer | string = NO_LOGS) {
  const faults = bodies.map((body, index): Fault => {
    const isLast = index === bodies.length - 1;
    return { request: 'getTask', nth: index + 1, times: isLast ? 'always' : 1, do: answer(body) };
  });
  const session = await open({
    faults: [...faults, { request: 'listLogs', times: 'always', do: answer(logs) }],
  });
  return run(session, 'wait', PATH);
}

async function run(session: CliSession, ...argv: string[]) {
  const startMs = session.clock.now();
  const { exitCode, stdout, stderr } = await session.run(...argv, '--json');
  return { exitCode, stdout, stderr, envelope: JSON.parse(stdout), tookMs: session.clock.now() - startMs };
}

const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const invalidUtf8 = (text: string) => Buffer.from(text.replace('?', '\xff\xc0\xaf'), 'latin1');

/** A list that is not compared by value: its prototypes could be what is wrong. */
function expectCleanPrototypes(): void {
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  expect(Reflect.get([], 'polluted')).toBeUndefined();
}

describe('row 22: odd but readable JSON', () => {
  it.each<[name: string, body: Buffer | string, results: string]>([
    ['a byte order mark', `\uFEFF${completeTask('[1]')}`, '[1]'],
    ['blanks around it', ` \r\n\t${completeTask('[1]')}\n\n`, '[1]'],
    ['invalid UTF-8', invalidUtf8(completeTask('["a?b"]')), '["a\uFFFD\uFFFD\uFFFDb"]'],
    ['an escaped NUL', completeTask('["a\\u0000b"]'), '["a\\u0000b"]'],
    ['lone surrogates', completeTask('["\\ud800","\\udfff\\ud800"]'), '["\\ud800","\\udfff\\ud800"]'],
    ['lone surrogates in keys', completeTask('[{"\\ud800":1}]'), '[{"\\ud800":1}]'],
    // JSON has no infinity: what no double can hold becomes null.
    ['1e400', completeTask('[1e400,-1e400,1e-400]'), '[null,null,0]'],
    ['whole numbers past 2^53', completeTask('[9007199254740993]'), '[9007199254740992]'],
    [
      '__proto__ in a result',
      completeTask('[{"__proto__":{"polluted":1}}]'),
      '[{"__proto__":{"polluted":1}}]',
    ],
    [
      '__proto__ and constructor beside the fields',
      completeTask(
        '[1]',
        ',"__proto__":{"polluted":1,"state":"FAILED"},"constructor":{"prototype":{"polluted":1}}',
      ),
      '[1]',
    ],
    ['one key twice', completeTask('[1]', ',"state":"COMPLETE"'), '[1]'],
    ['900 levels', completeTask(deep(900)), deep(900)],
  ])('row 22: %s', async (_name, body, results) => {
    const { exitCode, stdout, stderr, envelope } = await waitFor([body]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`"results":${results},"error":null`);
    expect(envelope.outcome).toBe('ok');
    expectCleanPrototypes();
  });
});

const UNREADABLE: [name: string, body: Buffer | string][] = [
  ['200,000 levels of lists', completeTask(deep(200_000))],
  ['200,000 levels of objects', completeTask(`[${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}]`)],
  ['200,000 levels that never close', '['.repeat(200_000)],
  ['a naked NUL', completeTask('["a\0b"]')],
  ['NULs after the end', `${completeTask('[1]')}\0\0`],
  ['UTF-16', Buffer.from(`\uFEFF${completeTask('[1]')}`, 'utf16le')],
  ['a second document', `${completeTask('[1]')}{}`],
  ['NaN', completeTask('[NaN]')],
  ['a path in __proto__ alone', `{"__proto__":{"path":"${PATH}","state":"COMPLETE"}}`],
];

describe('row 22: JSON that cannot be used', () => {
  it.each(UNREADABLE)('row 22: %s, once, is asked for again', async (_name, body) => {
    const { exitCode, envelope, tookMs } = await waitFor([body, completeTask('["fine"]')]);
    expect({ exitCode, results: envelope.results }).toEqual({ exitCode: 0, results: ['fine'] });
    expect(envelope.timing.retries).toBe(1);
    expect(tookMs).toBeLessThan(5_000);
    expectCleanPrototypes();
  });

  it.each(UNREADABLE)('row 22: %s, for good, ends with 10', async (_name, body) => {
    const { exitCode, stderr, envelope, tookMs } = await waitForUnread([body]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 10, stderr: '' });
    expect(envelope).toMatchObject({ outcome: 'bad_response', results: null, error: { id: 'LX520' } });
    expect(tookMs).toBeLessThan(125_000);
    expectCleanPrototypes();
  });
});

describe('row 22: the same in other places', () => {
  it.each<[name: string, body: string]>([
    ['a task deeper than can be read', `{"path":"${PATH.replace('t-1', 't-9')}","x":${deep(200_000)}}`],
    ['a byte order mark', `\uFEFF{"path":"${PATH.replace('t-1', 't-9')}"}`],
    ['a NUL behind it', `{"path":"${PATH.replace('t-1', 't-9')}"}\0`],
  ])('row 22: a create that is answered with %s goes on by its path', async (_name, body) => {
    const session = await open({ faults: [{ request: 'createTask', do: answer(body) }] });
    const { exitCode, envelope } = await run(session, 'run', '-e', 'return 1', '--detach');
    expect({ exitCode, taskId: envelope.task.taskId }).toEqual({ exitCode: 0, taskId: 't-9' });
  });

  it.each([deep(200_000), '\0', '\uFEFF', '{"__proto__":{"path":"x"}}', 'null'])(
    'row 22: a create whose answer holds no path is not repeated (%#)',
    async (body) => {
      const session = await open({ faults: [{ request: 'createTask', do: answer(body) }] });
      const { exitCode, envelope } = await run(session, 'run', '-e', 'return 1');
      expect({ exitCode, id: envelope.error.id }).toEqual({ exitCode: 9, id: 'LX510' });
      expect(session.requests).toHaveLength(1);
      expectCleanPrototypes();
    },
  );

  it.each<[name: string, body: Buffer | string]>([
    ['200,000 levels', deep(200_000)],
    ['__proto__', '{"__proto__":{"code":"POLLUTED","message":"polluted","polluted":1},"errors":[null]}'],
    ['invalid UTF-8 and NUL', invalidUtf8('{"code":"X\\u0000","message":"a?b"}')],
    ['lone surrogates', '{"code":"\\ud800","message":"\\udfff"}'],
    ['1e400', '{"code":1e400,"message":1e400}'],
  ])('row 22: a refusal with %s is a refusal', async (_name, body) => {
    const session = await open({ faults: [{ request: 'createTask', do: answer(body, { status: 403 }) }] });
    const { exitCode, envelope } = await run(session, 'run', '-e', 'return 1');
    expect({ exitCode, id: envelope.error.id }).toEqual({ exitCode: 4, id: 'LX403' });
    expect(envelope.error.code).not.toBe('POLLUTED');
    expectCleanPrototypes();
  });

  it('row 22: log messages are told exactly, and what is none is passed over', async () => {
    const odd = ['a\\u0000b', '\\ud800', '\\ufeff', '__proto__'].map(
      (text) => `{"message":"${text}","messageType":"OUTPUT"}`,
    );
    const list = [...odd, 'null', '[]', '1e400', '{"__proto__":{"message":"polluted"}}'];
    const logs = `{"luauExecutionSessionTaskLogs":[{"structuredMessages":[${list.join(',')}]},null,${deep(900)}]}`;
    const { exitCode, envelope } = await waitFor([completeTask('[1]')], logs);
    expect(exitCode).toBe(0);
    const messages = envelope.logs.messages.map(({ message }: { message: string }) => message);
    expect(messages).toEqual(['a\0b', '\ud800', '\ufeff', '__proto__', '']);
    expect(envelope).toMatchObject({ results: [1], logs: { complete: true }, warnings: [] });
    expectCleanPrototypes();
  });

  it('row 22: logs of 200,000 levels cost the logs, not the result', async () => {
    const { exitCode, envelope } = await waitFor(
      [completeTask('[1]')],
      `{"luauExecutionSessionTaskLogs":${deep(200_000)}}`,
    );
    expect(exitCode).toBe(0);
    expect(envelope).toMatchObject({ results: [1], logs: { complete: false }, warnings: [{ id: 'LX302' }] });
  });
});

/** Like `waitFor`, for a task whose end is never learnt, so that its logs are not asked for. */
async function waitForUnread(bodies: (Buffer | string)[]) {
  const faults = bodies.map((body): Fault => ({ request: 'getTask', times: 'always', do: answer(body) }));
  return run(await open({ faults }), 'wait', PATH);
}
