import type { FailedTask, FinishedTask, LogMessage } from '../../src/open-cloud/task.ts';
import type { ScriptSource } from '../../src/output/script-position.ts';
import { decideVerdict, type Outcome } from '../../src/task/outcome.ts';

/** What every task has, as the service sends it for a finished one. */
export function createTaskFields() {
  return {
    path: { universeId: '1', placeId: '2', versionId: '3', sessionId: 'session-1', taskId: 'task-1' },
    createTime: '2026-11-21T09:00:00.000Z',
    updateTime: '2026-11-21T09:00:08.123Z',
    user: '77',
    timeoutSeconds: 300,
    script: '',
    binaryInput: null,
    binaryOutputUri: null,
    enableBinaryOutput: false,
  };
}

export function createFailedTask(code: string, message: string): FailedTask {
  return { ...createTaskFields(), phase: 'failed', state: 'FAILED', error: { code, message } };
}

export function createOutcome(task: FinishedTask, messages: LogMessage[] = []): Outcome {
  return {
    verdict: decideVerdict(task),
    task,
    versionId: null,
    logs: { messages, complete: true, lost: null },
    warnings: [],
    timing: { totalMs: 8123, polls: 11, retries: 1, throttledMs: 0 },
    logsError: null,
  };
}

/** A script that was sent as it is. */
export function createScriptSource(name: string, text: string): ScriptSource {
  const lineCount = text.split('\n').length;
  return { positionOf: (line) => (line >= 1 && line <= lineCount ? { file: name, line, text } : null) };
}
