import { describe, expect, it } from 'vitest';
import { formatTaskPath } from '../../src/open-cloud/task-path.ts';
import { CONTRACT_TARGETS, CONTRACT_TIMEOUT_MS, useConnection } from './contract-targets.ts';

const STACK = /\nStack Begin\n(?:Script '.+', Line \d+(?: - function \w+)?\n)+Stack End$/;

describe.each(CONTRACT_TARGETS)('$name', { timeout: CONTRACT_TIMEOUT_MS }, (target) => {
  const service = useConnection(target);

  const TALK = [
    'print("first", 1, true, nil)',
    'print("one message\\nof two lines")',
    'warn("careful")',
    'task.spawn(function()',
    '  error("lost")',
    'end)',
    'task.wait(0.1)',
    'print("🌍 last")',
  ].join('\n');

  it('come in the order of printing, one message a print, the same in both views', async () => {
    const { run, client, lastAnswer } = service();
    const { task, logs } = await run(TALK);
    expect(task.state).toBe('COMPLETE');
    expect(logs).toMatchObject({ complete: true, lost: null });
    expect(logs.messages.map(({ level, message }) => [level, message])).toEqual([
      ['OUTPUT', 'first 1 true nil'],
      ['OUTPUT', 'one message\nof two lines'],
      ['WARNING', 'careful'],
      ['ERROR', expect.stringMatching(/^TaskScript:5: lost\n/)],
      ['OUTPUT', '🌍 last'],
    ]);
    expect(logs.messages[3]?.message).toMatch(STACK);
    for (const { time } of logs.messages) expect(Date.parse(time ?? '')).toBeGreaterThan(Date.UTC(2024));

    const messages = logs.messages.map(({ message }) => message);
    await client.listLogs(task.path, { view: 'STRUCTURED' });
    const path = `${formatTaskPath(task.path)}/logs/1`;
    const { json } = lastAnswer();
    expect(json).toMatchObject({
      luauExecutionSessionTaskLogs: [
        {
          path,
          structuredMessages: messages.map((message) => ({
            message,
            createTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
            messageType: expect.stringMatching(/^(OUTPUT|WARNING|ERROR)$/),
          })),
        },
      ],
    });
    expect(json.nextPageToken ?? '').toBe('');

    const flat = await client.listLogs(task.path, { view: 'FLAT' });
    expect(flat.messages.map(({ message }) => message)).toEqual(messages);
    expect(lastAnswer().json).toMatchObject({ luauExecutionSessionTaskLogs: [{ path, messages }] });
    expect(lastAnswer().json.nextPageToken ?? '').toBe('');
  });

  it('are one empty chunk where nothing was printed', async () => {
    const { run, client, lastAnswer } = service();
    const { task } = await run('return 1');
    await client.listLogs(task.path, { view: 'FLAT' });
    expect(lastAnswer().json).toEqual({
      luauExecutionSessionTaskLogs: [{ path: `${formatTaskPath(task.path)}/logs/1`, messages: [] }],
      nextPageToken: '',
    });
  });

  it('end with the way that led to an uncaught error', async () => {
    const script = ['local function award()', '  error("no points")', 'end', 'print("before")', 'award()'];
    const { task, logs } = await service().run(script.join('\n'));
    expect(task).toMatchObject({ state: 'FAILED', error: { code: 'SCRIPT_ERROR' } });
    expect(logs.messages.map(({ level }) => level)).toEqual(['OUTPUT', 'ERROR']);
    const error = logs.messages[1]?.message ?? '';
    expect(error).toMatch(/^TaskScript:2: no points\n/);
    expect(error).toMatch(STACK);
    const frames = error.split('\n').filter((line) => line.startsWith('Script '));
    expect(frames).toEqual(["Script 'TaskScript', Line 2 - function award", "Script 'TaskScript', Line 5"]);
  });

  it('keep the newest 450 KB or so, without a gap', async () => {
    const { logs } = await service().run('for i = 1, 9000 do print(string.format("%090d", i)) end');
    const numbers = logs.messages.map(({ message }) => Number(message));
    const first = numbers[0] ?? 0;
    expect(first).toBeGreaterThan(1);
    expect(numbers).toEqual(Array.from({ length: 9001 - first }, (_, index) => first + index));
    // Each message counts for its characters and 47 bytes more.
    const size = numbers.length * (90 + 47);
    expect(size).toBeGreaterThan(440_000);
    expect(size).toBeLessThan(465_000);
    expect(logs.lost).toMatchObject({ isFull: true });
  });
});
