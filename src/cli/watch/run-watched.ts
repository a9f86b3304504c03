import { resolve } from 'node:path';
import { LuauExecError } from '../../errors.ts';
import type { Script } from '../../script/compose-script.ts';
import { type FindScriptsOptions, findScripts } from '../../script/find-scripts.ts';
import { createDiskTree } from '../../script/source-tree.ts';
import { loadInvocationSettings } from '../connect.ts';
import { createErrorReport } from '../create-report.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { readSignalName } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import { loadSources, prepareScripts } from '../prepare-scripts.ts';
import { requireOwnOutput } from '../require-own-output.ts';
import { runAll } from '../run-all.ts';
import { closeRunPlan, openRunPlan, type RunPlan } from '../run-plan.ts';
import { hasStack, type RunOptions } from '../shared-options.ts';
import { readKeys } from './read-keys.ts';
import { watchFiles } from './watch-files.ts';
import { type WatchedRun, type WatchLoopOptions, watchLoop } from './watch-loop.ts';
import { type WatchedSearch, watchSearch } from './watch-search.ts';

/** `run --watch`: runs again whenever something that the scripts depend on changes. Throws usage errors. */
export async function runWatched(
  invocation: Invocation,
  named: readonly string[],
  options: RunOptions,
): Promise<number> {
  refuse(named, options);
  const { clock, cwd, platform, signal, stdin } = invocation.context;
  const loaded = await loadInvocationSettings(invocation, options);
  const plan = await openRunPlan(invocation, loaded, options);
  const find = async (stop: AbortSignal) =>
    (await searchScripts(named, { cwd, platform, signal: stop })).paths;
  const files = watchSearch(watchFiles(clock), { clock, find });
  try {
    return await watchLoop({
      runOnce: createRunner(named, plan, files),
      files,
      keys: readKeys(stdin),
      notice: invocation.printer.printNotice,
      clock,
      cwd,
      signal,
    });
  } finally {
    files.close();
    await closeRunPlan(plan);
  }
}

/**
 * Runs the scripts again where what is sent has changed, or where somebody wishes it. A file can be saved as it was, and
 * the system can tell of a change that was there before: no reason to send a script twice.
 */
function createRunner(
  named: readonly string[],
  plan: RunPlan,
  { setFound }: WatchedSearch,
): WatchLoopOptions['runOnce'] {
  let last = { sent: '', exitCode: -1 };
  return async (stop, reason) => {
    const watched = withSignal(plan, stop);
    // Before they are read: one that comes in between is found by the next search.
    const { isSearch, paths } = await searchScripts(named, watched.invocation.context);
    setFound(isSearch ? paths : null);
    const prepared = await prepareOnce(named, watched);
    if (prepared.scripts === null) {
      // Whoever mends it wants to see it run.
      last = { sent: '', exitCode: prepared.run.exitCode };
      return prepared.run;
    }
    const { cwd } = watched.invocation.context;
    requireOwnOutput(plan.options, { named, count: prepared.scripts.length, cwd });
    const files = plan.files?.refresh() ?? '';
    const sent = JSON.stringify([files, ...prepared.scripts.map(({ name, text }) => [name, text])]);
    if (reason === 'change' && sent === last.sent) {
      await plan.invocation.printer.printNotice('nothing that is sent has changed');
    } else {
      last = { sent, exitCode: await runAll(prepared.scripts, watched) };
    }
    return { ...prepared.run, exitCode: last.exitCode };
  };
}

/** What the user's words stand for now; `isSearch` where that is not the words themselves. */
async function searchScripts(named: readonly string[], options: FindScriptsOptions) {
  const found = await findScripts(named, options);
  const isSearch = found.some(({ name, problem }, index) => problem !== null || name !== named[index]);
  const paths = new Set(found.flatMap(({ name, problem }) => (problem ? [] : [resolve(options.cwd, name)])));
  return { isSearch, paths };
}

/** A script that is not fine ends its run and not the watching: the next change may mend it. */
async function prepareOnce(
  named: readonly string[],
  plan: RunPlan,
): Promise<{ scripts: Script[] | null; run: WatchedRun }> {
  const { invocation, options } = plan;
  const { cwd, signal } = invocation.context;
  const { files } = plan;
  const looked = new Set([
    ...named,
    ...(files?.paths ?? []),
    ...(options.args === undefined ? [] : [options.args]),
  ]);
  const listPaths = () => findFiles(new Set([...looked].map((path) => resolve(cwd, path))));
  try {
    const sources = await loadSources(invocation, named, options);
    const scripts = await prepareScripts(invocation, sources, options, {
      onLook: (path) => looked.add(path),
      harness: plan.harness,
    });
    return { scripts, run: { exitCode: EXIT_CODES.ok, ...listPaths() } };
  } catch (error) {
    if (!(error instanceof LuauExecError)) throw error;
    const known = {
      script: null,
      task: null,
      signalName: readSignalName(signal),
      hasStack: hasStack(options),
    };
    const report = createErrorReport(error, known);
    await invocation.printer.printRun(report, { logsTo: 'none', hasHeadings: false, run: 0 });
    return { scripts: null, run: { exitCode: report.exitCode, ...listPaths() } };
  }
}

/** Directories count too: one can stand where a file is wanted, and make way for it. */
function findFiles(paths: ReadonlySet<string>): Pick<WatchedRun, 'paths' | 'fileCount'> {
  const { kindOf } = createDiskTree();
  return { paths, fileCount: [...paths].filter((path) => kindOf(path) === 'file').length };
}

/** `stop` ends the run. Where that was a key, a signal that comes later is the second request to stop. */
function withSignal(plan: RunPlan, stop: AbortSignal): RunPlan {
  const { invocation } = plan;
  const { context } = invocation;
  const takeSecondStop = () => {
    const later = new AbortController();
    const onSignal = () => {
      if (stop.reason !== context.signal.reason) later.abort(context.signal.reason);
    };
    context.signal.addEventListener('abort', onSignal, { once: true });
    return AbortSignal.any([context.takeSecondStop(), later.signal]);
  };
  return { ...plan, invocation: { ...invocation, context: { ...context, signal: stop, takeSecondStop } } };
}

function refuse(named: readonly string[], options: RunOptions): void {
  const isReported = options.json || options.output?.some((word) => word !== 'human' && word !== 'github');
  const reason = isReported
    ? '--watch runs again and again, and a report is about one run'
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
