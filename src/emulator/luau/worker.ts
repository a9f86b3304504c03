// The thread of one script. It computes when it is told to and has no timers: while the script waits, so does the main
// thread, on the clock that the job brought along.
import { parentPort, workerData } from 'node:worker_threads';
import { LogTapeWriter } from './log-tape.ts';
import { LuauScript } from './luau-script.ts';
import type { StepMessage, WorkerInput, WorkerMessage } from './worker-messages.ts';

if (!parentPort) throw new Error('this file runs as a worker of the emulator');
const port = parentPort;
const input: WorkerInput = workerData;

function post(message: WorkerMessage): void {
  const bytes = message.type === 'complete' ? message.binaryOutput : null;
  port.postMessage(message, bytes ? [bytes.buffer] : []);
}

const tape = new LogTapeWriter(input.logTape, () => post({ type: 'logs' }));
const script = new LuauScript(input, {
  writeLog: (level, message) => tape.write(level, message),
  call: (id, method, inputJson) => post({ type: 'call', id, method, inputJson }),
});
port.on('message', (message: StepMessage) => post(script.step(message)));
post({ type: 'ready' });
