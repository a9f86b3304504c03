import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLoaders } from 'cosmiconfig';
import { ROOT } from '../helpers/bin.ts';

export interface ActionInput {
  description: string;
  required: boolean;
  /** Empty where there is none, which is what GitHub takes it for. */
  default: string;
}

export interface ActionStep {
  id: string;
  shell: string;
  run: string;
  env: Record<string, string>;
}

/** What action.yml says, in its order. */
export interface Action {
  inputs: Map<string, ActionInput>;
  outputs: Map<string, { description: string; value: string }>;
  steps: ActionStep[];
}

type Mapping = Readonly<Record<string, unknown>>;

const ACTION_FILE = join(ROOT, 'action.yml');

/** The file as YAML and no more. */
export function loadActionFile(): Mapping {
  return toMapping(defaultLoaders['.yaml'](ACTION_FILE, readFileSync(ACTION_FILE, 'utf8')));
}

/** Throws where something is not of the kind that the runner wants. */
export function readAction(): Action {
  const file = loadActionFile();
  const inputs = Object.entries(toMapping(file.inputs)).map(([name, value]): [string, ActionInput] => {
    const { description, required = false, default: preset = '' } = toMapping(value);
    if (typeof required !== 'boolean') throw new Error(`required of ${name} is not true or false`);
    return [name, { description: toText(description), required, default: toText(preset) }];
  });
  const outputs = Object.entries(toMapping(file.outputs)).map(
    ([name, output]): [string, { description: string; value: string }] => {
      const { description, value } = toMapping(output);
      return [name, { description: toText(description), value: toText(value) }];
    },
  );
  const { steps } = toMapping(file.runs);
  if (!Array.isArray(steps)) throw new Error('steps is not a list');
  return { inputs: new Map(inputs), outputs: new Map(outputs), steps: steps.map(readStep) };
}

function readStep(step: unknown): ActionStep {
  const { id, shell, run, env = {} } = toMapping(step);
  const pairs = Object.entries(toMapping(env)).map(([name, value]) => [name, toText(value)]);
  return { id: toText(id), shell: toText(shell), run: toText(run), env: Object.fromEntries(pairs) };
}

export function toMapping(value: unknown): Mapping {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not a mapping');
  return Object.fromEntries(Object.entries(value));
}

/** A value that YAML does not take for text would reach a step in a form that nobody chose. */
function toText(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is no text`);
  return value;
}
