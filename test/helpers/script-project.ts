import { systemClock } from '../../src/clock.ts';
import { createEngineCalls } from '../../src/emulator/engine-calls.ts';
import type {
  ClosableLuauRunner,
  EngineCalls,
  LuauLogEntry,
  LuauResult,
} from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import { createMemoryMethods } from '../../src/emulator/memory-store/memory-methods.ts';
import { MemoryStores } from '../../src/emulator/memory-store/memory-stores.ts';
import type { LogMessage } from '../../src/open-cloud/task.ts';
import type { ErrorDescription } from '../../src/output/describe-error.ts';
import { describeOutcome } from '../../src/output/describe-outcome.ts';
import { mapLogs } from '../../src/output/script-position.ts';
import {
  type ComposeOptions,
  composeScript,
  type Script,
  withChunk,
} from '../../src/script/compose-script.ts';
import type { JsonValue } from '../../src/script/encode-literal.ts';
import { createInlineSource, loadSource } from '../../src/script/load-source.ts';
import { addVersionGuard } from '../../src/script/version-guard.ts';
import { unwrapLogs } from '../../src/task/harness-marks.ts';
import { catchError } from '../config/catch-error.ts';
import { createSandbox } from '../config/sandbox.ts';
import { createFailedTask, createOutcome } from '../output/outcomes.ts';
import { PLACE_VERSION, runScript } from './run-script.ts';

export type ProjectOptions = Partial<
  Pick<ComposeOptions, 'cwd' | 'root' | 'scriptArguments' | 'wrappings'>
> & {
  /** The text behind an entry called `-`. */
  stdin?: string;
  /** The script of an entry called `-e`. */
  code?: string;
  /** Sent behind a guard for the version of the place that the run finds. */
  isGuarded?: boolean;
};

/** What a user sees of a run. */
export interface ProjectRun {
  script: Script;
  /** Null where the script failed. */
  results: JsonValue[] | null;
  /** Null where it did not. */
  error: ErrorDescription | null;
  /** What was printed. */
  prints: string[];
  /** Errors that were logged, with positions in the files. */
  errors: string[];
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Files in a directory of their own, and scripts that are made of them. */
export interface ScriptProject {
  root: string;
  path(...parts: string[]): string;
  write(files: Files): Promise<void>;
  /** `entry` is a file below the root, `-` or `-e`. */
  compose(entry: string, options?: ProjectOptions): Promise<Script>;
  /** Composes and runs in the real Luau. */
  run(entry: string, options?: ProjectOptions): Promise<ProjectRun>;
  /** Writes the files and runs `main.luau`. */
  runFiles(files: Files, options?: ProjectOptions): Promise<ProjectRun>;
  /** Writes the files and composes `main.luau`, which has to be refused. */
  mistakeIn(files: Files): ReturnType<typeof catchError>;
  remove(): Promise<void>;
}

/** `memoryMiB` is what each script has; the VM is made when the first one runs. */
export async function createScriptProject({ memoryMiB = 64 } = {}): Promise<ScriptProject> {
  const { root, path, write, remove } = await createSandbox();
  let runLuau: ClosableLuauRunner | null = null;

  async function compose(entry: string, options: ProjectOptions = {}): Promise<Script> {
    const { stdin = '', code = '', cwd = root, isGuarded = false, ...rest } = options;
    const { signal } = new AbortController();
    const context = { cwd, stdin: streamOf(stdin), signal };
    const source = entry === '-e' ? createInlineSource(code) : await loadSource(entry, context);
    const composed = { root, scriptArguments: null, ...rest, cwd, clock: systemClock, signal };
    const script = await composeScript(source, composed);
    return isGuarded ? withChunk(script, addGuard(script.text)) : script;
  }

  async function run(entry: string, options: ProjectOptions = {}): Promise<ProjectRun> {
    const script = await compose(entry, options);
    runLuau ??= createLuauRunner({ memoryMiB });
    const { result, logs } = await runScript(runLuau, script.text, { engine: createMemory() });
    return describeRun(script, result, logs);
  }

  async function runFiles(files: Files, options: ProjectOptions = {}): Promise<ProjectRun> {
    await write(files);
    return run('main.luau', options);
  }

  async function mistakeIn(files: Files) {
    await write(files);
    return catchError(() => compose('main.luau'));
  }

  async function removeAll(): Promise<void> {
    await runLuau?.close();
    await remove();
  }

  return {
    root,
    path: (...parts) => path(...parts),
    write,
    compose,
    run,
    runFiles,
    mistakeIn,
    remove: removeAll,
  };
}

function addGuard(chunk: string): string {
  const guard = { versionId: String(PLACE_VERSION), nonce: 'abc-12345', hasBinaryOutput: false };
  return addVersionGuard(chunk, guard)?.text ?? chunk;
}

/** Memory stores that nobody else reaches. */
function createMemory(): EngineCalls {
  return createEngineCalls(createMemoryMethods(new MemoryStores(systemClock), systemClock), '11');
}

/** The run of a chunk as it is shown. */
function describeRun(script: Script, result: LuauResult, logs: readonly LuauLogEntry[]): ProjectRun {
  const messages = unwrapLogs(logs.map((entry): LogMessage => ({ ...entry, time: null })));
  const textsOf = (level: LogMessage['level']) =>
    mapLogs(messages, script).flatMap((entry) => (entry.level === level ? [entry.message] : []));
  return {
    script,
    results: result.kind === 'complete' ? result.results : null,
    error:
      result.kind === 'failed'
        ? describeOutcome(createOutcome(createFailedTask(result.code, result.message), messages), script)
        : null,
    prints: textsOf('OUTPUT'),
    errors: textsOf('ERROR'),
  };
}

async function* streamOf(text: string) {
  yield text;
}
