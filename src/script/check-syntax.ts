import type { LuauExecError } from '../errors.ts';
import { encodeByteString } from '../luau/byte-string.ts';
import { LuauFatal, LuauSyntaxError } from '../luau/luau-errors.ts';
import { delayLuauOptimisation } from '../luau/luau-tiering.ts';
import { loadLuauWasm } from '../luau/luau-wasm.ts';
import { LuauVm } from '../luau/vm.ts';
import type { Script } from './compose-script.ts';
import { listChain, type SourceModule } from './source-module.ts';
import { createSourceError } from './source-text.ts';
import { lex } from './syntax/lexer.ts';
import { findUnknownSyntax } from './syntax/outline.ts';

const CHUNK_NAME = 'TaskScript';
/** Enough for the syntax tree of 4 MB; taken from the system only as it is used. */
const MEMORY_MIB = 512;

/** One mistake, as Luau's compiler tells it. */
interface Mistake {
  line: number;
  message: string;
}

/** Compiles scripts with the Luau that is built in, and runs nothing. */
export class SyntaxChecker {
  #vm: LuauVm | null = null;

  /**
   * Throws LX006 for a script that does not compile, and LX900 where the VM's file is missing. Luau stops at the first mistake. A script that breaks the compiler
   * itself, by sheer depth for instance, passes: whoever runs it will tell.
   */
  check(script: Script): void {
    const mistake = this.#compile(script.text);
    // A module that closes more than it opens can end its own function, and the chunk would still be one.
    for (const module of mistake === null ? script.modules.filter(isSuspect) : script.modules) {
      const own = module.format === 'luau' ? this.#compile(module.text) : null;
      if (own) throw createSyntaxError(own, { file: module.name, line: own.line, text: module.text }, module);
    }
    if (mistake === null) return;
    const { line } = mistake;
    throw createSyntaxError(
      mistake,
      script.positionOf(line) ?? { file: CHUNK_NAME, line, text: script.text },
    );
  }

  /** Null where the source compiles. */
  #compile(source: string): Mistake | null {
    const vm = this.#open();
    try {
      vm.load(encodeByteString(source), CHUNK_NAME);
      return null;
    } catch (error) {
      if (error instanceof LuauSyntaxError) return parseMistake(error.message);
      if (!(error instanceof LuauFatal)) throw error;
      this.#vm = null;
      return null;
    }
  }

  #open(): LuauVm {
    if (this.#vm === null) {
      delayLuauOptimisation();
      this.#vm = new LuauVm(loadLuauWasm({ memoryMiB: MEMORY_MIB, isHashChecked: false }), () => []);
    }
    return this.#vm;
  }
}

function isSuspect({ outline }: SourceModule): boolean {
  return outline !== null && outline.returns === null;
}

/** `TaskScript:3: Expected identifier …`; the text is a byte string. */
function parseMistake(text: string): Mistake {
  const match = /^TaskScript:(\d+): ([\s\S]*)$/.exec(Buffer.from(text, 'latin1').toString('utf8'));
  return { line: Number(match?.[1] ?? 1), message: match?.[2] ?? text };
}

function createSyntaxError(
  { message }: Mistake,
  at: { file: string; line: number; text: string },
  module: SourceModule | null = null,
): LuauExecError {
  const location = { ...at, column: findColumn(at, message) };
  return createSourceError(`syntax error: ${message}`, location, {
    id: 'LX006',
    facts: module ? listChain(module) : [],
    hint: 'correct it; run --no-check sends syntax that is newer than this Luau',
  });
}

/**
 * Luau names the line and the token that it stumbled over: the place is known where the line has one such token only, or
 * where our own reader stumbled over one of them.
 */
function findColumn({ text, line }: { text: string; line: number }, message: string): number | null {
  const got = /got (?:'([^']+)'|<eof>)/.exec(message);
  if (!got) return null;
  const { starts, ends } = lex(text);
  const lineStart = findLineStart(text, line);
  const lineEnd = text.indexOf('\n', lineStart);
  const candidates = starts.filter(
    (start, index) =>
      start >= lineStart &&
      (lineEnd === -1 || start < lineEnd) &&
      text.slice(start, ends[index]) === (got[1] ?? ''),
  );
  const stumble = candidates.length > 1 ? findUnknownSyntax(text) : null;
  const offset = candidates.length === 1 ? candidates[0] : candidates.find((start) => start === stumble);
  return offset === undefined ? null : offset - lineStart + 1;
}

function findLineStart(text: string, line: number): number {
  let start = 0;
  for (let number = 1; number < line; number++) start = text.indexOf('\n', start) + 1;
  return start;
}
