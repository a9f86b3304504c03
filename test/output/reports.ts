import { LuauExecError } from '../../src/errors.ts';
import type { JsonValue, LogMessage } from '../../src/open-cloud/task.ts';
import { describeError } from '../../src/output/describe-error.ts';
import { describeOutcome } from '../../src/output/describe-outcome.ts';
import { NO_FILES, type Report } from '../../src/output/report.ts';
import { mapLogs } from '../../src/output/script-position.ts';
import type { Outcome } from '../../src/task/outcome.ts';
import { createFailedTask, createOutcome, createScriptSource, createTaskFields } from './outcomes.ts';

const SOURCE = {
  name: 'src/a.luau',
  text: 'local Players = game:GetService("Players")\n\nlocal function award(player)\n\tprint(player.Name)\nend\n\naward(Players:FindFirstChild("nobody"))\n',
};

const log = (level: LogMessage['level'], message: string): LogMessage => ({
  time: '2026-11-21T09:00:07.100Z',
  level,
  message,
});

const MESSAGES = [
  log('OUTPUT', 'hello\n  world'),
  log('INFO', 'loaded 3 modules'),
  log('WARNING', 'deprecated'),
  log('ERROR', 'a thread failed'),
  log('OUTPUT', '\x1b]52;c;ZXZpbA==\x07\x1b[2J\u202egnp.exe\r::error::x'),
];

