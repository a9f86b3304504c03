import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { parseRateWindow } from '../../src/open-cloud/pacing.ts';
import { formatTaskPath, type TaskPath } from '../../src/open-cloud/task-path.ts';
import { CONTRACT_TARGETS, CONTRACT_TIMEOUT_MS, useConnection } from './contract-targets.ts';

/** For the first read of a task, which not every server has to know yet. */
const asNew = () => ({ isFirst: true, createdAtMs: systemClock.now() });

// What Open Cloud does, by its documentation or by what people have published: held against the emulator always, and
// against Roblox where the environment names a place. Nothing here is a wording of the emulator's own, and no script
// changes anything.
describe.each(CONTRACT_TARGETS)('$name', { timeout: CONTRACT_TIMEOUT_MS }, (target) => {
  const service = useConnection(target);

  describe('the life of a task', () => {
    it('begins with an answer before the script has run, without times', async () => {
      const { create, lastAnswer, universeId, placeId } = service();
      const task = await create('return 1', { timeoutSeconds: 30 });
      expect(['QUEUED', 'PROCESSING']).toContain(task.state);
      expect(task).toMatchObject({ createTime: null, updateTime: null, timeoutSeconds: 30 });
      expect(Object.keys(lastAnswer().json)).not.toContain('createTime');
      // Versions and sessions are in the path although none were asked for.
      expect(task.path).toEqual({
        universeId,
        placeId,
        versionId: expect.stringMatching(/^[1-9]\d*$/),
        sessionId: expect.stringMatching(/./),
        taskId: expect.stringMatching(/./),
      });
    });

    it('has no logs and no result while the script runs', async () => {
      const { create, client } = service();
      const { path } = await create(`print("early") task.wait(${target.unfinishedSeconds}) return 1`);
      expect((await client.getTask(path, asNew())).phase).toBe('unfinished');
      // By now the script has printed, if its server was quick.
      await systemClock.sleep(target.unfinishedSeconds * 500);
      expect(await client.listLogs(path)).toMatchObject({ messages: [], error: null });
      // Only what was read before the end counts.
      expect((await client.getTask(path)).phase).toBe('unfinished');
    });

    it('ends as COMPLETE with results and times, under the path of the create', async () => {
      const { run, client, lastAnswer } = service();
      const script = 'local answer = 6 * 7\nreturn answer -- änderung';
      const { task, verdict } = await run(script);
      expect(verdict).toBe('ok');
      expect(task).toMatchObject({ state: 'COMPLETE', results: [42], timeoutSeconds: 60 });
      const [createdAt, updatedAt] = [task.createTime, task.updateTime].map((time) => Date.parse(time ?? ''));
      expect(createdAt).toBeGreaterThan(Date.UTC(2024));
      expect(updatedAt).toBeGreaterThanOrEqual(createdAt ?? Number.NaN);

      expect((await client.getTask(task.path, { view: 'BASIC' })).script).toBe('');
      expect(lastAnswer().json).toMatchObject({
        path: formatTaskPath(task.path),
        user: expect.stringMatching(/^[1-9]\d*$/),
        timeout: '60s',
        output: { results: [42] },
      });
      expect(lastAnswer().json.error ?? null).toBeNull();
      expect((await client.getTask(task.path, { view: 'FULL' })).script).toBe(script);
    });

    it('runs at the version that was asked for', async () => {
      const { run, create } = service();
      const { versionId } = (await create('return 1')).path;
      const { task } = await run('return game.PlaceVersion', { versionId });
      expect(task.path.versionId).toBe(versionId);
      expect(task).toMatchObject({ state: 'COMPLETE', results: [Number(versionId)] });
    });
  });

  describe('results', () => {
    it('have one entry for each returned value, tables as nested JSON', async () => {
      const { run } = service();
      const { task } = await run(
        [
          'local list = { 1, { "deep", { on = true } } }',
          'return 42, -0.5, "Grüße 👋", false, nil, list, { name = "x", list = { 1, 2, 3 } }, game, 2 ^ 40',
        ].join('\n'),
      );
      expect(task).toMatchObject({
        results: [
          42,
          -0.5,
          'Grüße 👋',
          false,
          null,
          [1, ['deep', { on: true }]],
          { name: 'x', list: [1, 2, 3] },
          null, // an Instance
          2 ** 40,
        ],
      });
    });

    it('are none where nothing is returned', async () => {
      const { task } = await service().run('local _ = 1');
      expect(task).toMatchObject({ state: 'COMPLETE', results: [] });
    });

    it('over 4 MB fail the task with the size', async () => {
      const { run, lastAnswer, client } = service();
      const { task, verdict } = await run('return string.rep("x", 5000000)');
      expect(verdict).toBe('script_failed');
      expect(task).toMatchObject({
        state: 'FAILED',
        error: {
          code: 'OUTPUT_SIZE_LIMIT_EXCEEDED',
          message: expect.stringMatching(
            /^Return results too large\. Please reduce return result length to 4194304\. Current size: 50000\d\d$/,
          ),
        },
      });
      await client.getTask(task.path);
      expect(lastAnswer().json.output ?? null).toBeNull();
    });
  });

  describe('a script that fails', () => {
    it.each([
      ['with an error', '\n\nlocal t = nil\nreturn t.foo', /^TaskScript:4: attempt to index nil with 'foo'/],
      [
        'with a text of its own',
        'local function f()\n  error("my words")\nend\nf()',
        /^TaskScript:2: my words/,
      ],
      ['because it does not compile', 'local a = 1\nlocal b = = 2\nreturn a', /^TaskScript:2: /],
    ])('%s is FAILED with SCRIPT_ERROR and the line', async (_name, script, message) => {
      const { task, verdict } = await service().run(script);
      expect(verdict).toBe('script_failed');
      expect(task).toMatchObject({
        state: 'FAILED',
        error: { code: 'SCRIPT_ERROR', message: expect.stringMatching(message) },
      });
    });

    it.each([
      ['by never ending its wait', 'task.wait(50) return 1', ['DEADLINE_EXCEEDED']],
      // Without a pause it is the VM that stops it, and that was reported as an error of the script.
      ['by never pausing', 'while true do end', ['DEADLINE_EXCEEDED', 'SCRIPT_ERROR']],
    ])('%s is FAILED when its time is over', async (_name, script, codes) => {
      const { task } = await service().run(script, { timeoutSeconds: 1 });
      expect(task.state).toBe('FAILED');
      expect(codes).toContain(task.phase === 'failed' ? task.error.code : '');
    });

    it('in a thread of its own only does not fail the task', async () => {
      const { task } = await service().run('task.spawn(error, "lost") return "still here"');
      expect(task).toMatchObject({ state: 'COMPLETE', results: ['still here'] });
    });
  });

  describe('what is refused', () => {
    const BIG = `--${'x'.repeat(4 * 1024 * 1024)}\nreturn 1`;

    it('a key that does not exist: 401 in the words of the gateway', async () => {
      const { createStranger, universeId, placeId, lastAnswer } = service();
      const parameters = { universeId, placeId, versionId: null, script: 'return 1', timeoutSeconds: 1 };
      await expect(createStranger().createTask(parameters)).rejects.toMatchObject({
        kind: 'auth',
        httpStatus: 401,
      });
      expect(lastAnswer().json).toMatchObject({ errors: [{ code: 0, message: 'Invalid API Key' }] });
    });

    it('a task that does not exist: 404 without rate headers', async () => {
      const { client, universeId, placeId, lastAnswer } = service();
      const id = '00000000-0000-4000-8000-000000000000';
      const path: TaskPath = { universeId, placeId, versionId: '1', sessionId: id, taskId: id };
      await expect(client.getTask(path)).rejects.toMatchObject({ kind: 'not_found', httpStatus: 404 });
      expect(parseRateWindow(lastAnswer().headers, 0)).toBeNull();
    });

    it.each([
      ['a version that the place does not have', 'return 1', { versionId: '2000000000' }, [404]],
      ['a script of more than 4 MB', BIG, {}, [400, 413]],
      ['more than 300 s', 'return 1', { timeoutSeconds: 301 }, [400]],
    ])('%s', async (_name, script, parameters, statuses) => {
      const { create, lastAnswer } = service();
      await expect(create(script, parameters)).rejects.toMatchObject({ name: 'LuauExecError' });
      expect(statuses).toContain(lastAnswer().status);
    });
  });

  it('tells in every good answer how much of the rate is left', async () => {
    const { create, client, lastAnswer } = service();
    const { path } = await create('return 1');
    const readWindow = () => parseRateWindow(lastAnswer().headers, 0);
    expect(readWindow()).toMatchObject({ limit: expect.any(Number), remaining: expect.any(Number) });
    await client.getTask(path, asNew());
    const first = readWindow();
    expect(first?.limit).toBeGreaterThanOrEqual(45);
    expect(first?.remaining).toBeLessThan(first?.limit ?? 0);
    expect(first?.resetAtMs).toBeLessThanOrEqual(60_000);
  });
});
