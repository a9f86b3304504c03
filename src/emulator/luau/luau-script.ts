import { messageOf } from '../../errors.ts';
import { decodeByteString, encodeByteString } from '../../luau/byte-string.ts';
import { LuauFatal, LuauRuntimeError, LuauSyntaxError, OUT_OF_MEMORY } from '../../luau/luau-errors.ts';
import { HOST_FUNCTION, type LuauFunction, type LuauInput, type LuauValue } from '../../luau/value-codec.ts';
import { LuauVm } from '../../luau/vm.ts';
import type { LogLevel } from '../../open-cloud/task.ts';
import type { LuauErrorCode } from './luau-runner.ts';
import { createPrelude } from './prelude.ts';
import type { StepMessage, StepResult, WorkerInput } from './worker-messages.ts';

const CHUNK_NAME = 'TaskScript';
/** A stretch of blanks, or one comment; sticky, so that matches end where code begins. */
const LEAD = /[ \t\r\n\v\f]+|--\[(=*)\[[\s\S]*?\]\1\]|--(?!\[=*\[)[^\r\n]*/gy;
const PRELUDE_NAME = 'luau-exec';

/** What a script can reach outside of its VM. Texts of scripts are byte strings. */
export interface ScriptHost {
  writeLog(level: LogLevel, message: string): void;
  /** Starts an engine call, whose answers come with later steps. `inputJson` is text. */
  call(id: number, method: string, inputJson: string): void;
}

/** One script in its own VM, driven step by step. It never waits and never looks at a clock of its own. */
export class LuauScript {
  readonly #input: WorkerInput;
  readonly #host: ScriptHost;
  readonly #vm: LuauVm;
  readonly #control: LuauFunction;
  #hasStarted = false;
  #binaryOutput: Uint8Array<ArrayBuffer> | null = null;

  /** Makes the VM and runs the prelude; the script itself waits for the first step. Throws LuauFatal. */
  constructor(input: WorkerInput, host: ScriptHost) {
    this.#input = input;
    this.#host = host;
    this.#vm = new LuauVm(input.module, (operation, values) => this.#answer(operation, values));
    const prelude = this.#vm.load(encodeByteString(createPrelude()), PRELUDE_NAME);
    const { universeId, placeId, placeVersion, jobId } = input.place;
    const [control] = this.#vm.call(prelude, [
      HOST_FUNCTION,
      universeId,
      placeId,
      placeVersion,
      encodeByteString(jobId),
    ]);
    if (!isFunction(control)) throw new LuauFatal('the prelude of the Luau VM did not start');
    this.#control = control;
  }

  /** Runs what is due. Throws only where the VM itself broke. */
  step({ nowSeconds, wallNowSeconds, answers }: StepMessage): StepResult {
    const control = (operation: string, ...values: LuauInput[]) =>
      this.#parseReport(this.#vm.call(this.#control, [operation, nowSeconds, wallNowSeconds, ...values]));
    try {
      if (!this.#hasStarted) {
        this.#hasStarted = true;
        return control('start', ...this.#createStart());
      }
      for (const { id, isOk, text } of answers) {
        const report = control('answer', id, isOk, encodeByteString(text));
        if (report.type !== 'idle') return report;
      }
      return control('step');
    } catch (error) {
      return this.#describeFailure(error);
    }
  }

  #createStart(): LuauInput[] {
    const { script, binaryInput, hasBinaryOutput } = this.#input;
    const chunk = this.#vm.load(encodeByteString(declareTypeof(script)), CHUNK_NAME);
    return [chunk, binaryInput?.length ?? null, hasBinaryOutput];
  }

  #answer(operation: string, values: LuauValue[]): LuauInput[] {
    const [first, second, third] = values;
    if (operation === 'log' && isLogLevel(first) && typeof second === 'string') {
      this.#host.writeLog(first, second);
      return [];
    }
    if (operation === 'call') {
      this.#host.call(Number(first), String(second), decodeByteString(String(third)));
      return [];
    }
    if (typeof first !== 'string' || typeof second !== 'number')
      throw new Error(`bad host call ${operation}`);
    const bytes = this.#vm.bufferBytes(first, second);
    if (operation === 'binaryInput') bytes.set(this.#input.binaryInput ?? []);
    else this.#binaryOutput = Uint8Array.from(bytes);
    return [];
  }

  #parseReport([type, first, second]: LuauValue[]): StepResult {
    if (type === 'idle') return { type, dueSeconds: typeof first === 'number' ? first : null };
    if (typeof first !== 'string') throw new LuauFatal(`the prelude of the Luau VM reports ${String(type)}`);
    if (type === 'complete') {
      return { type, resultsJson: decodeByteString(first), binaryOutput: this.#binaryOutput };
    }
    const code = first === 'OUTPUT_SIZE_LIMIT_EXCEEDED' ? first : 'SCRIPT_ERROR';
    return { type: 'failed', code, message: decodeByteString(String(second)) };
  }

  #describeFailure(error: unknown): StepResult {
    if (error instanceof LuauSyntaxError) return this.#fail('SCRIPT_ERROR', error.message);
    const isOutOfMemory =
      (error instanceof LuauFatal && error.isOutOfMemory) ||
      (error instanceof LuauRuntimeError && error.message === OUT_OF_MEMORY);
    if (isOutOfMemory) return this.#fail('SCRIPT_ERROR', OUT_OF_MEMORY);
    return this.#fail('INTERNAL_ERROR', messageOf(error));
  }

  /** An error that the prelude did not log has no stack to show. */
  #fail(code: LuauErrorCode, message: string): StepResult {
    this.#host.writeLog('ERROR', message);
    return { type: 'failed', code, message: decodeByteString(message) };
  }
}

/**
 * See prelude/globals.luau: a global `typeof` would not be asked. It is declared in front of the first code, so that
 * line numbers stay true and `--!` directives at the top.
 */
function declareTypeof(script: string): string {
  if (!script.includes('typeof')) return script;
  let start = 0;
  for (const match of script.matchAll(LEAD)) start = match.index + match[0].length;
  return `${script.slice(0, start)}local typeof = __typeof ${script.slice(start)}`;
}

function isFunction(value: LuauValue | undefined): value is LuauFunction {
  return typeof value === 'object' && value !== null && 'functionRef' in value;
}

function isLogLevel(value: LuauValue | undefined): value is 'OUTPUT' | 'WARNING' | 'ERROR' {
  return value === 'OUTPUT' || value === 'WARNING' || value === 'ERROR';
}
