// Node runs WebAssembly, but its types belong to TypeScript's DOM library, which a program for Node does not load.
// These are the few that the Luau host uses.

/** A compiled module. It holds no state, so threads may share it. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

export type WasmFunction = (...values: never[]) => unknown;
export type WasmImports = Record<string, Record<string, WasmFunction>>;

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => WasmModule;
  Instance: new (module: WasmModule, imports: WasmImports) => { readonly exports: object };
};

/** Throws where the bytes are not WebAssembly. Takes some 10 ms for a megabyte. */
export function compileWasm(bytes: Uint8Array): WasmModule {
  return new WebAssembly.Module(bytes);
}

/** Returns the exports; a module that imports something `imports` lacks is refused with a LinkError. */
export function instantiateWasm(module: WasmModule, imports: WasmImports): object {
  return new WebAssembly.Instance(module, imports).exports;
}
