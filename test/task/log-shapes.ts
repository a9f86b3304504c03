import { LogStore, type StoredLogMessage } from '../../src/emulator/log-store.ts';
import type { FinishedTask, LogMessage } from '../../src/open-cloud/task.ts';
import { createTaskFields } from '../output/outcomes.ts';

/** How a script prints: `atMs` counts from its start, and `length` is of the text. */
export interface Print {
  atMs: number;
  length: number;
}

/** What a reader gets of a script's prints, and what he does not. */
export interface KeptLogs {
  messages: LogMessage[];
  task: FinishedTask;
  lostBytes: number;
  lostCount: number;
}

export interface KeepOptions {
  /** From the create to the start of the script. */
  bootMs: number;
  timeoutSeconds?: number;
  /** True where the script is stopped for its time-out. */
  isStopped?: boolean;
}

const CREATED_MS = Date.parse('2026-11-21T09:00:00.000Z');
const FRAME_MS = 1000 / 60;
const OVERHEAD = 47;

/** Prints go through the emulator's own store; those of one frame share a time, as on the service. */
export function keepLogs(prints: readonly Print[], options: KeepOptions): KeptLogs {
  const { bootMs, timeoutSeconds = 300, isStopped = false } = options;
  const startMs = CREATED_MS + bootMs;
  const store = new LogStore();
  const stored = prints.map(({ atMs, length }): StoredLogMessage => {
    const wallMs = Math.round(startMs + Math.floor(atMs / FRAME_MS) * FRAME_MS);
    return { level: 'OUTPUT', message: 'x'.repeat(length), wallMs };
  });
  for (const message of stored) store.push(message);
  const kept = store.chunks(Number.POSITIVE_INFINITY)[0] ?? [];
  const lost = stored.slice(0, stored.length - kept.length);
  const endMs = startMs + (isStopped ? timeoutSeconds * 1000 : (prints.at(-1)?.atMs ?? 0));
  const fields = { ...createTaskFields(), timeoutSeconds, updateTime: formatTime(endMs + 700) };
  const error = { code: 'DEADLINE_EXCEEDED', message: '' };
  return {
    messages: kept.map(({ wallMs, ...entry }) => ({ ...entry, time: formatTime(wallMs) })),
    task: isStopped
      ? { ...fields, phase: 'failed', state: 'FAILED', error }
      : { ...fields, phase: 'complete', state: 'COMPLETE', results: [] },
    lostBytes: lost.reduce((sum, { message }) => sum + message.length + OVERHEAD, 0),
    lostCount: lost.length,
  };
}

function formatTime(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
