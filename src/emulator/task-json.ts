import type { JsonValue } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { LuauResult } from './luau/luau-runner.ts';
import type { TaskRecord } from './task-store.ts';

export type TaskView = 'BASIC' | 'FULL';

/** The emulator knows one user, who owns every key. */
export const USER_ID = '1';

const STATE_OF = { complete: 'COMPLETE', failed: 'FAILED', cancelled: 'CANCELLED' } as const;

/** A task as a create answers it: without times (seen on the live service, 2026-05) and always unfinished. */
export function formatCreatedTask(record: TaskRecord): JsonValue {
  return formatFields(record, 'BASIC');
}

/** A task as a get answers it. `error` is there only for FAILED, `output` only for COMPLETE. */
export function formatTask(record: TaskRecord, view: TaskView): JsonValue {
  return {
    ...formatFields(record, view),
    createTime: formatTime(record.createdWallMs),
    updateTime: formatTime(record.updatedWallMs),
    ...(record.end === null ? {} : formatResult(record.end.result)),
  };
}

/** RFC 3339 with no or three digits of a second's fraction, as JSON made from protocol buffers has it. */
export function formatTime(wallMs: number): string {
  return new Date(wallMs).toISOString().replace('.000Z', 'Z');
}

function formatFields(record: TaskRecord, view: TaskView): { [key: string]: JsonValue } {
  return {
    path: formatTaskPath(record.path),
    user: USER_ID,
    state: record.end === null ? 'PROCESSING' : STATE_OF[record.end.result.kind],
    script: view === 'FULL' ? record.script : '',
    timeout: `${record.timeoutSeconds}s`,
    binaryInput: record.binaryInput,
    enableBinaryOutput: record.enableBinaryOutput,
    binaryOutputUri: record.end?.binaryOutputUri ?? '',
  };
}

function formatResult(result: LuauResult): { [key: string]: JsonValue } {
  if (result.kind === 'complete') return { output: { results: result.results } };
  if (result.kind === 'failed') return { error: { code: result.code, message: result.message } };
  return {};
}
