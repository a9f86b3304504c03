import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionStep } from './read-action.ts';

/** How a process ended: one of the two is null. */
export interface ProcessEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

export interface StepEnd extends ProcessEnd {
  outputs: Map<string, string>;
  summary: string;
}

export interface StepPlace {
  workspace: string;
  /** For the step's own files; does not exist yet. */
  directory: string;
  /** What the job and the runner set. */
  env: Readonly<Record<string, string>>;
  /** What expressions can name. */
  values: ReadonlyMap<string, string>;
  onStart: (child: ChildProcessWithoutNullStreams) => void;
}

/** Runs one `run` step of a composite action as the runner does (actions/runner, ScriptHandler.cs). */
export async function runStep(step: ActionStep, place: StepPlace): Promise<StepEnd> {
  const { directory, values, workspace, env, onStart } = place;
  mkdirSync(directory);
  const script = join(directory, 'run.sh');
  const output = join(directory, 'output');
  const summary = join(directory, 'summary');
  writeFileSync(script, evaluateText(step.run, values));
  for (const path of [output, summary]) writeFileSync(path, '');
  if (step.shell !== 'bash') throw new Error(`no idea of the shell ${step.shell}`);
  const stepEnv = Object.entries(step.env).map(([name, value]) => [name, evaluateText(value, values)]);
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd: workspace,
    env: {
      ...env,
      ...Object.fromEntries(stepEnv),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
    },
  });
  child.stdin.end();
  onStart(child);
  const end = await new Promise<ProcessEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const outputs = parseOutputs(readFileSync(output, 'utf8'));
  return { ...end, outputs, summary: readFileSync(summary, 'utf8') };
}

/**
 * Puts values where expressions are. Knows names and nothing else: what a step has not set is empty, anything else that
 * is not known is a mistake in action.yml.
 */
export function evaluateText(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const name = expression.trim();
    const value = values.get(name);
    if (value !== undefined) return value;
    if (/^steps\.[\w-]+\.outputs\.[\w-]+$/.test(name)) return '';
    throw new Error(`no idea of the expression ${name}`);
  });
}

/** As the runner reads them (actions/runner, FileCommandManager.cs): `NAME=VALUE`, or `NAME<<END`, lines and `END`. */
function parseOutputs(text: string): Map<string, string> {
  const outputs = new Map<string, string>();
  const lines = text.split('\n');
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue;
    const [, name = '', sign, rest = ''] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    const end = sign === '<<' ? lines.indexOf(rest) : 0;
    if (name === '' || end < 0 || (sign === '<<' && rest === '')) throw new Error(`not an output: ${line}`);
    outputs.set(
      name,
      sign === '='
        ? rest
        : lines
            .splice(0, end + 1)
            .slice(0, -1)
            .join('\n'),
    );
  }
  return outputs;
}
