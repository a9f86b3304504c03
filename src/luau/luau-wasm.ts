import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { LuauExecError } from '../errors.ts';
import { compileWasm, type WasmModule } from './web-assembly.ts';

// The Luau of luau-web 1.4.0, Asyncify build. The host relies on its exports and on how it lays out buffers and
// exceptions in memory, so another build must be examined before it is let in.
const KNOWN_SHA256 = '922ec950bb3c30604cf06654ad554cded3a43d7d65378f292aefe506c0b2903b';

const PAGES_PER_MIB = 16;
/** Addresses are signed 32-bit numbers in this build: from 2 GiB on it returns garbage. */
const MAX_MEMORY_MIB = 2047;
const MEMORY_SECTION = 5;
const HEADER_BYTES = 8;

export interface LuauWasmOptions {
  /** Memory of one script, whole MiB from 2 to 2047. */
  memoryMiB: number;
  /** Default: the file that the build put beside the program. */
  file?: string;
  /** For a VM that compiles and runs nothing: node:crypto takes longer to load than the rest of its start. */
  isHashChecked?: boolean;
}

/**
 * Reads the Luau VM, checks that it is the build this host was written for, and compiles it with the memory asked
 * for. Throws LX900 where the file is missing, is another build, or the memory is out of range.
 */
export function loadLuauWasm(options: LuauWasmOptions): WasmModule {
  const { memoryMiB } = options;
  if (!Number.isInteger(memoryMiB) || memoryMiB < 2 || memoryMiB > MAX_MEMORY_MIB) {
    throw unusable(`the memory of a script must be 2 to ${MAX_MEMORY_MIB} MiB, not ${memoryMiB}`);
  }
  const file = options.file ?? findWasm();
  const bytes = readWasm(file);
  if (options.isHashChecked !== false) checkHash(bytes, file);
  return compileWasm(withMemory(bytes, memoryMiB * PAGES_PER_MIB));
}

function findWasm(): string {
  try {
    return createRequire(import.meta.url).resolve('#luau-wasm');
  } catch (cause) {
    throw unusable('the Luau VM is missing', { cause });
  }
}

function readWasm(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw unusable('the Luau VM cannot be read', { facts: [`file: ${file}`], cause });
  }
}

function checkHash(bytes: Uint8Array, file: string): void {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === KNOWN_SHA256) return;
  throw unusable('the Luau VM is not the build that this version works with', {
    facts: [`file: ${file}`, `sha256 found: ${sha256}`, `sha256 expected: ${KNOWN_SHA256}`],
  });
}

function unusable(message: string, more: { facts?: string[]; cause?: unknown } = {}): LuauExecError {
  return new LuauExecError(message, {
    id: 'LX900',
    kind: 'internal',
    hint: 'install luau-exec again',
    ...more,
  });
}

/**
 * A copy of the module whose memory has exactly `pages` pages of 64 KiB. The size in the file is 17 MiB and final: the
 * VM cannot grow it, so a bigger or smaller limit has to be written in before it is compiled.
 */
function withMemory(wasm: Uint8Array, pages: number): Uint8Array {
  let at = HEADER_BYTES;
  while (at < wasm.length) {
    const size = readLeb128(wasm, at + 1);
    const end = size.next + size.value;
    if (wasm[at] === MEMORY_SECTION) {
      const hasMaximum = 1;
      const body = [1, hasMaximum, ...formatLeb128(pages), ...formatLeb128(pages)];
      const section = [MEMORY_SECTION, ...formatLeb128(body.length), ...body];
      return Buffer.concat([wasm.subarray(0, at), Uint8Array.from(section), wasm.subarray(end)]);
    }
    at = end;
  }
  throw unusable('the Luau VM declares no memory');
}

function readLeb128(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return { value, next: at };
  }
}

function formatLeb128(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
