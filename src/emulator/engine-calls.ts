import type { JsonValue } from '../open-cloud/task.ts';
import type { EngineCalls } from './luau/luau-runner.ts';

/** Who makes a call. */
export interface EngineCaller {
  universeId: string;
  /** Aborts when the script has ended. */
  signal: AbortSignal;
  /** Answers the same call once more, after the method has returned: for subscriptions. */
  answerAgain(value: JsonValue): void;
}

/** A method that Luau waits for: returns what it returns there. Throws `EngineFailure`. */
export type EngineMethod = (input: JsonValue, caller: EngineCaller) => JsonValue | Promise<JsonValue>;

/** Methods by the names that Roblox's documentation gives them: `MemoryStoreQueue:AddAsync`. */
export type EngineMethods = Readonly<Record<string, EngineMethod>>;

/** An error that a method raises in the script, in the words that the script is told. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';
}

/** Answers the calls of one universe's scripts with the methods of an emulator. */
export function createEngineCalls(methods: EngineMethods, universeId: string): EngineCalls {
  return ({ method, input }, answer, signal) => {
    const run = methods[method];
    if (run === undefined) {
      return answer({ ok: false, message: `luau-exec emulator: ${method} is not emulated` });
    }
    const fail = (error: unknown) => {
      if (error instanceof EngineFailure) answer({ ok: false, message: error.message });
      else answer({ ok: false, message: `luau-exec emulator: ${method} failed: ${String(error)}` });
    };
    const answerAgain = (value: JsonValue) => answer({ ok: true, value });
    try {
      const value = run(input, { universeId, signal, answerAgain });
      if (value instanceof Promise) value.then((settled) => answer({ ok: true, value: settled }), fail);
      else answer({ ok: true, value });
    } catch (error) {
      fail(error);
    }
  };
}
