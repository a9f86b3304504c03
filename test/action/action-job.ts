import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { NODE, ROOT } from '../helpers/bin.ts';
import { evaluateText, type ProcessEnd, runStep } from './composite-step.ts';
import { readAction } from './read-action.ts';

export interface JobOptions {
  /** Where the action lies; the project itself by default. */
  actionDirectory?: string;
  /** What the job's own `env` sets. */
  env?: Readonly<Record<string, string>>;
}

/** What a workflow sees of one use of the action, and how its last step ended. */
export interface ActionEnd extends ProcessEnd {
  /** All that the action has; empty where no step has set one. */
  outputs: Record<string, string>;
  /** What each step wrote that ran, on both streams. */
  logs: string[];
  /** What the last of them wrote. */
  log: string;
  summary: string;
}

/** A job with a workspace, an empty home and nothing of the developer's. */
export interface ActionJob {
  workspace: string;
  /** RUNNER_TEMP. */
  temp: string;
  write(files: Readonly<Record<string, string>>): void;
  /** Uses the action as a step of a workflow does; `onRun` is called as its last step starts. */
  use(
    inputs: Readonly<Record<string, string>>,
    onRun?: (child: ChildProcessWithoutNullStreams) => void,
  ): Promise<ActionEnd>;
}

/** Makes jobs for one test file; each goes after its test, with the processes that are left. */
export function useActionJobs(): (options?: JobOptions) => ActionJob {
  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });
  return (options = {}) => {
    const directory = mkdtempSync(join(tmpdir(), 'luau-exec-action-'));
    const children = new Set<ChildProcessWithoutNullStreams>();
    cleanups.push(() => {
      for (const child of children) child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    });
    return createJob({ directory, children, ...options });
  };
}

interface JobParts extends JobOptions {
  directory: string;
  children: Set<ChildProcessWithoutNullStreams>;
}

function createJob({ directory, children, actionDirectory = ROOT, env = {} }: JobParts): ActionJob {
  const workspace = join(directory, 'work space');
  const temp = join(directory, '_temp');
  const home = join(directory, 'home');
  for (const path of [workspace, temp, home]) mkdirSync(path);
  const jobEnv = {
    PATH: [dirname(NODE), process.env.PATH].join(delimiter),
    HOME: home,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_ACTION_PATH: actionDirectory,
    RUNNER_TEMP: temp,
    ...env,
  };
  let stepCount = 0;
  const write: ActionJob['write'] = (files) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, name)), { recursive: true });
      writeFileSync(join(workspace, name), text);
    }
  };
  const use: ActionJob['use'] = async (inputs, onRun = () => undefined) => {
    const { steps, outputs } = readAction();
    const values = nameInputs(inputs);
    const logs: string[] = [];
    let end: ProcessEnd = { exitCode: null, signal: null };
    let summary = '';
    for (const step of steps) {
      const log: Buffer[] = [];
      const onStart = (child: ChildProcessWithoutNullStreams) => {
        children.add(child);
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk: Buffer) => log.push(chunk));
        child.on('close', () => children.delete(child));
        if (step === steps.at(-1)) onRun(child);
      };
      stepCount += 1;
      const place = { workspace, directory: join(temp, `step-${stepCount}`), env: jobEnv, values, onStart };
      const done = await runStep(step, place);
      end = { exitCode: done.exitCode, signal: done.signal };
      summary += done.summary;
      logs.push(Buffer.concat(log).toString());
      for (const [name, value] of done.outputs) values.set(`steps.${step.id}.outputs.${name}`, value);
      if (done.exitCode !== 0) break;
    }
    // The runner fills these in whatever became of the steps (actions/runner, CompositeActionHandler.cs).
    const filled = [...outputs].map(([name, { value }]) => [name, evaluateText(value, values)]);
    return { ...end, outputs: Object.fromEntries(filled), logs, log: logs.at(-1) ?? '', summary };
  };
  return { workspace, temp, write, use };
}

/** Values for expressions: what `with:` gives, else the default, else nothing. */
function nameInputs(given: Readonly<Record<string, string>>): Map<string, string> {
  const { inputs } = readAction();
  const unknown = Object.keys(given).filter((name) => !inputs.has(name));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(', ')}`);
  return new Map(
    [...inputs].map(([name, input]): [string, string] => [`inputs.${name}`, given[name] ?? input.default]),
  );
}
