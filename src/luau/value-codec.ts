/** A function inside the VM that the host may call or pass back. */
export interface LuauFunction {
  functionRef: number;
}

/** A table, thread, buffer or the like: the host learns only that it is one. */
export interface LuauOpaque {
  opaqueType: string;
}

/** Strings are byte strings. */
export type LuauValue = null | boolean | number | string | LuauFunction | LuauOpaque;

/** What the host may give to Luau; `HOST_FUNCTION` becomes a Luau function that calls the host. */
export type LuauInput = null | boolean | number | string | LuauFunction | typeof HOST_FUNCTION;

export const HOST_FUNCTION: unique symbol = Symbol('host function');

/** One value as the VM writes it, in JSON. An uncaught error comes as `{ error }`. */
export interface WireValue {
  type?: string;
  value?: string | boolean;
  error?: string;
}

/** The type and text that the VM's own constructor of values takes. */
export interface WireInput {
  type: 'nil' | 'boolean' | 'number' | 'string' | 'lfunction' | 'jfunction';
  text: string;
}

export const WIRE_INPUT_TYPES = ['nil', 'boolean', 'number', 'string', 'lfunction', 'jfunction'] as const;

/** Reads what the VM wrote about a value. */
export function parseWireValue(wire: WireValue): LuauValue {
  switch (wire.type) {
    case 'nil':
      return null;
    case 'boolean':
    case 'string':
      return wire.value ?? null;
    case 'number':
      return parseWireNumber(String(wire.value));
    case 'function':
      return { functionRef: Number(wire.value) };
    default:
      return { opaqueType: wire.type ?? 'unknown' };
  }
}

/** Throws where a string holds NUL: the VM takes C strings and would cut it there without a word. */
export function formatWireInput(value: LuauInput): WireInput {
  if (value === null) return { type: 'nil', text: 'nil' };
  if (value === HOST_FUNCTION) return { type: 'jfunction', text: '-1' };
  switch (typeof value) {
    case 'boolean':
      return { type: 'boolean', text: String(value) };
    case 'number':
      return { type: 'number', text: formatWireNumber(value) };
    case 'string':
      if (value.includes('\0')) throw new Error('a string with NUL cannot be passed into Luau');
      return { type: 'string', text: value };
    default:
      return { type: 'lfunction', text: String(value.functionRef) };
  }
}

function parseWireNumber(text: string): number {
  if (text === 'inf') return Infinity;
  if (text === '-inf') return -Infinity;
  return text.includes('nan') ? Number.NaN : Number(text);
}

function formatWireNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
