import { LuauExecError } from '../errors.ts';
import type { JournalRun, SeenState } from '../history/journal-run.ts';
import { isFinished } from '../open-cloud/task.ts';
import { formatTaskPath, type TaskPath } from '../open-cloud/task-path.ts';
import { readEndCode } from '../task/harness-marks.ts';
import type { RunEvent } from '../task/run-event.ts';
import type { TaskConnection } from './connect.ts';
import { exitCodeOfError, worstExitCode } from './exit-codes.ts';
import type { Invocation } from './invocation.ts';
import { createStateNotes } from './state-notes.ts';

/** What came of asking. Runs are known by their ids. */
export interface Refresh {
  /** Learnt just now; `not_found` where the service knows no such task. */
  states: ReadonlyMap<string, SeenState>;
  /** What most needs somebody to look; null where every task was answered for. */
  error: LuauExecError | null;
}

/** A run whose task can be asked for. */
type Askable = JournalRun & { path: TaskPath };

const AT_ONCE = 4;
/** People who wait for a list would rather have an old one than wait for minutes. */
const PATIENCE_MS = 20_000;
/** A task that was created long ago is looked at at once. */
const LONG_AGO_MS = 60_000;

/**
 * Asks for the state of each task that is not known to have finished, and writes it into the journal. What goes wrong
 * with one does not keep the others from being asked, unless it would go wrong with them too. Throws the reason of the
 * context's signal.
 */
export async function refreshStates(
  runs: readonly JournalRun[],
  connection: TaskConnection,
  invocation: Invocation,
): Promise<Refresh> {
  const { signal } = invocation.context;
  const askable = runs.filter((run): run is Askable => run.path !== null && !run.seen?.isFinished);
  const states = new Map<string, SeenState>();
  const errors: LuauExecError[] = [];
  const stop = new AbortController();
  const listen = trackAsking(invocation, askable.length);
  const ask = createAsk(connection, invocation, {
    signal: AbortSignal.any([signal, stop.signal]),
    listen,
  });
  const waiting = askable.values();
  const askInTurn = async () => {
    for (const run of waiting) {
      if (stop.signal.aborted) return;
      try {
        states.set(run.facts.runId, await ask(run));
      } catch (thrown) {
        if (thrown === STOPPED) return;
        if (!(thrown instanceof LuauExecError)) throw thrown;
        errors.push(thrown);
        if (concernsAll(thrown)) stop.abort(STOPPED);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, askInTurn));
  } finally {
    invocation.printer.stopProgress();
  }
  const counts = { asked: askable.length, answered: states.size };
  return { states, error: errors.length === 0 ? null : createRefreshError(errors, counts) };
}

const STOPPED = Symbol('stopped');

/** Waits are shown as those of a run are; what it is doing takes the place of a state. */
function trackAsking({ printer }: Invocation, count: number): (event: RunEvent) => void {
  const [listen = () => undefined] = printer.trackRuns([null]).runs;
  if (count > 0) listen({ type: 'state', state: 'asking for the states', elapsedMs: 0 });
  return listen;
}

function createAsk(
  { client, scheduler, journal }: TaskConnection,
  invocation: Invocation,
  { signal, listen }: { signal: AbortSignal; listen: (event: RunEvent) => void },
) {
  const { clock } = invocation.context;
  return async (run: Askable): Promise<SeenState> => {
    const slot = scheduler.join(clock.now() - LONG_AGO_MS);
    try {
      await slot.waitForTurn(signal);
      const task = await client.getTask(run.path, {
        signal,
        patienceMs: PATIENCE_MS,
        onWait: (wait) => listen({ type: 'waiting', ...wait }),
      });
      createStateNotes({ ...run, taskPath: formatTaskPath(run.path) }, journal, invocation).noteTask(task);
      const code = readEndCode(task);
      return { state: task.state, isFinished: isFinished(task), code, atMs: clock.wallNow() };
    } catch (thrown) {
      if (!(thrown instanceof LuauExecError) || thrown.kind !== 'not_found') throw thrown;
      // Not written down: it may be no more than hidden from this key.
      return { state: 'not_found', isFinished: false, code: null, atMs: clock.wallNow() };
    } finally {
      slot.leave();
    }
  };
}

/** No network, no service, a limit, a key that is refused: the next task would tell the same. */
function concernsAll({ kind, httpStatus }: LuauExecError): boolean {
  return kind === 'unavailable' || kind === 'throttled' || httpStatus === 401;
}

function createRefreshError(
  errors: readonly LuauExecError[],
  { asked, answered }: { asked: number; answered: number },
): LuauExecError {
  const codeOf = ({ kind }: LuauExecError) => exitCodeOfError(kind, '');
  const worstCode = worstExitCode(errors.map(codeOf));
  const worst = errors.find((error) => codeOf(error) === worstCode);
  const left = asked - answered;
  const tasks =
    asked === 1 ? 'the task' : left === asked ? `all ${asked} tasks` : `${left} of ${asked} tasks`;
  return new LuauExecError(`the state of ${tasks} could not be learnt: ${worst?.message ?? ''}`, {
    id: worst?.id ?? 'LX503',
    kind: worst?.kind ?? 'unavailable',
    facts: [`${left === 1 ? 'it is' : 'they are'} shown as last seen`],
    attempts: worst?.attempts ?? [],
    cause: worst,
    ...(worst?.httpStatus ? { httpStatus: worst.httpStatus } : {}),
    ...(worst?.code ? { code: worst.code } : {}),
    hint: worst?.kind === 'unavailable' || !worst?.hint ? 'luau-exec list --refresh' : worst.hint,
  });
}
