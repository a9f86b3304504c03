/** The part of the wasm module's exports that the host calls. Addresses and references are plain numbers. */
export interface LuauExports {
  memory: { buffer: ArrayBuffer };
  __wasm_call_ctors(): void;
  emscripten_stack_init(): void;
  emscripten_stack_get_current(): number;
  _emscripten_stack_restore(stackPointer: number): void;
  setThrew(threw: number, value: number): void;
  dynCall_vii(index: number, a: number, b: number): void;
  /** Zero when there is no memory left. */
  malloc(size: number): number;
  free(address: number): void;
  makeLuaState(environment: number): number;
  /** Compiles; leaves the function, or the message of the error, on the stack. Zero is success. */
  luauLoad(state: number, sourceKey: number, chunkNameKey: number): number;
  /** Pops a value and returns the mailbox key of its JSON. */
  getLuaValue(state: number, index: number): number;
  /** Calls with the arguments under `key` and leaves the results under the same key. Zero is success. */
  luaPcall(state: number, functionRef: number, key: number): number;
  pushValueToLuaWrapper(state: number, type: number, value: number, name: number): void;
}

const FUNCTION_NAMES: readonly Exclude<keyof LuauExports, 'memory'>[] = [
  '__wasm_call_ctors',
  'emscripten_stack_init',
  'emscripten_stack_get_current',
  '_emscripten_stack_restore',
  'setThrew',
  'dynCall_vii',
  'malloc',
  'free',
  'makeLuaState',
  'luauLoad',
  'getLuaValue',
  'luaPcall',
  'pushValueToLuaWrapper',
];

/** True when every function that the host calls is there. Their signatures are vouched for by the file's hash. */
export function isLuauExports(exports: object): exports is LuauExports {
  const found = new Map(Object.entries(exports));
  return found.has('memory') && FUNCTION_NAMES.every((name) => typeof found.get(name) === 'function');
}
