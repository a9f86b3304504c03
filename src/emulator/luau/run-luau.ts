import { createRequire } from 'node:module';
import { loadLuauWasm } from '../../luau/luau-wasm.ts';
import type { ClosableLuauRunner, LuauJob, LuauResult } from './luau-runner.ts';
import { WorkerTask, type WorkerTaskOptions } from './worker-task.ts';

export interface LuauRunnerOptions {
  /** Memory of each script, in MiB; 512 when not given, which holds the largest binary input and output together. */
  memoryMiB?: number;
  /**
   * Called when a thread starts to compute; what it returns is called when the thread waits or is done. A test whose
   * clock is virtual stops the clock meanwhile, because computing takes real time.
   */
  whileBusy?: () => () => void;
}

const DEFAULT_MEMORY_MIB = 512;

/**
 * A runner that gives each script a thread and a Luau VM of its own. Throws LX900 where the files of the VM are
 * missing or not the known ones.
 */
export function createLuauRunner(options: LuauRunnerOptions = {}): ClosableLuauRunner {
  const taskOptions: WorkerTaskOptions = {
    module: loadLuauWasm({ memoryMiB: options.memoryMiB ?? DEFAULT_MEMORY_MIB }),
    workerFile: createRequire(import.meta.url).resolve('#luau-worker'),
    whileBusy: options.whileBusy ?? (() => () => undefined),
  };
  const tasks = new Set<WorkerTask>();

  function run(job: LuauJob): Promise<LuauResult> {
    const task = new WorkerTask(job, taskOptions);
    tasks.add(task);
    void task.gone.then(() => tasks.delete(task));
    return task.result;
  }

  async function close(): Promise<void> {
    for (const task of tasks) task.cancel();
    await Promise.all([...tasks].map((task) => task.gone));
  }

  return Object.assign(run, { close });
}
