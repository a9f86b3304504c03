import { describe, expect, it } from 'vitest';
import { listTaskCandidates } from '../../../src/cli/completion/task-candidates.ts';
import type { JournalRun } from '../../../src/history/journal.ts';

const NOW_MS = Date.parse('2026-11-25T12:00:00Z');
const ORIGIN = 'https://apis.roblox.com';

function runAt(
  time: string,
  { taskId = 'a1', ...rest }: Partial<JournalRun> & { taskId?: string | null } = {},
): JournalRun {
  const path =
    taskId === null ? null : { universeId: '1', placeId: '2', versionId: null, sessionId: null, taskId };
  return { runId: time, time, script: 'a.luau', origin: ORIGIN, path, ...rest };
}

const list = (runs: JournalRun[], prefix = '') =>
  listTaskCandidates(runs, { origin: ORIGIN, prefix, nowMs: NOW_MS });

describe('tasks that a word may name', () => {
  it.each([
    ['2026-11-25T11:59:30Z', 'a.luau, less than a minute ago'],
    ['2026-11-25T11:58:00Z', 'a.luau, 2 min ago'],
    ['2026-11-25T10:30:00Z', 'a.luau, 1 h ago'],
    ['2026-11-20T12:00:00Z', 'a.luau, 5 d ago'],
    // A clock that was set back.
    ['2026-11-26T12:00:00Z', 'a.luau, less than a minute ago'],
    ['soon', 'a.luau'],
  ])('one sent at %s', (time, description) => {
    expect(list([runAt(time)])).toEqual([{ value: '@last', description }]);
  });

  it('count as @2 and so on do, with those whose answer was lost', () => {
    const time = '2026-11-25T11:00:00Z';
    const runs = [
      runAt(time, { origin: 'http://127.0.0.1:8787' }),
      runAt(time, { taskId: null }),
      runAt(time, { script: 'b\n\tc\u001b.luau' }),
    ];
    expect(list(runs)).toEqual([
      { value: '@last', description: 'a.luau, 1 h ago, no answer came' },
      { value: '@2', description: 'b c\\x1b.luau, 1 h ago' },
    ]);
    expect(list(runs, 'a')).toEqual([{ value: 'a1', description: 'b c\\x1b.luau, 1 h ago' }]);
    expect(list(runs, 'b')).toEqual([]);
  });

  it('are nine at most by their place', () => {
    expect(list(Array.from({ length: 30 }, () => runAt('x'))).at(-1)?.value).toBe('@9');
  });
});
