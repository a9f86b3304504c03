import type { WasmMemory } from './wasm-memory.ts';

/**
 * A C++ exception that left Luau's compiler. This build cannot catch them, so the host does: the JavaScript exception
 * unwinds the wasm frames and `LuauVm.load` turns it into a syntax error.
 */
export class CxxException extends Error {
  override readonly name = 'CxxException';
  /** Starting at 1; null where the exception is not one of the compiler's. */
  readonly line: number | null;

  constructor(message: string, line: number | null) {
    super(message);
    this.line = line;
  }
}

// Layout of Luau::ParseError and Luau::CompileError: vtable, then Location { line, column, endLine, endColumn } counted
// from 0, then a libc++ string of 12 bytes whose last byte is the length as long as the text fits inside.
const LINE_OFFSET = 4;
const MESSAGE_OFFSET = 20;
const LENGTH_BYTE_OFFSET = 11;
const LONG_STRING_FLAG = 0x80;
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;
const MOST_LINES = 100_000_000;

/** Reads the exception at `address`; where it does not look like the compiler's, its line is null. */
export function readCxxException(memory: WasmMemory, address: number): CxxException {
  const { view } = memory;
  const line = view.getUint32(address + LINE_OFFSET, true);
  const string = address + MESSAGE_OFFSET;
  const length = view.getUint8(string + LENGTH_BYTE_OFFSET);
  const message =
    length < LONG_STRING_FLAG
      ? memory.readString(string, length)
      : memory.readString(view.getUint32(string, true), view.getUint32(string + 4, true));
  if (line > MOST_LINES || !PRINTABLE_ASCII.test(message)) {
    return new CxxException('C++ exception in the Luau compiler', null);
  }
  return new CxxException(message, line + 1);
}
