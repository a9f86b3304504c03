import type { LoadedSettings } from '../../config/load-settings.ts';
import { formatDuration } from '../../output/format-duration.ts';
import type { Report } from '../../output/report.ts';
import { createInlineSource } from '../../script/load-source.ts';
import type { RunEvent } from '../../task/run-event.ts';
import type { Invocation } from '../invocation.ts';
import { prepareScripts } from '../prepare-scripts.ts';
import { runOneScript } from '../run-one-script.ts';
import { openRunPlan, type RunPlan } from '../run-plan.ts';
import type { RunOptions } from '../shared-options.ts';
import { createOk, createProblem, type DoctorCheck } from './doctor-check.ts';

const SCRIPT = `for second = 1, 5 do
\tprint(\`luau-exec doctor: second {second} of 5\`)
\ttask.wait(1)
end`;
const HARNESS = { isCancellable: true, isLive: true, pollSeconds: 2, liveSeconds: 1 };
const NOTICE = `--live-control sends one script, which prints a line a second for 5 s; what it prints goes through the memory
store of the experience, and after the second line it is told to stop through it. Nothing else is touched, and what
is written there (a queue and one item of the sorted map luau-exec-control) is gone after 10 minutes.`;
/** After so many lines the script is told to stop. */
const ENOUGH_MESSAGES = 2;
/** Where none come, the other half is tried all the same. */
const LONGEST_SILENCE_MS = 3_500;

interface Trial {
  invocation: Invocation;
  loaded: LoadedSettings;
  options: RunOptions;
}

/** Runs a script that is watched and stopped through the memory store, and tells what came of that. */
export async function tryControl({ invocation, loaded, options }: Trial): Promise<DoctorCheck[]> {
  await invocation.printer.printNotice(NOTICE);
  const stop = new AbortController();
  const seen = createWitness(invocation, stop);
  const plan = await openTrialPlan({ invocation, loaded, options }, stop.signal);
  try {
    const source = createInlineSource(SCRIPT);
    const [script] = await prepareScripts(invocation, [source], options, { harness: HARNESS });
    if (script === undefined) throw new Error('no script was prepared');
    const report = await runOneScript(script, plan, seen.note);
    invocation.context.signal.throwIfAborted();
    return [checkLive(report, seen), checkCancel(report, seen)];
  } finally {
    seen.close();
    await plan.connection.close();
  }
}

/** The plan of a run that is stopped by us as it would be by Ctrl-C. */
async function openTrialPlan({ invocation, loaded, options }: Trial, stop: AbortSignal): Promise<RunPlan> {
  const { context, printer } = invocation;
  const watched: Invocation = {
    ...invocation,
    context: { ...context, signal: AbortSignal.any([context.signal, stop]) },
    printer: { ...printer, showsEvents: () => true },
  };
  return { ...(await openRunPlan(watched, loaded, options)), harness: HARNESS, timeoutSeconds: 30 };
}

interface Witness {
  note: (event: RunEvent) => void;
  close(): void;
  /** Milliseconds from the create to the first message; null where none came. */
  firstMessageMs: number | null;
  messageCount: number;
  /** From the moment at which the run was told to stop to its end. */
  stoppedMs: number | null;
  /** Why no messages came, in words. */
  problem: string | null;
}

function createWitness({ context: { clock } }: Invocation, stop: AbortController): Witness {
  const closing = new AbortController();
  const stopAfterSilence = () =>
    clock.sleep(LONGEST_SILENCE_MS, closing.signal).then(
      () => stop.abort(),
      () => undefined,
    );
  let createdMs = 0;
  let cancellingMs: number | null = null;
  const witness: Witness = {
    firstMessageMs: null,
    messageCount: 0,
    stoppedMs: null,
    problem: null,
    close: () => closing.abort(),
    note: (event) => {
      if (event.type === 'created') {
        createdMs = clock.now();
        void stopAfterSilence();
      }
      if (event.type === 'live') {
        witness.firstMessageMs ??= clock.now() - createdMs;
        witness.messageCount += event.messages.length;
        if (witness.messageCount >= ENOUGH_MESSAGES) stop.abort();
      }
      if (event.type === 'live_lost') witness.problem = event.error.message;
      if (event.type === 'cancelling') cancellingMs = clock.now();
      if (event.type === 'reading_logs' && cancellingMs !== null) {
        witness.stoppedMs = clock.now() - cancellingMs;
      }
    },
  };
  return witness;
}

function checkLive(report: Report, { firstMessageMs, messageCount, problem }: Witness): DoctorCheck {
  if (firstMessageMs === null) {
    return createProblem('live log messages', {
      detail: `none came while the script ran: ${problem ?? describeHarness(report) ?? 'nothing was said of why'}`,
      hint: 'run without --live; the messages come at the end',
      kind: 'unavailable',
    });
  }
  const count = messageCount === 1 ? '1 came' : `${messageCount} came`;
  return createOk(
    'live log messages',
    `${count} while the script ran, the first ${formatDuration(firstMessageMs)} after the create`,
  );
}

function checkCancel(report: Report, { stoppedMs }: Witness): DoctorCheck {
  if (report.outcome === 'cancelled' && stoppedMs !== null) {
    return createOk('cancel', `the run ended ${formatDuration(stoppedMs)} after it was told to stop`);
  }
  const why = report.error?.message ?? describeHarness(report) ?? `it ended by itself: ${report.outcome}`;
  return createProblem('cancel', {
    detail: `the run was told to stop and did not: ${why}`,
    hint: 'run without --cancellable; a time-out ends every run',
    kind: 'unavailable',
  });
}

/** What the harness says of the memory store, as it finds it inside the task. */
function describeHarness({ logs }: Report): string | null {
  const warning = logs?.messages.find(({ message }) => message.startsWith('luau-exec: '));
  return warning === undefined ? null : `in the task, ${warning.message.replace('luau-exec: ', '')}`;
}
