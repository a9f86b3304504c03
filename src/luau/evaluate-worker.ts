// The thread of one evaluation.
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { decodeByteString, encodeByteString } from './byte-string.ts';
import runChunk from './evaluate.luau';
import type { EvaluateInput, EvaluateMessage } from './evaluate.ts';
import { LuauVm } from './vm.ts';

if (!parentPort) throw new Error('this file runs as a thread of evaluateLuau');
const port = parentPort;
const input: EvaluateInput = workerData;

function post(message: EvaluateMessage): void {
  port.postMessage(message);
}

function evaluate(vm: LuauVm): EvaluateMessage {
  try {
    const chunk = vm.load(encodeByteString(input.source), encodeByteString(input.chunkName));
    const [isDone, text] = vm.call(vm.load(encodeByteString(runChunk), 'luau-exec'), [chunk]);
    const message = decodeByteString(String(text));
    return isDone === true ? { type: 'returned', jsonText: message } : { type: 'failed', message };
  } catch (error) {
    const message = messageOf(error);
    return { type: 'failed', message: decodeByteString(message) };
  }
}

const vm = new LuauVm(input.module, () => {
  throw new Error('there is no host');
});
post({ type: 'ready' });
post(evaluate(vm));
