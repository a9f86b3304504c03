import { describe, expect, it } from 'vitest';
import type { Fault, FaultAnswer } from '../../src/emulator/faults.ts';
import { type CliSession, type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const PORTAL =
  '<!DOCTYPE html><html><head><title>Hotel\n WiFi \u001b[2J- please sign in</title></head></html>';
const SCRIPT: CliSessionOptions = {
  files: { 'a.luau': 'A' },
  scripts: { A: { afterMs: 5_000, result: { kind: 'complete', results: ['done'] } } },
};

/** Answers with a good status that the API never gives, and the words that name each. */
const ANSWERS: [name: string, answer: FaultAnswer, words: string][] = [
  ['a captive portal', { headers: { 'content-type': 'text/html' }, body: PORTAL }, 'a web page: Hotel WiFi'],
  [
    'a page that says it is JSON',
    { headers: { 'content-type': 'application/json' }, body: PORTAL },
    'a web page',
  ],
  ['a page without a title', { headers: { 'content-type': 'text/html' }, body: '<p>hi' }, 'a web page'],
  ['an empty 200', {}, 'the answer is not JSON'],
  ['a 204', { status: 204 }, 'the answer is not JSON'],
  [
    'null',
    { headers: { 'content-type': 'application/json' }, body: 'null' },
    'the answer is not a JSON object',
  ],
  ['[]', { body: [] }, 'the answer is not a JSON object'],
  ['{}', { body: {} }, 'the answer holds no task path'],
  ['text', { body: 'OK' }, 'the answer is not JSON'],
];

async function run(session: CliSession, ...argv: string[]) {
  const startMs = session.clock.now();
  const { exitCode, stdout, stderr } = await session.run(...argv);
  return { exitCode, stdout, stderr, tookMs: session.clock.now() - startMs };
}

const countCreates = ({ requests }: CliSession) =>
  requests.filter((request) => request.startsWith('POST ')).length;

describe.each(ANSWERS)('row 23: %s', (_name, answer, words) => {
  it('row 23: to a read, three times, is asked for again', async () => {
    const session = await open({
      ...SCRIPT,
      faults: [{ request: 'getTask', nth: 2, times: 3, do: { answer } }],
    });
    const { exitCode, stdout } = await run(session, 'run', 'a.luau', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ results: ['done'], timing: { retries: 3 }, warnings: [] });
    expect(countCreates(session)).toBe(1);
  });

  it('row 23: to every read, is LX520 with the line that resumes', async () => {
    const session = await open({
      ...SCRIPT,
      faults: [{ request: 'getTask', times: 'always', do: { answer } }],
    });
    const { exitCode, stdout, stderr, tookMs } = await run(session, 'run', 'a.luau', '-v');
    expect({ exitCode, stdout, creates: countCreates(session) }).toEqual({
      exitCode: 10,
      stdout: '',
      creates: 1,
    });
    expect(stderr).toMatch(/^ {2}id: LX520$/m);
    expect(stderr).toContain(`error: the answer is not from the API (${words}`);
    expect(stderr).toMatch(/^hint: luau-exec wait universes\/11\/places\/22\/\S+$/m);
    expect(stderr).not.toContain('\u001b');
    expect(tookMs).toBeGreaterThanOrEqual(112_000);
    expect(tookMs).toBeLessThan(125_000);
  });

  it('row 23: to a create, is 9 after exactly one POST', async () => {
    const faults: Fault[] = [{ request: 'createTask', do: { answer } }];
    const session = await open({ ...SCRIPT, faults });
    const { exitCode, stdout } = await run(session, 'run', 'a.luau', '--json');
    expect(exitCode).toBe(9);
    expect(session.requests).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'unknown', task: null, error: { id: 'LX510' } });
  });

  it('row 23: to every read of the logs, costs the logs alone', async () => {
    // An object without lists is what the API sends of a task that has no logs.
    const isEmptyObject = JSON.stringify(answer.body) === '{}';
    const session = await open({
      ...SCRIPT,
      faults: [{ request: 'listLogs', times: 'always', do: { answer } }],
    });
    const { exitCode, stdout } = await run(session, 'run', 'a.luau', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      results: ['done'],
      logs: { messages: [], complete: isEmptyObject },
      warnings: isEmptyObject ? [] : [{ id: 'LX302' }],
    });
  });
});
