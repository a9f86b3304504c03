import { setMaxListeners } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { startLuauThread } from '../../luau/luau-thread.ts';
import type { WasmModule } from '../../luau/web-assembly.ts';
import { createLogTape, LogTapeReader } from './log-tape.ts';
import type { EngineAnswer, EngineCalls, LuauErrorCode, LuauJob, LuauResult } from './luau-runner.ts';
import type { CallAnswer, StepMessage, WorkerInput, WorkerMessage } from './worker-messages.ts';

/** What all tasks of a runner have in common. */
export interface WorkerTaskOptions {
  module: WasmModule;
  workerFile: string;
  /** See LuauRunnerOptions. */
  whileBusy: () => () => void;
}

/** One script in one worker thread: it passes steps, logs and time, and ends the thread however the script ends. */
export class WorkerTask {
  readonly result: Promise<LuauResult>;
  /** Resolves when the thread has ended, which is later than the result. */
  readonly gone: Promise<void>;
  readonly #job: LuauJob;
  readonly #worker: Worker;
  readonly #logs: LogTapeReader;
  readonly #whileBusy: () => () => void;
  /** Ends the sleep until the next step that is due. */
  #wake = new AbortController();
  /** Ends the deadline and the engine calls of this task. */
  readonly #end = new AbortController();
  readonly #resolve: (result: LuauResult) => void;
  #isSettled = false;
  /** True while the thread computes. */
  #isStepping = false;
  /** What the next step hands over. */
  #answers: CallAnswer[] = [];
  #endBusy: () => void;

  constructor(job: LuauJob, options: WorkerTaskOptions) {
    const logTape = createLogTape();
    const settled = createDeferred<LuauResult>();
    const ended = createDeferred<void>();
    // Node would warn on stderr when more than ten calls wait at once.
    setMaxListeners(0, this.#end.signal);
    this.#job = job;
    this.#resolve = settled.resolve;
    this.result = settled.promise;
    this.gone = ended.promise;
    this.#logs = new LogTapeReader(logTape);
    this.#whileBusy = options.whileBusy;
    this.#endBusy = options.whileBusy();
    const workerData: WorkerInput = {
      module: options.module,
      script: job.script,
      place: job.place,
      binaryInput: job.binaryInput ?? null,
      hasBinaryOutput: job.enableBinaryOutput ?? false,
      logTape,
    };
    this.#worker = startLuauThread(options.workerFile, workerData);
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.on('error', (error) =>
      this.#fail('INTERNAL_ERROR', `the thread of the Luau VM failed: ${error.message}`),
    );
    this.#worker.on('exit', (code) => {
      this.#fail('INTERNAL_ERROR', `the Luau VM's thread ended by itself with code ${code}`);
      ended.resolve();
    });
    if (job.signal?.aborted) this.cancel();
    else job.signal?.addEventListener('abort', this.cancel, { once: true });
  }

  cancel = (): void => {
    this.#settle({ kind: 'cancelled' });
  };

  #receive(message: WorkerMessage): void {
    if (this.#isSettled) return;
    this.#deliverLogs();
    if (message.type === 'ready') {
      this.#startDeadline();
      this.#step();
    } else if (message.type === 'call') {
      this.#startCall(message);
    } else if (message.type === 'idle') {
      this.#rest(message.dueSeconds);
    } else if (message.type === 'failed') {
      this.#fail(message.code, message.message);
    } else if (message.type === 'complete') {
      this.#complete(message.resultsJson, message.binaryOutput);
    }
  }

  #step(): void {
    // A step that is under way finds what is due, or says when to come back.
    if (this.#isStepping) return;
    this.#isStepping = true;
    this.#wake.abort();
    this.#endBusy();
    this.#endBusy = this.#whileBusy();
    const { clock } = this.#job;
    const message: StepMessage = {
      nowSeconds: clock.now() / 1000,
      wallNowSeconds: clock.wallNow() / 1000,
      answers: this.#answers,
    };
    this.#answers = [];
    this.#worker.postMessage(message);
  }

  #rest(dueSeconds: number | null): void {
    this.#isStepping = false;
    if (this.#answers.length > 0) return this.#step();
    if (dueSeconds !== null) this.#stepAt(dueSeconds * 1000);
    this.#endBusy();
  }

  #startCall({ id, method, inputJson }: Extract<WorkerMessage, { type: 'call' }>): void {
    const answer = (outcome: EngineAnswer) => {
      if (this.#isSettled) return;
      const text = outcome.ok ? JSON.stringify(outcome.value) : outcome.message;
      this.#answers.push({ id, isOk: outcome.ok, text });
      this.#step();
    };
    const { engine = refuseCall } = this.#job;
    engine({ method, input: JSON.parse(inputJson) }, answer, this.#end.signal);
  }

  /** Rounded up, because a step that comes a fraction too early finds nothing to do. */
  #stepAt(dueMs: number): void {
    this.#wake = new AbortController();
    this.#sleepThen(Math.ceil(dueMs - this.#job.clock.now()), () => this.#step(), this.#wake.signal);
  }

  /** The service's clock starts with the script, not with the task. */
  #startDeadline(): void {
    const { timeoutMs } = this.#job;
    const stop = () =>
      this.#fail('DEADLINE_EXCEEDED', `the script did not finish within ${timeoutMs / 1000} s`);
    this.#sleepThen(timeoutMs, stop, this.#end.signal);
  }

  #sleepThen(ms: number, then: () => void, signal: AbortSignal): void {
    const onEnd = () => {
      if (!this.#isSettled) then();
    };
    // A sleep that is broken off belongs to a task that is over.
    this.#job.clock.sleep(Math.max(0, ms), signal).then(onEnd, () => undefined);
  }

  #complete(resultsJson: string, binaryOutput: Uint8Array | null): void {
    const results = JSON.parse(resultsJson);
    this.#settle({ kind: 'complete', results, ...(binaryOutput && { binaryOutput }) });
  }

  #fail(code: LuauErrorCode, message: string): void {
    this.#settle({ kind: 'failed', code, message });
  }

  #settle(result: LuauResult): void {
    if (this.#isSettled) return;
    this.#deliverLogs();
    this.#isSettled = true;
    this.#wake.abort();
    this.#end.abort();
    this.#job.signal?.removeEventListener('abort', this.cancel);
    // Ending a thread can take most of a second, the first time; nobody has to wait for it.
    void this.#worker.terminate();
    this.#endBusy();
    this.#resolve(result);
  }

  #deliverLogs(): void {
    for (const entry of this.#logs.read()) this.#job.onLog(entry);
  }
}

const refuseCall: EngineCalls = ({ method }, answer) =>
  answer({ ok: false, message: `luau-exec emulator: ${method} has nothing to talk to here` });

function createDeferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { promise, resolve };
}
