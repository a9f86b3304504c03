import { resolve } from 'node:path';
import { LuauExecError } from '../../errors.ts';
import { createDiskTree } from '../../script/source-tree.ts';
import { loadInvocationSettings } from '../connect.ts';
import { createErrorReport } from '../create-report.ts';
import { readSignalName } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import { loadSources, prepareScripts } from '../prepare-scripts.ts';
import { runAll } from '../run-all.ts';
import { openRunPlan, type RunPlan } from '../run-plan.ts';
import { hasStack, type RunOptions } from '../shared-options.ts';
import { readKeys } from './read-keys.ts';
import { watchFiles } from './watch-files.ts';
import { type WatchedRun, watchLoop } from './watch-loop.ts';

/** `run --watch`: runs again whenever something that the scripts depend on changes. Throws usage errors. */
export async function runWatched(
  invocation: Invocation,
  named: readonly string[],
  options: RunOptions,
): Promise<number> {
  refuse(named, options);
  const { clock, cwd, signal, stdin } = invocation.context;
  const loaded = await loadInvocationSettings(invocation, options);
  const plan = await openRunPlan(invocation, loaded, options);
  const files = watchFiles(clock);
  try {
    return await watchLoop({
      runOnce: (stop) => runOnce(named, withSignal(plan, stop)),
      files,
      keys: readKeys(stdin),
      notice: invocation.printer.printNotice,
      clock,
      cwd,
      signal,
    });
  } finally {
    files.close();
    await plan.connection.close();
  }
}

/** A script that is not fine ends its run and not the watching: the next change may mend it. */
async function runOnce(named: readonly string[], plan: RunPlan): Promise<WatchedRun> {
  const { invocation, options } = plan;
  const { cwd, signal } = invocation.context;
  const looked = new Set([...named, ...(options.args === undefined ? [] : [options.args])]);
  const listPaths = () => findFiles(new Set([...looked].map((path) => resolve(cwd, path))));
  try {
    const sources = await loadSources(invocation, named, options);
    const scripts = await prepareScripts(invocation, sources, options, (path) => looked.add(path));
    return { exitCode: await runAll(scripts, plan), ...listPaths() };
  } catch (error) {
    if (!(error instanceof LuauExecError)) throw error;
    const known = {
      script: null,
      task: null,
      signalName: readSignalName(signal),
      hasStack: hasStack(options),
    };
    const report = createErrorReport(error, known);
    await invocation.printer.printRun(report, { logsTo: 'none', hasHeadings: false });
    return { exitCode: report.exitCode, ...listPaths() };
  }
}

/** Directories change with everything in them; the files that matter are named by themselves. */
function findFiles(paths: ReadonlySet<string>): Pick<WatchedRun, 'paths' | 'fileCount'> {
  const { kindOf } = createDiskTree();
  const kinds = [...paths].map((path) => ({ path, kind: kindOf(path) }));
  return {
    paths: new Set(kinds.filter(({ kind }) => kind !== 'directory').map(({ path }) => path)),
    fileCount: kinds.filter(({ kind }) => kind === 'file').length,
  };
}

function withSignal(plan: RunPlan, signal: AbortSignal): RunPlan {
  const { invocation } = plan;
  return { ...plan, invocation: { ...invocation, context: { ...invocation.context, signal } } };
}

function refuse(named: readonly string[], options: RunOptions): void {
  const reason = options.json
    ? '--watch runs again and again, and --json prints one document'
    : options.detach
      ? '--watch waits for the end of each run, and --detach does not wait'
      : named.includes('-')
        ? '--watch reads a script again, and standard input can be read once'
        : named.length === 0
          ? '--watch needs a file that can change'
          : null;
  if (reason === null) return;
  throw new LuauExecError(reason, {
    id: 'LX003',
    kind: 'usage',
    hint: 'luau-exec run script.luau --watch',
  });
}
