import { LuauExecError } from '../errors.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import { NO_FILES, type Report } from '../output/report.ts';
import { mapLogs } from '../output/script-position.ts';
import type { Script } from '../script/compose-script.ts';
import type { RunTaskOptions } from '../task/run-task.ts';
import { createErrorReport } from './create-report.ts';
import type { Sending, SendOptions } from './files/run-files.ts';
import { readSignalName } from './interrupt.ts';
import { type JournalEntry, openJournalEntry } from './journal-entry.ts';
import { addLostOutput } from './lost-output.ts';
import type { Job, RunState } from './run-job.ts';
import { addGuardFact, interruptError, interruptionOf, settleUnanswered } from './run-problems.ts';
import { hasStack } from './shared-options.ts';

type Work = (sending: Sending, life: RunTaskOptions) => Promise<Report>;

/** Runs `work` with everything that one script's life needs, and turns what it throws into a report. */
export async function guardRun(script: Script, job: Job, work: Work): Promise<Report> {
  return new GuardedRun(script, job).run(work);
}

class GuardedRun {
  readonly #script: Script;
  readonly #job: Job;
  readonly #state: RunState = { task: null, files: NO_FILES, guardedVersionId: null };
  readonly #lost: LuauExecError[] = [];

  constructor(script: Script, job: Job) {
    this.#script = script;
    this.#job = job;
  }

  async run(work: Work): Promise<Report> {
    const { signal } = this.#job.invocation.context;
    if (signal.aborted) return this.#describe(interruptError(this.#state, this.#job));
    const options = createSendOptions(this.#script, this.#job);
    let sending: Sending;
    try {
      // Before the journal hears of a create: an upload can take minutes.
      sending = await prepareSending(options, this.#job);
    } catch (thrown) {
      return this.#describe(signal.aborted ? interruptionOf(thrown, this.#state, this.#job) : thrown);
    }
    const entry = openJournalEntry({ script: this.#script, runId: this.#job.runId }, this.#job);
    try {
      return this.#addLost(await this.#attempt(work, { sending, options, entry }));
    } catch (thrown) {
      const known = addGuardFact(await settleUnanswered(thrown, this.#job), this.#state);
      const error = signal.aborted ? interruptionOf(known, this.#state, this.#job) : known;
      // A bug of ours says nothing of whether the script was sent.
      const isCertain = error instanceof LuauExecError && error.kind !== 'unknown';
      if (this.#state.task === null && isCertain) entry.notCreated();
      return this.#describe(error);
    }
  }

  async #attempt(
    work: Work,
    { sending, options, entry }: { sending: Sending; options: SendOptions; entry: JournalEntry },
  ): Promise<Report> {
    const life = createLife(this.#script, this.#job, this.#createListeners(entry));
    const begin = (next: Sending) => {
      this.#state.files = next.files;
      this.#state.guardedVersionId = next.parameters.guarded ? next.parameters.versionId : null;
      return work(next, life);
    };
    try {
      return await begin(sending);
    } catch (thrown) {
      const { files } = this.#job;
      const again =
        this.#state.task === null && files !== null ? await files.sendAgain(sending, thrown, options) : null;
      if (again === null) throw thrown;
      this.#startAgain(entry);
      return begin(again);
    }
  }

  #createListeners(entry: JournalEntry): Pick<RunTaskOptions, 'onEvent' | 'onCreated'> {
    const { listen, files, idFile } = this.#job;
    return {
      onEvent: (event) => {
        // It may be tried again: a failure is told once it is known to be one.
        if (event.type === 'failed') return;
        if (event.type === 'reading_logs') this.#state.task = event.task;
        if (event.type === 'pinning') {
          files?.noteOtherHead();
          this.#startAgain(entry);
        }
        entry.note(event);
        const isLive = event.type === 'live';
        listen(isLive ? { ...event, messages: mapLogs(event.messages, this.#script) } : event);
      },
      onCreated: (created) => {
        this.#state.task = created;
        entry.created(created);
        const problem = idFile?.append(`${formatTaskPath(created.path)}\n`);
        if (problem) this.#lost.push(problem);
      },
    };
  }

  #startAgain(entry: JournalEntry): void {
    this.#state.task = null;
    this.#state.guardedVersionId = null;
    entry.again();
  }

  #describe(thrown: unknown): Report {
    const { invocation, listen, options } = this.#job;
    if (thrown instanceof LuauExecError && thrown.kind !== 'interrupted')
      listen({ type: 'failed', error: thrown });
    const { task, files } = this.#state;
    const signalName = readSignalName(invocation.context.signal);
    const known = { script: this.#script, task, signalName, hasStack: hasStack(options) };
    return this.#addLost({ ...createErrorReport(thrown, known), files });
  }

  #addLost(report: Report): Report {
    return this.#lost.reduce(addLostOutput, report);
  }
}

function createLife(
  script: Script,
  job: Job,
  listeners: Pick<RunTaskOptions, 'onEvent' | 'onCreated'>,
): RunTaskOptions {
  const { invocation, connection, options } = job;
  const { clock, signal } = invocation.context;
  const { client, scheduler } = connection;
  return {
    ...{ client, scheduler, clock },
    signal: job.waitSignal,
    stop: signal,
    waitTimeoutMs: job.waitTimeoutMs,
    queueTimeoutMs: job.queueTimeoutMs,
    isRepeatAllowed: options.retryUnsafe ?? false,
    ...(script.modules.length > 1 ? { hasForeignModules: script.leftAlone.length > 0 } : {}),
    ...listeners,
  };
}

/** What is sent, once the files that go with it are there. */
async function prepareSending(options: SendOptions, { files }: Job): Promise<Sending> {
  if (files !== null) return files.send(options);
  return { parameters: options.base, files: NO_FILES, place: null, input: null };
}

function createSendOptions(script: Script, job: Job): SendOptions {
  const { options, idFile, listenToAll, runId, invocation } = job;
  const base = createParameters(script, job);
  const isFollowed = options.detach === true || idFile !== null;
  return { script, runId, base, isFollowed, listen: listenToAll, signal: invocation.context.signal };
}

function createParameters(script: Script, { connection, versionId, timeoutSeconds }: Job) {
  const { universeId, placeId } = connection;
  return { universeId, placeId, versionId, script: script.text, timeoutSeconds };
}
