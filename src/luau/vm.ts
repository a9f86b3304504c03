import { messageOf } from '../errors.ts';
import { CxxException } from './cxx-exception.ts';
import { LuauFatal, LuauRuntimeError, LuauSyntaxError, OUT_OF_MEMORY } from './luau-errors.ts';
import { isLuauExports } from './luau-exports.ts';
import {
  type LuauFunction,
  type LuauInput,
  type LuauValue,
  parseWireValue,
  type WireValue,
} from './value-codec.ts';
import { type HostCall, VmCore } from './vm-core.ts';
import { createWasmImports } from './wasm-imports.ts';
import { instantiateWasm, type WasmModule } from './web-assembly.ts';

/** Any number will do: the wasm passes it back and the host has only one environment. */
const ENVIRONMENT = 1;
const TOP_OF_STACK = -1;

// A buffer object in this build: a tag byte, the length 4 bytes on, the bytes 8 bytes on.
const BUFFER_TAG = 10;
const BUFFER_LENGTH_OFFSET = 4;
const BUFFER_BYTES_OFFSET = 8;

/**
 * One Luau state in one wasm instance, used synchronously. Strings are byte strings. A state is never used twice:
 * luau-web keeps maps by address that would mix up a second one.
 */
export class LuauVm {
  readonly #core: VmCore;
  readonly #state: number;

  constructor(module: WasmModule, hostCall: HostCall) {
    this.#core = new VmCore(hostCall);
    const exports = instantiateWasm(module, createWasmImports(this.#core));
    if (!isLuauExports(exports)) throw new LuauFatal('the Luau VM lacks functions that the host calls');
    this.#core.attach(exports);
    this.#state = exports.makeLuaState(ENVIRONMENT);
  }

  /**
   * Compiles a chunk. `chunkName` stands in messages as it is given here. Throws LuauSyntaxError, or LuauFatal when the
   * VM is lost.
   */
  load(source: string, chunkName: string): LuauFunction {
    return this.#guard(() => {
      const { exports, mailbox } = this.#core;
      const stackPointer = exports.emscripten_stack_get_current();
      try {
        const sourceKey = mailbox.putString(withoutNul(source) || ' ');
        const status = exports.luauLoad(this.#state, sourceKey, mailbox.putString(`=${chunkName}`));
        const key = exports.getLuaValue(this.#state, TOP_OF_STACK);
        const wire: WireValue = JSON.parse(mailbox.takeString(key));
        if (status !== 0) throw new LuauSyntaxError(String(wire.value));
        return { functionRef: Number(wire.value) };
      } catch (error) {
        if (!(error instanceof CxxException) || error.line === null) throw error;
        exports._emscripten_stack_restore(stackPointer);
        throw new LuauSyntaxError(`${chunkName}:${error.line}: ${error.message}`);
      }
    });
  }

  /** Calls a function and returns all its results. Throws LuauRuntimeError, or LuauFatal when the VM is lost. */
  call(target: LuauFunction, values: readonly LuauInput[]): LuauValue[] {
    return this.#guard(() => {
      const { exports, mailbox } = this.#core;
      const key = mailbox.putInputs(values);
      const status = exports.luaPcall(this.#state, target.functionRef, key);
      const results = mailbox.takeResults(key);
      if (status !== 0) throw new LuauRuntimeError(results[0]?.error ?? 'unknown error');
      return results.map(parseWireValue);
    });
  }

  /**
   * The bytes of a Luau buffer where they lie in the VM's memory, without a copy. `description` is what `tostring` says
   * of the buffer, which in this build holds its address; `length` is its `buffer.len`, checked against the memory.
   */
  bufferBytes(description: string, length: number): Uint8Array {
    const { bytes, view } = this.#core.memory;
    const address = Number(description.replace('buffer: ', ''));
    const start = address + BUFFER_BYTES_OFFSET;
    const isBuffer =
      Number.isInteger(address) &&
      address > 0 &&
      start + length <= bytes.length &&
      bytes[address] === BUFFER_TAG &&
      view.getUint32(address + BUFFER_LENGTH_OFFSET, true) === length;
    if (!isBuffer) this.#core.die('a Luau buffer does not lie where it should');
    return bytes.subarray(start, start + length);
  }

  /** Anything but an orderly Luau error leaves the wasm stack in an unknown state: the VM is then dead. */
  #guard<T>(run: () => T): T {
    this.#core.checkAlive();
    try {
      return run();
    } catch (error) {
      if (error instanceof LuauSyntaxError || error instanceof LuauRuntimeError) throw error;
      if (error instanceof LuauFatal) throw error;
      if (this.#core.wasOutOfMemory) this.#core.die(OUT_OF_MEMORY, { isOutOfMemory: true, cause: error });
      const reason = messageOf(error);
      return this.#core.die(`the Luau VM crashed: ${reason}`, { cause: error });
    }
  }
}

/** The compiler takes a C string and would run what stands before a NUL; a control character there is refused instead. */
function withoutNul(source: string): string {
  const nul = source.indexOf('\0');
  return nul < 0 ? source : `${source.slice(0, nul)}\x7f`;
}
