import { describe, expect, it } from 'vitest';
import { listTaskCandidates } from '../../../src/cli/completion/task-candidates.ts';
import type { JournalRun } from '../../../src/history/journal-run.ts';

const NOW_MS = Date.parse('2026-11-25T12:00:00Z');

interface RunFields {
  taskId?: string | null;
  script?: string;
  state?: string;
}

function runAt(time: string, { taskId = 'a1', script = 'a.luau', state }: RunFields = {}): JournalRun {
  const sentMs = Date.parse(time);
  return {
    facts: {
      runId: time,
      sentTime: time,
      script,
      universeId: '1',
      placeId: '2',
      origin: 'https://apis.roblox.com',
      target: null,
      timeoutSeconds: null,
      isCancellable: false,
      isLive: false,
    },
    sentMs,
    createdMs: sentMs,
    path:
      taskId === null ? null : { universeId: '1', placeId: '2', versionId: null, sessionId: null, taskId },
    seen: state === undefined ? null : { state, isFinished: false, code: null, atMs: sentMs },
  };
}

const list = (runs: Iterable<JournalRun>, prefix = '') => listTaskCandidates(runs, { prefix, nowMs: NOW_MS });

describe('tasks that a word may name', () => {
  it.each([
    ['2026-11-25T11:59:30Z', 'a.luau, less than a minute ago'],
    ['2026-11-25T11:58:00Z', 'a.luau, 2 min ago'],
    ['2026-11-25T10:30:00Z', 'a.luau, 1 h ago'],
    ['2026-11-20T12:00:00Z', 'a.luau, 5 d ago'],
    // A clock that was set back.
    ['2026-11-26T12:00:00Z', 'a.luau, less than a minute ago'],
  ])('one sent at %s', (time, description) => {
    expect(list([runAt(time)])).toEqual([{ value: '@last', description }]);
  });

  it('count as @2 and so on do, with those whose answer was lost', () => {
    const time = '2026-11-25T11:00:00Z';
    const runs = [
      runAt(time, { taskId: null }),
      runAt(time, { script: 'b\n\tc\u001b.luau', state: 'PROCESSING' }),
    ];
    expect(list(runs)).toEqual([
      { value: '@last', description: 'a.luau, 1 h ago, no answer came' },
      { value: '@2', description: 'b c\\x1b.luau, 1 h ago, PROCESSING' },
    ]);
    expect(list(runs, 'a')).toEqual([{ value: 'a1', description: 'b c\\x1b.luau, 1 h ago, PROCESSING' }]);
    expect(list(runs, 'b')).toEqual([]);
  });

  it('are nine at most by their place', () => {
    let read = 0;
    const endless = function* () {
      for (;;) {
        read++;
        yield runAt('2026-11-25T11:00:00Z');
      }
    };
    expect(list(endless()).at(-1)?.value).toBe('@9');
    // The journal may be long, and somebody waits for the TAB.
    expect(read).toBe(10);
  });
});
