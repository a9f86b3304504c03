import type { JournalCreated, JournalIntent, JournalSeen, RunFacts } from '../../src/history/journal-line.ts';
import { TASK_PATH } from '../open-cloud/answers.ts';

/** When everything in these tests is sent, unless they say something else. */
export const SENT = '2026-11-21T09:00:00.000Z';
export const ORIGIN = 'https://apis.roblox.com';

export function facts(runId: string, given: Partial<RunFacts> = {}): RunFacts {
  return {
    runId,
    sentTime: SENT,
    script: `${runId}.luau`,
    universeId: '11',
    placeId: '22',
    origin: ORIGIN,
    target: null,
    timeoutSeconds: 300,
    isCancellable: false,
    isLive: false,
    ...given,
  };
}

export function intent(runId: string, given: Partial<RunFacts> = {}): JournalIntent {
  const whole = facts(runId, given);
  return { event: 'intent', time: whole.sentTime, ...whole };
}

export function created(runId: string, given: Partial<JournalCreated> = {}): JournalCreated {
  const time = '2026-11-21T09:00:01.000Z';
  return { event: 'created', time, ...facts(runId), taskPath: TASK_PATH, state: 'PROCESSING', ...given };
}

export function seen(runId: string, given: Partial<JournalSeen> = {}): JournalSeen {
  const time = '2026-11-21T09:00:02.000Z';
  const state = { state: 'COMPLETE', isFinished: true, code: null };
  return { event: 'seen', time, ...facts(runId), taskPath: TASK_PATH, ...state, ...given };
}
