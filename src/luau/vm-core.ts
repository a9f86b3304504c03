import { LuauFatal, OUT_OF_MEMORY } from './luau-errors.ts';
import type { LuauExports } from './luau-exports.ts';
import { Mailbox } from './mailbox.ts';
import { formatWireInput, type LuauInput, type LuauValue, WIRE_INPUT_TYPES } from './value-codec.ts';
import { WasmMemory } from './wasm-memory.ts';

/** What Luau code can ask of the host, synchronously. An error that it throws becomes an error in Luau. */
export type HostCall = (operation: string, values: LuauValue[]) => LuauInput[];

/**
 * What the functions that wasm imports and the VM on top of them both need: memory, mailbox, and the memory of having
 * died. It comes to life in two steps, because wasm wants its imports before it gives its exports.
 */
export class VmCore {
  readonly mailbox = new Mailbox();
  readonly hostCall: HostCall;
  /** True from the moment the allocator was refused memory. */
  wasOutOfMemory = false;
  #death: LuauFatal | null = null;
  #live: { exports: LuauExports; memory: WasmMemory } | null = null;
  readonly #inputTypes = new Map<string, number>();
  #hostFunctionName = 0;

  constructor(hostCall: HostCall) {
    this.hostCall = hostCall;
  }

  attach(exports: LuauExports): void {
    this.#live = { exports, memory: new WasmMemory(exports.memory) };
    exports.emscripten_stack_init();
    exports.__wasm_call_ctors();
    for (const type of WIRE_INPUT_TYPES) this.#inputTypes.set(type, this.allocateCString(type));
    this.#hostFunctionName = this.allocateCString('host');
  }

  get exports(): LuauExports {
    return this.#attached().exports;
  }

  get memory(): WasmMemory {
    return this.#attached().memory;
  }

  /** The caller, or the VM that it is passed to, frees it. */
  allocateCString(text: string): number {
    const address = this.exports.malloc(text.length + 1);
    if (address === 0) this.die(OUT_OF_MEMORY, { isOutOfMemory: true });
    this.memory.writeCString(address, text);
    return address;
  }

  /** Puts the values on the Luau stack and returns how many they are. */
  push(state: number, values: readonly LuauInput[]): number {
    for (const value of values) {
      const input = formatWireInput(value);
      const text = this.allocateCString(input.text);
      const type = this.#inputTypes.get(input.type) ?? 0;
      this.exports.pushValueToLuaWrapper(state, type, text, this.#hostFunctionName);
      this.exports.free(text);
    }
    return values.length;
  }

  /** Declares the VM dead and throws; from then on `checkAlive` throws the same. */
  die(message: string, options: { isOutOfMemory?: boolean; cause?: unknown } = {}): never {
    this.#death ??= new LuauFatal(message, options);
    throw this.#death;
  }

  checkAlive(): void {
    if (this.#death) throw this.#death;
  }

  #attached(): { exports: LuauExports; memory: WasmMemory } {
    if (!this.#live) throw new LuauFatal('the Luau VM was used before it was started');
    return this.#live;
  }
}
