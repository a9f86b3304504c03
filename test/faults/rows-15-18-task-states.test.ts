import { describe, expect, it } from 'vitest';
import type { Fault, JsonObject } from '../../src/emulator/faults.ts';
import { useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
/** A script's longest time and the 45 s that its server may take to come up. */
const DEADLINE_MS = 345_000;

/** Runs a script that takes a second, while its reads say something else than the truth. */
async function runWith(faults: Fault[], afterMs = 1_000) {
  const session = await open({
    files: { 'a.luau': 'A' },
    scripts: { A: { afterMs, result: { kind: 'complete', results: ['real'] } } },
    faults,
  });
  const startMs = session.clock.now();
  const { exitCode, stdout, stderr } = await session.run('run', 'a.luau', '--json');
  const creates = session.requests.filter((request) => request.startsWith('POST ')).length;
  const envelope = JSON.parse(stdout);
  return {
    exitCode,
    stderr,
    envelope,
    creates,
    requests: session.requests,
    tookMs: session.clock.now() - startMs,
  };
}

const always = (patch: JsonObject): Fault[] => [{ request: 'getTask', times: 'always', do: { patch } }];
const once = (nth: number, patch: JsonObject): Fault => ({ request: 'getTask', nth, do: { patch } });

describe('row 15: a state that never becomes a known end', () => {
  it.each<[name: string, patch: JsonObject, exitCode: number, outcome: string, state: string]>([
    ['an unknown word', { state: 'HIBERNATING' }, 10, 'bad_response', 'HIBERNATING'],
    ['a known word in lower case', { state: 'complete' }, 10, 'bad_response', 'complete'],
    ['none', { state: null }, 10, 'bad_response', 'STATE_UNSPECIFIED'],
    ['a number', { state: 3 }, 10, 'bad_response', 'STATE_UNSPECIFIED'],
    ['QUEUED', { state: 'QUEUED' }, 124, 'wait_timeout', 'QUEUED'],
    ['PROCESSING', { state: 'PROCESSING' }, 124, 'wait_timeout', 'PROCESSING'],
  ])('row 15: %s goes on to the deadline', async (_name, patch, exitCode, outcome, state) => {
    const run = await runWith(always(patch));
    expect(run).toMatchObject({ exitCode, creates: 1, envelope: { outcome, error: { id: 'LX601' } } });
    expect(run.envelope.error.hint).toBe(`luau-exec wait ${run.envelope.error.taskPath}`);
    expect(`${run.envelope.error.message} ${run.envelope.error.facts.join(' ')}`).toContain(state);
    expect(run.tookMs).toBeGreaterThanOrEqual(DEADLINE_MS);
    expect(run.tookMs).toBeLessThan(DEADLINE_MS + 5_000);
  });

  it('row 15: an unknown state that passes does no harm', async () => {
    const run = await runWith([once(1, { state: 'HIBERNATING' }), once(2, { state: null })]);
    expect(run).toMatchObject({ exitCode: 0, envelope: { results: ['real'] } });
  });
});

describe('row 16: an end without what belongs to it', () => {
  it.each<[name: string, error: JsonObject | string | null, code: string]>([
    ['an unknown error code', { code: 'SOLAR_FLARE', message: 'try tomorrow' }, 'SOLAR_FLARE'],
    ['FAILED without an error', null, 'ERROR_CODE_UNSPECIFIED'],
    ['FAILED with an empty error', {}, 'ERROR_CODE_UNSPECIFIED'],
    ['FAILED with an error of text', 'bad', 'ERROR_CODE_UNSPECIFIED'],
  ])('row 16: %s', async (_name, error, code) => {
    const run = await runWith([
      { request: 'getTask', do: { state: 'FAILED', patch: { error, output: null } } },
    ]);
    expect(run).toMatchObject({
      exitCode: 3,
      creates: 1,
      envelope: { outcome: 'remote_failed', results: null, error: { id: 'LX201', code } },
    });
  });

  it.each<[name: string, output: JsonObject | string | null]>([
    ['no output', null],
    ['an empty output', { results: null }],
    ['results that are no list', { results: 'x' }],
    ['an output of text', 'x'],
  ])('row 16: COMPLETE with %s', async (_name, output) => {
    const run = await runWith([{ request: 'getTask', do: { state: 'COMPLETE', patch: { output } } }]);
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: '',
      creates: 1,
      envelope: { ok: true, outcome: 'ok', results: [], error: null },
    });
  });
});

describe('row 17: a cancelled task', () => {
  it('row 17: ends the run at once', async () => {
    const run = await runWith([once(2, { state: 'CANCELLED' })], 60_000);
    expect(run).toMatchObject({
      exitCode: 3,
      creates: 1,
      envelope: {
        outcome: 'cancelled',
        results: null,
        task: { state: 'CANCELLED' },
        error: { id: 'LX202' },
      },
    });
    const looks = run.requests.filter((request) => /^GET .*\/tasks\/[^/]+$/.test(request));
    expect(looks).toHaveLength(2);
    expect(run.tookMs).toBeLessThan(5_000);
  });
});

describe('row 18: a history that goes back and forth', () => {
  it('row 18: PROCESSING, QUEUED, COMPLETE with an updateTime that goes back is a success', async () => {
    const run = await runWith([
      once(1, { state: 'PROCESSING', updateTime: '2026-11-21T09:00:09Z' }),
      once(2, { state: 'QUEUED', updateTime: '2026-11-21T09:00:05Z' }),
      once(3, { state: 'PROCESSING', updateTime: '1970-01-01T00:00:00Z' }),
    ]);
    expect(run).toMatchObject({ exitCode: 0, creates: 1, envelope: { results: ['real'], warnings: [] } });
  });

  it.each(['2026-02-31T25:61:61Z', '0001-01-01T00:00:00Z', 'yesterday', 5])(
    'row 18: an updateTime of %j is a success',
    async (updateTime) => {
      const run = await runWith([
        { request: 'getTask', times: 'always', do: { patch: { updateTime, createTime: updateTime } } },
      ]);
      expect(run).toMatchObject({ exitCode: 0, creates: 1, envelope: { results: ['real'] } });
    },
  );
});
