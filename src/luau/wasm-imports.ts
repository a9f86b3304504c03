import { messageOf } from '../errors.ts';
import { encodeByteString } from './byte-string.ts';
import { readCxxException } from './cxx-exception.ts';
import { LuauFatal, OUT_OF_MEMORY } from './luau-errors.ts';
import { formatWireInput, parseWireValue, type WireValue } from './value-codec.ts';
import type { VmCore } from './vm-core.ts';
import type { WasmFunction, WasmImports } from './web-assembly.ts';

/** What C's longjmp throws through the wasm frames, so that only `invoke_vii` catches it. */
const LONGJMP = Symbol('longjmp');

/** Everything the wasm module imports: luau-web's glue, and the C library's view of the system. */
export function createWasmImports(core: VmCore): WasmImports {
  return {
    env: { ...createGlue(core), ...createUnusedGlue(core), ...createRuntime(core), ...createCalendar(core) },
    wasi_snapshot_preview1: createSystem(core),
  };
}

function createGlue(core: VmCore): Record<string, WasmFunction> {
  const { mailbox } = core;
  return {
    acceptStringTransaction: (_environment: number, key: number) =>
      core.allocateCString(mailbox.takeString(key)),
    pushTransactionString: (_environment: number, text: number) =>
      mailbox.putString(core.memory.readCString(text)),
    sendValueToJS: (_environment: number, text: number) => mailbox.putString(core.memory.readCString(text)),
    setMultretData: (_state: number, _environment: number, json: number, key: number) =>
      mailbox.putResults(key, readWireValues(core, json)),
    pushArgs: (state: number, _environment: number, key: number) => core.push(state, mailbox.takeInputs(key)),
    pushRetData: (state: number, _environment: number, key: number) =>
      core.push(state, mailbox.takeInputs(key)),
    __asyncjs__callJSFunction: (state: number, _environment: number, _ref: number, json: number) =>
      answerHostCall(core, { state, json }),
    ensureInterop: () => undefined,
    setEnvFromJS: () => undefined,
  };
}

/**
 * Runs one call from Luau and returns the mailbox key of its results; -1 means that an error message lies on the stack.
 */
function answerHostCall(core: VmCore, call: { state: number; json: number }): number {
  try {
    // The first entry is the function that was called.
    const [operation, ...values] = readWireValues(core, call.json).slice(1).map(parseWireValue);
    if (typeof operation !== 'string') throw new Error('the host was called without an operation');
    const results = core.hostCall(operation, values);
    // A value that cannot cross must fail here, where Luau can be told.
    for (const result of results) formatWireInput(result);
    return core.mailbox.putInputs(results);
  } catch (error) {
    if (error instanceof LuauFatal) throw error;
    core.push(call.state, [encodeByteString(messageOf(error))]);
    return -1;
  }
}

function readWireValues(core: VmCore, json: number): WireValue[] {
  return JSON.parse(core.memory.readCString(json));
}

/** Access to JavaScript objects from Luau: no object is ever passed in, so a call means that something is broken. */
function createUnusedGlue(core: VmCore): Record<string, WasmFunction> {
  const refuse = () => core.die('Luau asked for a JavaScript object');
  return {
    getJSProperty: refuse,
    setJSProperty: refuse,
    getJSIteratorNext: refuse,
    prepareJSKeyList: refuse,
    releaseJSKeyList: refuse,
  };
}

function createRuntime(core: VmCore): Record<string, WasmFunction> {
  return {
    // Refusing makes malloc return NULL, which Luau reports as an error that a script can catch.
    emscripten_resize_heap: () => {
      core.wasOutOfMemory = true;
      return 0;
    },
    _abort_js: () =>
      core.wasOutOfMemory
        ? core.die(OUT_OF_MEMORY, { isOutOfMemory: true })
        : core.die('the Luau runtime aborted'),
    __cxa_throw: (address: number) => {
      throw readCxxException(core.memory, address);
    },
    invoke_vii: (index: number, a: number, b: number) => {
      const stackPointer = core.exports.emscripten_stack_get_current();
      try {
        core.exports.dynCall_vii(index, a, b);
      } catch (error) {
        core.exports._emscripten_stack_restore(stackPointer);
        if (error !== LONGJMP) throw error;
        core.exports.setThrew(1, 0);
      }
    },
    _emscripten_throw_longjmp: () => {
      throw LONGJMP;
    },
    emscripten_get_now: () => performance.now(),
    emscripten_date_now: () => Date.now(),
  };
}

/** Local time is UTC, as on Roblox's servers. */
function createCalendar(core: VmCore): Record<string, WasmFunction> {
  const writeTime = (seconds: number | bigint, address: number) =>
    writeBrokenDownTime(core, { seconds: Number(seconds), address });
  return {
    _localtime_js: writeTime,
    _gmtime_js: writeTime,
    _tzset_js: (offset: number, hasDaylight: number, standardName: number, daylightName: number) => {
      core.memory.view.setInt32(offset, 0, true);
      core.memory.view.setInt32(hasDaylight, 0, true);
      core.memory.writeCString(standardName, 'UTC');
      core.memory.writeCString(daylightName, 'UTC');
    },
  };
}

/** Fills C's `struct tm`. */
function writeBrokenDownTime(core: VmCore, time: { seconds: number; address: number }): void {
  const date = new Date(time.seconds * 1000);
  const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
  const fields = [
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth(),
    date.getUTCFullYear() - 1900,
    date.getUTCDay(),
    Math.floor((date.getTime() - yearStart) / 86_400_000),
    0, // no daylight saving
    0, // offset from UTC
  ];
  for (const [index, field] of fields.entries()) {
    core.memory.view.setInt32(time.address + 4 * index, field, true);
  }
}

const WASI_REALTIME = 0;
const WASI_SUCCESS = 0;
const WASI_NOT_SUPPORTED = 52;
const WASI_NOT_SEEKABLE = 70;

/** A system without files. What the C library writes to its streams is swallowed. */
function createSystem(core: VmCore): Record<string, WasmFunction> {
  return {
    clock_time_get: (id: number, _precision: bigint, address: number) => {
      const nowMs = id === WASI_REALTIME ? Date.now() : performance.now();
      core.memory.view.setBigInt64(address, BigInt(Math.round(nowMs * 1e6)), true);
      return WASI_SUCCESS;
    },
    fd_close: () => WASI_NOT_SUPPORTED,
    fd_seek: () => WASI_NOT_SEEKABLE,
    fd_write: (_file: number, vectors: number, count: number, written: number) => {
      const { view } = core.memory;
      let total = 0;
      for (let i = 0; i < count; i++) total += view.getUint32(vectors + 8 * i + 4, true);
      view.setUint32(written, total, true);
      return WASI_SUCCESS;
    },
  };
}
