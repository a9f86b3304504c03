import { describe, expect, it } from 'vitest';
import type { LuauResult } from '../../src/emulator/luau/luau-runner.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { PLACE, useEmulators, v2Body } from './emulator-session.ts';

const start = useEmulators();

describe('get task', () => {
  it('shows a task from its start to its end', async () => {
    const { create, get, clock } = await start({
      scripts: { work: { afterMs: 2500, result: { kind: 'complete', results: [3, { a: [null] }] } } },
    });
    const path = await create({ script: 'work', timeout: '60s' });
    const unfinished = {
      path,
      user: '1',
      state: 'PROCESSING',
      script: '',
      timeout: '60s',
      binaryInput: '',
      enableBinaryOutput: false,
      binaryOutputUri: '',
      createTime: '2026-11-21T09:00:00Z',
      updateTime: '2026-11-21T09:00:00Z',
    };
    await clock.advance(2499);
    expect((await get(`/cloud/v2/${path}`)).json).toEqual(unfinished);
    await clock.advance(1);
    expect((await get(`/cloud/v2/${path}`)).json).toEqual({
      ...unfinished,
      state: 'COMPLETE',
      updateTime: '2026-11-21T09:00:02.500Z',
      output: { results: [3, { a: [null] }] },
    });
  });

  it.each<[string, LuauResult, Record<string, unknown>]>([
    [
      'no results as an empty list',
      { kind: 'complete', results: [] },
      { state: 'COMPLETE', output: { results: [] } },
    ],
    [
      'an error without an output',
      { kind: 'failed', code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' },
      { state: 'FAILED', error: { code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' } },
    ],
    ['a cancelled script with neither', { kind: 'cancelled' }, { state: 'CANCELLED' }],
  ])('shows %s', async (_name, result, expected) => {
    const { create, get } = await start({ scripts: { done: { result } } });
    const { json } = await get(`/cloud/v2/${await create({ script: 'done' })}`);
    const { state, output, error } = json;
    expect({ state, ...(output ? { output } : {}), ...(error ? { error } : {}) }).toEqual(expected);
  });

  it('counts the timeout from the start of the script, not from the create', async () => {
    const { create, get, clock } = await start({ bootDelayMs: 10_000 });
    const path = await create({ script: 'slow', timeout: '2s' });
    await clock.advance(11_999);
    expect((await get(`/cloud/v2/${path}`)).json.state).toBe('PROCESSING');
    await clock.advance(1);
    const { json } = await get(`/cloud/v2/${path}`);
    expect(json.error).toEqual({
      code: 'DEADLINE_EXCEEDED',
      message: 'the script ran longer than its timeout',
    });
  });

  it('ends a task whose runner broke with an internal error', async () => {
    const { create, get } = await start({ runLuau: () => Promise.reject(new Error('no thread')) });
    const { json } = await get(`/cloud/v2/${await create({ script: 'quick' })}`);
    expect(json.state).toBe('FAILED');
    expect(json.error).toEqual({ code: 'INTERNAL_ERROR', message: 'Error: no thread' });
  });

  it.each([
    ['', ''],
    ['?view=BASIC', ''],
    ['?view=VIEW_UNSPECIFIED', ''],
    ['?view=FULL', 'quick'],
  ])('shows the script only in the full view (%s)', async (query, script) => {
    const { create, get } = await start();
    expect((await get(`/cloud/v2/${await create({ script: 'quick' })}${query}`)).json.script).toBe(script);
  });

  it('refuses a view that does not exist', async () => {
    const { create, get } = await start();
    const reply = await get(`/cloud/v2/${await create({ script: 'quick' })}?view=full`);
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual(v2Body('INVALID_ARGUMENT', 'view must be BASIC or FULL.'));
  });
});

describe('the path of a task', () => {
  it('is read in all four forms and always answered in the longest', async () => {
    const { create, get } = await start({ headVersion: 5 });
    const path = await create({ script: 'quick' });
    const id = path.split('/').at(-1);
    for (const form of [
      `${PLACE}/luau-execution-session-tasks/${id}`,
      `${PLACE}/versions/5/luau-execution-session-tasks/${id}`,
      `${PLACE}/luau-execution-sessions/${id}/tasks/${id}`,
      `${PLACE}/versions/5/luau-execution-sessions/${id}/tasks/${id}`,
    ]) {
      const task = await get(`/cloud/v2/${form}`);
      const logs = await get(`/cloud/v2/${form}/logs`);
      expect([form, task.status, task.json.path]).toEqual([form, 200, path]);
      expect([form, logs.json.luauExecutionSessionTaskLogs]).toEqual([
        form,
        [{ path: `${path}/logs/1`, messages: [] }],
      ]);
    }
  });

  it('must be right in every part', async () => {
    const { create, get } = await start({ headVersion: 5 });
    const id = (await create({ script: 'quick' })).split('/').at(-1);
    for (const form of [
      `universes/12/places/22/luau-execution-session-tasks/${id}`,
      `universes/11/places/23/luau-execution-session-tasks/${id}`,
      `${PLACE}/versions/4/luau-execution-session-tasks/${id}`,
      `${PLACE}/luau-execution-sessions/other/tasks/${id}`,
      `${PLACE}/luau-execution-session-tasks/other`,
    ]) {
      for (const path of [`/cloud/v2/${form}`, `/cloud/v2/${form}/logs`]) {
        const reply = await get(path);
        expect([path, reply.status]).toEqual([path, 404]);
        expect(reply.json).toEqual(v2Body('NOT_FOUND', 'The task was not found.'));
      }
    }
  });

  it.each(['universes/0/places/22', 'universes/11/places/x', 'universes/11/places/22/versions/01'])(
    'is refused under %s',
    async (parent) => {
      const { get } = await start();
      for (const end of ['', '/logs']) {
        const reply = await get(`/cloud/v2/${parent}/luau-execution-session-tasks/abc${end}`);
        expect(reply.status).toBe(400);
        expect(reply.json).toEqual(v2Body('INVALID_ARGUMENT', 'The path of the task is not valid.'));
      }
    },
  );
});

it('keeps a task for 24 hours after its end, whatever the wall clock does', async () => {
  const clock = new FakeClock();
  const { create, get } = await start({ clock });
  const path = await create({ script: 'slow' });
  await clock.advance(60_000);
  clock.jumpWall(48 * 3_600_000);
  await clock.advance(24 * 3_600_000 - 1);
  expect((await get(`/cloud/v2/${path}`)).status).toBe(200);
  expect((await get(`/cloud/v2/${path}/logs`)).status).toBe(200);
  await clock.advance(1);
  expect((await get(`/cloud/v2/${path}`)).status).toBe(404);
  expect((await get(`/cloud/v2/${path}/logs`)).status).toBe(404);
});
