import type { CompleteTask, FailedTask } from '../open-cloud/task.ts';
import type { Outcome } from '../task/outcome.ts';
import { formatCodeFrame } from './code-frame.ts';
import { createDescription, type ErrorDescription, type Frame, quoteServerText } from './describe-error.ts';
import { sanitizeLine } from './sanitize.ts';
import {
  CHUNK_NAME,
  findPosition,
  mapLogMessage,
  mapPositions,
  type ScriptSource,
} from './script-position.ts';
import { findErrorLog, parseStack, type StackLine } from './traceback.ts';

const POSITION = new RegExp(`^${CHUNK_NAME}:(\\d+): ?([\\s\\S]*)$`);
const LONGEST_TIMEOUT_SECONDS = 300;

/**
 * Why a finished task did not succeed, in words; null when it did. With `source`, positions are the user's own and a
 * code frame is drawn.
 */
export function describeOutcome(outcome: Outcome, source: ScriptSource | null): ErrorDescription | null {
  const { task, logs } = outcome;
  if (task.phase === 'complete') return outcome.verdict === 'not_run' ? describeNotRun(task) : null;
  if (task.phase === 'cancelled' || outcome.verdict === 'cancelled') {
    return describeCancelled(outcome, source);
  }
  const described =
    task.error.code === 'SCRIPT_ERROR'
      ? describeScriptError(task, outcome, source)
      : describeOtherFailure(task);
  const isMissingLogs = !logs.complete || logs.lost !== null;
  return isMissingLogs && described.id === 'LX101' && described.traceback.length === 0
    ? { ...described, facts: [...described.facts, 'no traceback: some log messages are missing'] }
    : described;
}

/** Only who looks at such a task from elsewhere meets it: the `run` that sent the script sends it again. */
function describeNotRun({ results: [, found] }: CompleteTask): ErrorDescription {
  return {
    ...createDescription(
      'LX203',
      `the script did not run: the server had version ${String(found)} of the place`,
    ),
    facts: [
      'another version was wanted, to which the run that sent the script sends it unless it was stopped',
    ],
    hint: 'look with luau-exec list whether it went on; if it did not, run it again',
  };
}

/** The service's own state for it has no error; a harness that was told to stop ends its script with one. */
function describeCancelled({ task, logs }: Outcome, source: ScriptSource | null): ErrorDescription {
  const error = task.phase === 'failed' ? task.error : null;
  const log = error && findErrorLog(logs.messages, error.message)?.message;
  return {
    ...createDescription('LX202', 'the task was cancelled'),
    code: error?.code ?? null,
    hint: 'run the script again if it should finish',
    sameAsLog: log && source ? mapLogMessage(log, source) : (log ?? null),
  };
}

function describeScriptError(
  task: FailedTask,
  outcome: Outcome,
  source: ScriptSource | null,
): ErrorDescription {
  const message = task.error.message || 'the script failed and no message was given';
  const match = POSITION.exec(message);
  const errorLog = findErrorLog(outcome.logs.messages, task.error.message)?.message ?? '';
  const stack = parseStack(errorLog);
  const ownLines = stack.flatMap(({ chunk, line }) => (chunk === CHUNK_NAME ? [line] : []));
  // An error inside a module of the place is shown at the line of the user's script that led there.
  const position = source && findPosition(match ? [Number(match[1]), ...ownLines] : ownLines, source);
  const at = match ? `${position?.file ?? CHUNK_NAME}:${position?.line ?? match[1]}: ` : '';
  const text = match?.[2] ?? message;
  const said = quoteServerText(source ? mapPositions(text, source) : text);
  const traceback = stack.flatMap((line) => createFrame(line, source) ?? []);
  const isKilled = /exhausted allowed execution time/i.test(message);
  const isWhole = traceback.length > 0 && !said.endsWith('…') && errorLog.startsWith(`${message}\n`);
  return {
    ...createDescription('LX101', sanitizeLine(at) + (at && ' ') + said),
    code: task.error.code,
    hint: isKilled ? 'call task.wait() in long loops: one that never yields is stopped' : null,
    file: position?.file ?? null,
    line: position?.line ?? null,
    traceback,
    codeFrame: position ? formatCodeFrame({ text: position.text, line: position.line }) : null,
    sameAsLog: !isWhole ? null : source ? mapLogMessage(errorLog, source) : errorLog,
  };
}

/** Null for a line of the chunk that is in none of the user's files. */
function createFrame({ chunk, line, function: name }: StackLine, source: ScriptSource | null): Frame | null {
  const isOwn = chunk === CHUNK_NAME && source !== null;
  const position = isOwn ? source.positionOf(line) : null;
  if (isOwn && position === null) return null;
  return {
    file: position?.file ?? sanitizeLine(chunk),
    line: position?.line ?? line,
    function: name === null ? null : sanitizeLine(name),
  };
}

function describeOtherFailure(task: FailedTask): ErrorDescription {
  const { code, message } = task.error;
  return {
    ...describeCode(task),
    code,
    facts: message === '' ? [] : [`the service says: "${quoteServerText(message)}"`],
  };
}

function describeCode({ error, timeoutSeconds }: FailedTask): ErrorDescription {
  switch (error.code) {
    case 'DEADLINE_EXCEEDED': {
      const limit = timeoutSeconds === null ? 'in the time allowed' : `within ${timeoutSeconds} s`;
      const isLongest = timeoutSeconds !== null && timeoutSeconds >= LONGEST_TIMEOUT_SECONDS;
      return {
        ...createDescription('LX102', `the script did not finish ${limit} and was stopped`),
        hint: isLongest
          ? `split the work into several runs: ${LONGEST_TIMEOUT_SECONDS} s is the longest a run may take`
          : `allow more time with \`--timeout ${LONGEST_TIMEOUT_SECONDS}s\``,
      };
    }
    case 'OUTPUT_SIZE_LIMIT_EXCEEDED':
      return {
        ...createDescription('LX103', 'the returned values are larger than 4 MB'),
        hint: 'return fewer or smaller values',
      };
    case 'INTERNAL_ERROR':
      return {
        ...createDescription('LX201', 'Roblox reports an internal error, not a script error'),
        hint: 'run the script again',
      };
    case 'ERROR_CODE_UNSPECIFIED':
      return {
        ...createDescription('LX201', 'the task failed and no reason was given'),
        hint: 'run the script again',
      };
    default:
      return {
        ...createDescription('LX201', `the task failed with an unknown code: ${quoteServerText(error.code)}`),
        hint: 'run the script again',
      };
  }
}