function createReport(fields: Partial<Report>): Report {
  return {
    exitCode: 0,
    outcome: 'ok',
    script: { name: SOURCE.name, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    task: null,
    results: null,
    error: null,
    logs: null,
    timing: null,
    files: NO_FILES,
    warnings: [],
    ...fields,
  };
}

function createReportOf(outcome: Outcome, exitCode: number, outcomeName: string): Report {
  const source = createScriptSource(SOURCE.name, SOURCE.text);
  return createReport({
    exitCode,
    outcome: outcomeName,
    task: outcome.task,
    results: outcome.task.phase === 'complete' ? outcome.task.results : null,
    error: describeOutcome(outcome, source),
    logs: { ...outcome.logs, messages: mapLogs(outcome.logs.messages, source) },
    timing: outcome.timing,
    warnings: outcome.warnings,
  });
}

function createSuccess(results: JsonValue[], messages: LogMessage[]): Report {
  const task = { ...createTaskFields(), phase: 'complete', state: 'COMPLETE', results } as const;
  return createReportOf(createOutcome({ ...task, results }, messages), 0, 'ok');
}

function createFailure(code: string, message: string, messages: LogMessage[] = []): Report {
  const isScriptFailed = ['SCRIPT_ERROR', 'DEADLINE_EXCEEDED', 'OUTPUT_SIZE_LIMIT_EXCEEDED'].includes(code);
  const outcome = createOutcome(createFailedTask(code, message), messages);
  return createReportOf(outcome, isScriptFailed ? 1 : 3, isScriptFailed ? 'script_failed' : 'remote_failed');
}

function createRefusal(exitCode: number, outcome: string, error: LuauExecError): Report {
  return createReport({ exitCode, outcome, error: describeError(error) });
}

const SCRIPT_ERROR = "TaskScript:4: attempt to index nil with 'Name'";
const STACK = [
  'Stack Begin',
  "Script 'TaskScript', Line 4 - function award",
  "Script 'TaskScript', Line 7",
  `Script '[string "ServerScriptService.Pkg.Mod"]', Line 365 - function go`,
  'Stack End',
].join('\n');

/** One report for each kind of end; each has its exact bytes under test/golden. */
export const REPORTS: Record<string, Report> = {
  'several-values': createSuccess(
    [3, { a: 1, list: [true, null, 'é \u009b2J "q"'] }, null, [], 'text\nline'],
    MESSAGES,
  ),
  'nothing-returned': createSuccess([], []),
  files: {
    ...createSuccess([1], []),
    files: {
      place: {
        ...{ name: 'game \x1b[2J.rbxl', sizeBytes: 12_345_678, sha256: 'a'.repeat(64) },
        ...{ versionId: '3', isUploaded: true, isPublished: false },
      },
      binaryInput: { name: '-', sizeBytes: 1, sha256: 'b'.repeat(64) },
      binaryOutput: { name: 'out.rbxm', sizeBytes: 47_395_635, sha256: 'c'.repeat(64) },
    },
  },
  'script-error': createFailure('SCRIPT_ERROR', SCRIPT_ERROR, [
    log('OUTPUT', 'before'),
    log('ERROR', `${SCRIPT_ERROR}\n${STACK}`),
  ]),
  deadline: createFailure('DEADLINE_EXCEEDED', 'Timed out\nafter 300 s'),
  oversize: createFailure(
    'OUTPUT_SIZE_LIMIT_EXCEEDED',
    'Return results too large. Please reduce return result length to 4194304. Current size: 5908004',
  ),
  'unknown-code': createFailure('SOMETHING_\x1b[31mNEW', 'odd \u202e words'),
  cancelled: createReportOf(
    createOutcome({ ...createTaskFields(), phase: 'cancelled', state: 'CANCELLED' }),
    3,
    'cancelled',
  ),
  auth: createRefusal(
    4,
    'auth',
    new LuauExecError('the API key was refused (401)', {
      id: 'LX401',
      kind: 'auth',
      httpStatus: 401,
      hint: 'luau-exec doctor',
      facts: ['the service says: "Invalid API Key"', 'the key came from ROBLOX_API_KEY'],
      attempts: [{ atMs: 0, httpStatus: 401, reason: 'HTTP 401', waitMs: null }],
    }),
  ),
  throttled: createRefusal(
    6,
    'throttled',
    new LuauExecError("still held back by a rate limit of this key's owner after 5 min 00 s", {
      id: 'LX429',
      kind: 'throttled',
      httpStatus: 429,
      code: 'RESOURCE_EXHAUSTED',
      hint: 'try later, or with a longer --queue-timeout',
      facts: ['nothing was created'],
      attempts: [{ atMs: 0, httpStatus: 429, reason: 'HTTP 429', waitMs: 38_200 }],
    }),
  ),
  'unknown-outcome': createRefusal(
    9,
    'unknown',
    new LuauExecError('the script was sent but no answer came: it may be running', {
      id: 'LX510',
      kind: 'unknown',
      hint: 'look at its effects; use `--retry-unsafe` if running it twice is harmless',
      facts: ['it was not sent again so that it cannot run twice'],
      attempts: [{ atMs: 12.4, httpStatus: null, reason: 'ECONNRESET', waitMs: null }],
    }),
  ),
  'logs-truncated': {
    ...createSuccess([true], [log('OUTPUT', 'late message')]),
    logs: {
      messages: [log('OUTPUT', 'late message')],
      complete: false,
      lost: { isFull: true, keptFromMs: null, estimate: { fromBytes: 0, toBytes: 1_340_000 } },
    },
    warnings: [
      {
        id: 'LX301',
        message:
          'early log messages are probably missing: the 6,582 messages here fill the 450 KB that Roblox keeps; the first was printed 12.3 s after the create; if the script printed evenly, at most 1.4 MB came before',
        hint: null,
      },
      { id: 'LX302', message: 'logs could not be read (HTTP 503, 5 times)', hint: 'luau-exec logs @last' },
    ],
  },
};

/** Three scripts of one call, one of them kept from running by --bail. */
export const MIXED_REPORTS: readonly Report[] = [
  { ...createSuccess([7], [log('OUTPUT', 'first')]), script: createScript('tests/first.luau') },
  {
    ...createFailure('SCRIPT_ERROR', SCRIPT_ERROR, [log('ERROR', `${SCRIPT_ERROR}\n${STACK}`)]),
    script: createScript('tests/second | odd.luau'),
  },
  {
    ...createRefusal(
      1,
      'skipped',
      new LuauExecError('not sent: tests/second.luau had not come to a good end, and --bail was given', {
        id: 'LX605',
        kind: 'skipped',
      }),
    ),
    script: createScript('tests/third.luau'),
  },
];

function createScript(name: string): Report['script'] {
  return { name, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };
}
