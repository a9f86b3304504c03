import type { Clock } from '../clock.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { RunEvent, TransferState } from '../task/run-event.ts';
import { formatJson } from './format-value.ts';
import { createDocument } from './json.ts';
import { describeLostLive } from './live-pieces.ts';
import type { Renderer, RunLabel } from './renderer.ts';
import { findTaskPath, type Report } from './report.ts';
import type { Piece } from './write-out.ts';

/** How often a transfer is told of between its beginning and its end. */
const TRANSFER_MS = 1_000;

type Fields = { type: string } & Record<string, unknown>;

/**
 * Events, one JSON document a line, numbered and with the milliseconds since the first. The last is `result`, once,
 * with the document that `--json` prints.
 */
export function createNdjsonRenderer({ clock }: { clock: Clock }): Renderer {
  const startMs = clock.now();
  let count = 0;
  const format = (events: readonly Fields[]): Piece[] =>
    events.map((fields) => ({
      to: 'stdout',
      text: `${formatJson({ v: 1, seq: count++, t: Math.round(clock.now() - startMs), ...fields })}\n`,
    }));
  const ended = new Set<number>();
  const formatEnd = (report: Report, run: number) => {
    if (ended.has(run)) return [];
    ended.add(run);
    return format(listEndEvents(report, run));
  };
  const isTransferDue = createTransferPacing(clock);
  return {
    renderEvent(event, run) {
      if (event.type === 'transfer' && !isTransferDue(event.transfer, run)) return [];
      return format(listEvents(event).map((fields) => addRun(fields, run)));
    },
    renderEach: (report, _options, run) => formatEnd(report, run),
    renderLogs: (report) => formatEnd(report, 0),
    renderStatus: (report) => formatEnd(report, 0),
    renderEnd: (reports, exitCode) => [
      // Those of commands that show nothing of their reports.
      ...reports.flatMap(formatEnd),
      ...format([{ type: 'result', result: createDocument(reports, exitCode) }]),
    ],
  };
}

/** Tells whether an event is to be written. It is asked for every piece of every transfer. */
function createTransferPacing(clock: Clock): (state: TransferState, run: RunLabel) => boolean {
  // Several may go on at the same time, of one run too.
  const writtenMs = new Map<string, number>();
  return ({ title, isDone }, { index }) => {
    const key = `${index} ${title}`;
    const isDue = isDone || clock.now() - (writtenMs.get(key) ?? Number.NEGATIVE_INFINITY) >= TRANSFER_MS;
    if (isDone) writtenMs.delete(key);
    else if (isDue) writtenMs.set(key, clock.now());
    return isDue;
  };
}

function addRun({ type, ...rest }: Fields, { index, script }: RunLabel): Fields {
  return { type, run: index, script, ...rest };
}

function listEvents(event: RunEvent): Fields[] {
  switch (event.type) {
    case 'submitting':
      return [{ type: 'submitting' }];
    case 'created':
      return [{ type: 'created', taskPath: formatTaskPath(event.task.path), state: event.task.state }];
    case 'resumed':
      return [{ type: 'resumed', taskPath: formatTaskPath(event.path) }];
    case 'state':
    case 'heartbeat':
      return [{ type: event.type, state: event.state, elapsedMs: Math.round(event.elapsedMs) }];
    case 'waiting': {
      const { operation, reason, attempt } = event;
      const waitMs = Math.round(event.waitMs);
      if (reason !== 'retry') return [{ type: 'throttled', operation, reason, waitMs }];
      const { httpStatus = null, reason: why = null } = attempt ?? {};
      return [{ type: 'retry', operation, reason: why, httpStatus, waitMs }];
    }
    case 'live':
      return event.messages.map(({ time, level, message }, index) => ({
        ...{ type: 'live_log', time, level, message },
        missed: index === 0 ? event.missed : 0,
      }));
    case 'live_lost': {
      const { id, message, hint } = describeLostLive(event.error);
      return [{ type: 'warning', id, message, hint }];
    }
    case 'transfer': {
      const { title, doneBytes, totalBytes, isDone } = event.transfer;
      return [{ type: 'transfer', transfer: title, doneBytes, totalBytes, done: isDone }];
    }
    case 'pinning':
      return [{ type: 'pinning', versionId: event.versionId }];
    case 'awaiting_upload':
    case 'cancelling':
      return [{ type: event.type }];
    // What a run came to is in its report.
    default:
      return [];
  }
}

/** What is known once a run has ended: its messages, its warnings, and how it ended. */
function listEndEvents(report: Report, index: number): Fields[] {
  const run: RunLabel = { index, script: report.script?.name ?? null };
  const { outcome, exitCode, logs, warnings } = report;
  const events: Fields[] = [
    ...(logs?.messages ?? []).map(({ time, level, message }) => ({ type: 'log', time, level, message })),
    ...warnings.map(({ id, message, hint }) => ({ type: 'warning', id, message, hint })),
    { type: 'ended', outcome, exitCode, taskPath: findTaskPath(report) },
  ];
  return events.map((fields) => addRun(fields, run));
}
