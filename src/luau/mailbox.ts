import type { LuauInput, WireValue } from './value-codec.ts';

/**
 * The VM and the host hand each other strings and lists of values under numbers ("transactions" in the wasm's own
 * names). Every entry is taken out exactly once.
 */
export class Mailbox {
  #lastKey = 0;
  readonly #strings = new Map<number, string>();
  readonly #inputs = new Map<number, readonly LuauInput[]>();
  readonly #results = new Map<number, WireValue[]>();

  putString(text: string): number {
    this.#strings.set(++this.#lastKey, text);
    return this.#lastKey;
  }

  putInputs(values: readonly LuauInput[]): number {
    this.#inputs.set(++this.#lastKey, values);
    return this.#lastKey;
  }

  /** Results are answered under the key of the call's arguments. */
  putResults(key: number, values: WireValue[]): void {
    this.#results.set(key, values);
  }

  takeString(key: number): string {
    return take(this.#strings, key);
  }

  takeInputs(key: number): readonly LuauInput[] {
    return take(this.#inputs, key);
  }

  takeResults(key: number): WireValue[] {
    return take(this.#results, key);
  }
}

function take<T>(entries: Map<number, T>, key: number): T {
  const value = entries.get(key);
  if (value === undefined) throw new Error(`the Luau VM asked for entry ${key}, which does not exist`);
  entries.delete(key);
  return value;
}
