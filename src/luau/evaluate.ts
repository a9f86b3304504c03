import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { raceAbort } from '../race-abort.ts';
import { startLuauThread } from './luau-thread.ts';
import { loadLuauWasm } from './luau-wasm.ts';
import type { WasmModule } from './web-assembly.ts';

export interface EvaluateOptions {
  /** Stands in Luau's messages, before the line. */
  chunkName: string;
  /** Counted from when the VM stands ready. */
  timeoutMs: number;
  /** Whole MiB from 2 to 2047. */
  memoryMiB: number;
  clock: Clock;
  /** Ends the evaluation with its reason. */
  signal?: AbortSignal;
}

/**
 * What the chunk returned: strings, numbers, booleans, and tables of them. A table whose keys are 1 to n is an array;
 * in any other the key 5 is called `[5]`. NaN and the infinities are null. Or else why there is none, in Luau's words.
 */
export type LuauEvaluation = { ok: true; json: unknown } | { ok: false; message: string };

/** What the thread is born with. */
export interface EvaluateInput {
  module: WasmModule;
  source: string;
  chunkName: string;
}

/** `ready` comes when the VM is made, and one of the others at the end. */
export type EvaluateMessage =
  | { type: 'ready' }
  | { type: 'returned'; jsonText: string }
  | { type: 'failed'; message: string };

/**
 * Runs a chunk by itself: in a thread and a VM of its own, which has Luau's standard library and nothing else. Throws
 * LX900 where the files of the VM are missing or not the known ones, and the signal's reason.
 */
export async function evaluateLuau(source: string, options: EvaluateOptions): Promise<LuauEvaluation> {
  const { chunkName, memoryMiB, signal } = options;
  signal?.throwIfAborted();
  const workerData: EvaluateInput = { module: loadLuauWasm({ memoryMiB }), source, chunkName };
  const file = createRequire(import.meta.url).resolve('#luau-evaluate-worker');
  const worker = startLuauThread(file, workerData);
  const over = new AbortController();
  const answer = waitForAnswer(worker, { ...options, signal: over.signal });
  try {
    return await (signal ? raceAbort(answer, signal) : answer);
  } finally {
    over.abort();
    // Nobody has to wait for its end, which can take most of a second.
    void worker.terminate();
  }
}

function waitForAnswer(
  worker: Worker,
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal: AbortSignal },
): Promise<LuauEvaluation> {
  return new Promise((resolve) => {
    const fail = (message: string) => resolve({ ok: false, message });
    const onTimeout = () => fail(`it did not finish within ${timeoutMs / 1000} s`);
    worker.on('message', (message: EvaluateMessage) => {
      if (message.type === 'returned') resolve({ ok: true, json: JSON.parse(message.jsonText) });
      else if (message.type === 'failed') fail(message.message);
      // A sleep that is broken off belongs to a thread that is over.
      else clock.sleep(timeoutMs, signal).then(onTimeout, () => undefined);
    });
    worker.on('error', (error) => fail(`the thread of the Luau VM failed: ${error.message}`));
    worker.on('exit', (code) => fail(`the Luau VM's thread ended by itself with code ${code}`));
  });
}
