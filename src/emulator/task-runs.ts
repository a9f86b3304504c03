import type { Clock } from '../clock.ts';
import type { BinarySlots } from './binary-slots.ts';
import { createEngineCalls, type EngineMethods } from './engine-calls.ts';
import { addEngineFaults } from './engine-faults.ts';
import type { FaultScript } from './faults.ts';
import type { LuauResult, LuauRunner } from './luau/luau-runner.ts';
import type { TaskRecord, TaskStore } from './task-store.ts';

export interface TaskRunsOptions {
  clock: Clock;
  runLuau: LuauRunner;
  /** From the create to the start of the script. */
  bootDelayMs: number;
  tasks: TaskStore;
  slots: BinarySlots;
  methods: EngineMethods;
  faults: FaultScript;
}

/** The scripts that are booting or running. */
export class TaskRuns {
  readonly #options: TaskRunsOptions;
  // One controller for each run: Node warns on stderr when more than ten listeners share a signal.
  readonly #running = new Map<Promise<void>, AbortController>();
  #isStopping = false;

  constructor(options: TaskRunsOptions) {
    this.#options = options;
  }

  /** Runs a task's script in the background and stores how it ended. Does nothing once `stop` was called. */
  start(record: TaskRecord, binaryInput: Uint8Array | null): void {
    if (this.#isStopping) return;
    const stopping = new AbortController();
    const run = this.#run(record, binaryInput, stopping.signal).finally(() => this.#running.delete(run));
    this.#running.set(run, stopping);
  }

  /** Stops every script; resolves when the last one is gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const stopping of this.#running.values()) stopping.abort(new Error('the emulator is closing'));
    await Promise.all(this.#running.keys());
  }

  async #run(record: TaskRecord, binaryInput: Uint8Array | null, signal: AbortSignal): Promise<void> {
    const { tasks, slots } = this.#options;
    const result = await this.#runScript(record, binaryInput, signal);
    const bytes = result.kind === 'complete' ? result.binaryOutput : undefined;
    tasks.finish(record, result, bytes === undefined ? '' : slots.createOutput(bytes));
  }

  async #runScript(
    record: TaskRecord,
    binaryInput: Uint8Array | null,
    signal: AbortSignal,
  ): Promise<LuauResult> {
    const { clock, runLuau, bootDelayMs, methods, faults } = this.#options;
    const { universeId, placeId, sessionId } = record.path;
    try {
      if (bootDelayMs > 0) await clock.sleep(bootDelayMs, signal);
      return await runLuau({
        script: record.script,
        timeoutMs: record.timeoutSeconds * 1000,
        clock,
        place: { universeId, placeId, placeVersion: record.bootedVersion, jobId: sessionId },
        ...(binaryInput === null ? {} : { binaryInput }),
        enableBinaryOutput: record.enableBinaryOutput,
        engine: addEngineFaults(createEngineCalls(methods, universeId), faults, clock),
        onLog: (entry) => record.logs.push({ ...entry, wallMs: clock.wallNow() }),
        signal,
      });
    } catch (error) {
      // Only an abort while booting is expected here. Anything else breaks the runner's promise never to reject, and
      // must end this task rather than the process.
      if (signal.aborted) return { kind: 'cancelled' };
      return { kind: 'failed', code: 'INTERNAL_ERROR', message: String(error) };
    }
  }
}
