import { describe, expect, it } from 'vitest';
import type { Fault, FaultAction } from '../../src/emulator/faults.ts';
import type { JsonValue } from '../../src/open-cloud/task.ts';
import { type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const FIRST_MESSAGES = ['real 1', 'real 2'];
const SCRIPTS: NonNullable<CliSessionOptions['scripts']> = {
  OK: {
    logs: FIRST_MESSAGES.map((message) => ({ level: 'OUTPUT', message })),
    result: { kind: 'complete', results: ['kept'] },
  },
  BAD: {
    logs: FIRST_MESSAGES.map((message) => ({ level: 'OUTPUT', message })),
    result: { kind: 'failed', code: 'SCRIPT_ERROR', message: 'TaskScript:1: kept' },
  },
};

async function runWith(
  faults: Fault[],
  { script = 'OK', argv = [] }: { script?: string; argv?: string[] } = {},
) {
  const session = await open({ files: { 'a.luau': script }, scripts: SCRIPTS, faults });
  const startMs = session.clock.now();
  const { exitCode, stdout, stderr } = await session.run('run', 'a.luau', '--json', ...argv);
  const envelope = JSON.parse(stdout);
  return {
    exitCode,
    stderr,
    envelope,
    messages: envelope.logs?.messages.map(({ message }: { message: string }) => message),
    logReads: session.requests.filter((request) => request.endsWith('/logs')).length,
    creates: session.requests.filter((request) => request.startsWith('POST ')).length,
    tookMs: session.clock.now() - startMs,
    session,
  };
}

/** A page with one message a text; with a token there are more. */
const page = (texts: string[], nextPageToken = ''): FaultAction => ({
  answer: {
    body: {
      luauExecutionSessionTaskLogs: texts.map(
        (message): JsonValue => ({ structuredMessages: [{ message, messageType: 'OUTPUT' }] }),
      ),
      nextPageToken,
    },
  },
});

const GATEWAY_DOWN: FaultAction = { answer: { status: 503, body: '<html><title>503</title>' } };
const BROKEN: [name: string, action: FaultAction][] = [
  ['503', GATEWAY_DOWN],
  ['resets', { reset: 'before' }],
  ['silence', { never: true }],
  ['broken JSON', { answer: { body: '{"luauExecutionSessionTaskLogs":[' } }],
];

describe('row 26: logs that cannot be read', () => {
  it.each(BROKEN)('row 26: %s for ever keeps the result and says LX302', async (_name, action) => {
    const run = await runWith([{ request: 'listLogs', times: 'always', do: action }]);
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: '',
      creates: 1,
      envelope: {
        ok: true,
        outcome: 'ok',
        results: ['kept'],
        error: null,
        logs: { messages: [], complete: false },
        warnings: [{ id: 'LX302', hint: expect.stringMatching(/^luau-exec logs universes\//) }],
      },
    });
    expect(run.logReads).toBeLessThanOrEqual(5);
    // Twenty seconds of patience, of which the last try may begin at the end.
    expect(run.tookMs).toBeLessThan(20_000 + 15_000 + 5_000);
  });

  it('row 26: keeps the exit code of a script that failed too', async () => {
    const run = await runWith([{ request: 'listLogs', times: 'always', do: GATEWAY_DOWN }], {
      script: 'BAD',
    });
    expect(run).toMatchObject({
      exitCode: 1,
      envelope: { outcome: 'script_failed', error: { id: 'LX101' }, warnings: [{ id: 'LX302' }] },
    });
  });

  it('row 26: prints the result before it says so, and names the command', async () => {
    const session = await open({
      files: { 'a.luau': 'OK' },
      scripts: SCRIPTS,
      faults: [{ request: 'listLogs', times: 5, do: GATEWAY_DOWN }],
    });
    const { exitCode, stdout, stderr } = await session.run('run', 'a.luau', '-q');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"kept"\n' });
    const [warning, hint = '', rest] = stderr.split('\n');
    expect(warning).toBe(
      'warning: logs could not be read whole (HTTP 503 HTML, 5 tries); the result is complete',
    );
    expect(rest).toBe('');
    // The hint is a command that works once the service is back.
    const [, , ...argv] = hint.split(' ');
    expect(await session.run(...argv)).toEqual({ exitCode: 0, stdout: 'real 1\nreal 2\n', stderr: '' });
  });

  it('row 26: is a failure only where logs are required', async () => {
    const run = await runWith([{ request: 'listLogs', times: 'always', do: GATEWAY_DOWN }], {
      argv: ['--require-logs'],
    });
    expect(run).toMatchObject({ exitCode: 7, envelope: { outcome: 'unavailable', results: ['kept'] } });
  });
});

describe('row 26: pages', () => {
  it.each(BROKEN)('row 26: %s in place of the second page keeps the first', async (_name, action) => {
    const run = await runWith([
      { request: 'listLogs', do: page(['one', 'two'], '2') },
      { request: 'listLogs', nth: 2, times: 'always', do: action },
    ]);
    expect(run).toMatchObject({
      exitCode: 0,
      envelope: { results: ['kept'], logs: { complete: false }, warnings: [{ id: 'LX302' }] },
    });
    expect(run.messages).toEqual(['one', 'two']);
  });

  it.each([[['a', 'a']], [['a', 'b', 'a']], [['a', 'b', 'b']]])(
    'row 26: a token that comes again ends the reading (%j)',
    async (tokens) => {
      const texts = tokens.map((token, index) => `page ${index + 1}, then ${token}`);
      const run = await runWith(
        tokens.map((token, index) => ({
          request: 'listLogs',
          nth: index + 1,
          do: page([texts[index] ?? ''], token),
        })),
      );
      expect(run).toMatchObject({
        exitCode: 0,
        logReads: tokens.length,
        messages: texts,
        envelope: { results: ['kept'], logs: { complete: false }, warnings: [{ id: 'LX302' }] },
      });
    },
  );

  it('row 26: 1,000 pages are read up to the fiftieth', async () => {
    const pages = Array.from({ length: 50 }, (_, index): Fault => {
      return { request: 'listLogs', nth: index + 1, do: page([`page ${index + 1}`], `t${index + 1}`) };
    });
    const run = await runWith(pages);
    expect(run).toMatchObject({
      exitCode: 0,
      logReads: 50,
      envelope: { results: ['kept'], logs: { complete: false }, warnings: [{ id: 'LX302' }] },
    });
    expect(run.messages).toEqual(pages.map((_, index) => `page ${index + 1}`));
    expect(run.tookMs).toBeLessThan(120_000);
  });
});

describe('row 27: logs that come late', () => {
  const empty: FaultAction = { answer: { body: { luauExecutionSessionTaskLogs: [], nextPageToken: '' } } };

  it.each([1, 2])('row 27: after %i empty answers they are shown', async (times) => {
    const run = await runWith([{ request: 'listLogs', times, do: empty }]);
    expect(run).toMatchObject({ exitCode: 0, logReads: times + 1, envelope: { warnings: [] } });
    expect(run.messages).toEqual(FIRST_MESSAGES);
    expect(run.tookMs).toBeGreaterThanOrEqual(times === 1 ? 1_000 : 3_000);
    expect(run.tookMs).toBeLessThan(5_000);
  });

  it.each([null, {}, { luauExecutionSessionTaskLogs: null }])(
    'row 27: an answer that has no list is empty too (%j)',
    async (body) => {
      // `null` is no object, so that one is a bad answer and asked for again as such.
      const run = await runWith([{ request: 'listLogs', do: { answer: { body } } }]);
      expect(run).toMatchObject({ exitCode: 0, logReads: 2 });
      expect(run.messages).toEqual(FIRST_MESSAGES);
    },
  );

  it('row 27: that stay empty are believed in the end', async () => {
    const run = await runWith([{ request: 'listLogs', times: 'always', do: empty }]);
    expect(run).toMatchObject({
      exitCode: 0,
      logReads: 3,
      messages: [],
      envelope: { results: ['kept'], logs: { complete: true }, warnings: [] },
    });
    expect(run.tookMs).toBeLessThan(5_000);
  });

  it('row 27: of a script that failed are waited for, because its error is always logged', async () => {
    const silent: FaultAction = {
      answer: { body: { luauExecutionSessionTaskLogs: [{ structuredMessages: [] }] } },
    };
    const run = await runWith([{ request: 'listLogs', do: silent }], { script: 'BAD' });
    expect(run).toMatchObject({ exitCode: 1, logReads: 2, messages: FIRST_MESSAGES });
  });
});

describe('row 27: logs at the cap of 450 KB', () => {
  const runLoud = async (count: number) => {
    const session = await open({
      files: { 'a.luau': 'LOUD' },
      scripts: {
        LOUD: {
          logs: Array.from({ length: count }, (_, index) => ({
            level: 'OUTPUT',
            message: `${index} `.padEnd(1_000, '.'),
          })),
          result: { kind: 'complete', results: ['kept'] },
        },
      },
    });
    const { exitCode, stdout } = await session.run('run', 'a.luau', '--json');
    const { results, logs, warnings } = JSON.parse(stdout);
    return { exitCode, results, logs, warningIds: warnings.map(({ id }: { id: string }) => id) };
  };

  it('row 27: the newest are shown, and LX301 says that early ones are missing', async () => {
    const { exitCode, results, logs, warningIds } = await runLoud(600);
    expect({ exitCode, results, warningIds }).toEqual({
      exitCode: 0,
      results: ['kept'],
      warningIds: ['LX301'],
    });
    expect(logs).toMatchObject({ complete: true, truncatedHead: true });
    expect(logs.messages[0].message).not.toMatch(/^0 /);
    expect(logs.messages.at(-1).message).toMatch(/^599 /);
  });

  it('row 27: somewhat below it nothing is missing and nothing is said', async () => {
    const { exitCode, logs, warningIds } = await runLoud(400);
    expect({ exitCode, warningIds, count: logs.messages.length }).toEqual({
      exitCode: 0,
      warningIds: [],
      count: 400,
    });
    expect(logs).toMatchObject({ complete: true, truncatedHead: false });
  });
});
