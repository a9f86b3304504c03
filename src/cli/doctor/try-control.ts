import type { LoadedSettings } from '../../config/load-settings.ts';
import { formatDuration } from '../../output/format-duration.ts';
import type { Report } from '../../output/report.ts';
import { createInlineSource } from '../../script/load-source.ts';
import type { RunEvent } from '../../task/run-event.ts';
import type { Invocation } from '../invocation.ts';
import { prepareScripts } from '../prepare-scripts.ts';
import { runOneScript } from '../run-one-script.ts';
import { closeRunPlan, openRunPlan, type RunPlan } from '../run-plan.ts';
import type { RunOptions } from '../shared-options.ts';
import { createOk, createProblem, type DoctorCheck } from './doctor-check.ts';

const SCRIPT = `for second = 1, 5 do
\tprint(\`luau-exec doctor: second {second} of 5\`)
\ttask.wait(1)
end`;
const HARNESS = { isCancellable: true, isLive: true, pollSeconds: 2, liveSeconds: 1 };
const NOTICE = `--live-control sends a script, which prints a line a second for 5 s; what it prints goes through the memory
store of the experience, and after the second line it is told to stop through it. Where none of its lines comes, it is
sent once more, to be stopped. Nothing else is touched, and what is written there (queues and items of the sorted map
luau-exec-control) is gone after 10 minutes.`;
/** After so many lines the script is told to stop. */
const ENOUGH_MESSAGES = 2;

interface Trial {
  invocation: Invocation;
  loaded: LoadedSettings;
  options: RunOptions;
}

/** What was seen of one run. */
interface Sight {
  /** Milliseconds from the create to the first message; null where none came. */
  firstMessageMs: number | null;
  messageCount: number;
  /** From the moment at which the run was told to stop to its end; null where it was not told. */
  stoppedMs: number | null;
  /** Why no messages came, in words. */
  problem: string | null;
}

type Trace = Sight & { report: Report };

/** Runs a script that is watched and stopped through the memory store, and tells what came of that. */
export async function tryControl(trial: Trial): Promise<DoctorCheck[]> {
  await trial.invocation.printer.printNotice(NOTICE);
  // A server may take most of a minute to start, and nobody says when the script begins. So silence is no sign that its
  // messages do not come, only its end is.
  const watched = await runTrial(
    trial,
    ({ messageCount, problem }) => messageCount >= ENOUGH_MESSAGES || problem !== null,
  );
  if (watched.report.task === null) return [createUntried(watched)];
  const hasEndedUntold = watched.report.outcome === 'ok' && watched.stoppedMs === null;
  // A run looks as soon as it starts whether it is to stop, so that it can be told at once.
  const stopped = hasEndedUntold ? await runTrial(trial, () => true) : watched;
  return [checkLive(watched), checkCancel(stopped)];
}

/** Sends the script, and tells it to stop once enough has been seen of it. */
async function runTrial(trial: Trial, isEnough: (sight: Sight) => boolean): Promise<Trace> {
  const { invocation, options } = trial;
  const stop = new AbortController();
  const plan = await openTrialPlan(trial, stop.signal);
  try {
    const source = createInlineSource(SCRIPT);
    const [script] = await prepareScripts(invocation, [source], options, { harness: HARNESS });
    if (script === undefined) throw new Error('no script was prepared');
    const witness = createWitness(invocation, (current) => {
      if (isEnough(current)) stop.abort();
    });
    const report = await runOneScript(script, plan, { listen: witness.note, listenToAll: witness.note });
    invocation.context.signal.throwIfAborted();
    return { ...witness.read(), report };
  } finally {
    await closeRunPlan(plan);
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
  return {
    ...(await openRunPlan(watched, loaded, options)),
    harness: HARNESS,
    timeoutSeconds: 30,
  };
}

interface Witness {
  note: (event: RunEvent) => void;
  read(): Sight;
}

/** Hands over all that has been seen at the create and at each change. */
function createWitness({ context: { clock } }: Invocation, look: (sight: Sight) => void): Witness {
  const sight: Sight = { firstMessageMs: null, messageCount: 0, stoppedMs: null, problem: null };
  let createdMs = 0;
  let cancellingMs: number | null = null;
  return {
    read: () => sight,
    note: (event) => {
      if (event.type === 'created') createdMs = clock.now();
      if (event.type === 'live') {
        sight.firstMessageMs ??= clock.now() - createdMs;
        sight.messageCount += event.messages.length;
      }
      if (event.type === 'live_lost') sight.problem = event.error.message;
      if (event.type === 'cancelling') cancellingMs = clock.now();
      if (event.type === 'reading_logs' && cancellingMs !== null) {
        sight.stoppedMs = clock.now() - cancellingMs;
      }
      if (['created', 'live', 'live_lost'].includes(event.type)) look(sight);
    },
  };
}

/** For a script that was not sent, or may not have been. */
function createUntried({ report: { error, outcome } }: Trace): DoctorCheck {
  return createProblem('live control', {
    detail: `not tried: ${error?.message ?? outcome}`,
    hint: error?.hint ?? null,
    kind: 'unavailable',
  });
}

function checkLive({ report, firstMessageMs, messageCount, problem }: Trace): DoctorCheck {
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

function checkCancel({ report, stoppedMs }: Trace): DoctorCheck {
  if (report.outcome === 'cancelled' && stoppedMs !== null) {
    return createOk('cancel', `the run ended ${formatDuration(stoppedMs)} after it was told to stop`);
  }
  const why = report.error?.message ?? describeHarness(report) ?? `it ended by itself: ${report.outcome}`;
  return createProblem('cancel', {
    detail: `not stopped: ${why}`,
    hint: 'run without --cancellable; a time-out ends every run',
    kind: 'unavailable',
  });
}

/** What the harness says of the memory store, as it finds it inside the task. */
function describeHarness({ logs }: Report): string | null {
  const warning = logs?.messages.find(({ message }) => message.startsWith('luau-exec: '));
  return warning === undefined ? null : `in the task, ${warning.message.replace('luau-exec: ', '')}`;
}
