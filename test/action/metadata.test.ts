import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLoaders } from 'cosmiconfig';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/bin.ts';
import { loadActionFile, readAction, toMapping } from './read-action.ts';

const DOCUMENT = readFileSync(join(ROOT, 'docs', 'github-action.md'), 'utf8');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const action = readAction();
const file = loadActionFile();

/** The cells of each row of the table below a heading, the row of titles left out. */
function readTable(heading: string): string[][] {
  const section = DOCUMENT.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

/** Every step of the documents that uses the action. */
function findUses(text: string): Record<string, unknown>[] {
  const blocks = [...text.matchAll(/^( *)```yaml\n(.*?)^ *```$/gms)].map(([, indent = '', yaml = '']) =>
    yaml.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
  const collect = (value: unknown): Record<string, unknown>[] => {
    if (Array.isArray(value)) return value.flatMap(collect);
    if (typeof value !== 'object' || value === null) return [];
    const mapping = toMapping(value);
    const isUse = typeof mapping.uses === 'string' && mapping.uses.startsWith('OWNER/');
    return [...(isUse ? [mapping] : []), ...Object.values(mapping).flatMap(collect)];
  };
  return blocks.flatMap((block) => collect(defaultLoaders['.yaml']('example', block)));
}

describe('action.yml', () => {
  it('has the keys that GitHub knows, and those that its Marketplace wants', () => {
    expect(Object.keys(file)).toEqual(['name', 'description', 'branding', 'inputs', 'outputs', 'runs']);
    // Both stand in GitHub's lists of colours and of Feather's icons.
    expect(file.branding).toEqual({ icon: 'play', color: 'blue' });
    expect(String(file.description).length).toBeLessThanOrEqual(125);
    expect(file.runs).toMatchObject({ using: 'composite' });
    const keysOf = (part: unknown) =>
      new Set(Object.values(toMapping(part)).flatMap((one) => Object.keys(toMapping(one))));
    expect([...keysOf(file.inputs)].sort()).toEqual(['default', 'description', 'required']);
    expect([...keysOf(file.outputs)].sort()).toEqual(['description', 'value']);
  });

  it('hands each input to the step that runs, by environment', () => {
    const step = action.steps.find(({ id }) => id === 'run');
    const { ACTION_PROGRAM, ...rest } = step?.env ?? {};
    expect(ACTION_PROGRAM).toBe('$'.concat('{{ steps.install.outputs.program }}'));
    expect(Object.entries(rest)).toEqual(
      [...action.inputs.keys()].map((name) => [
        `INPUT_${name.toUpperCase().replaceAll('-', '_')}`,
        '$'.concat(`{{ inputs.${name} }}`),
      ]),
    );
  });

  it('has bash run its steps, and no expression in the text of any', () => {
    expect(action.steps.map(({ id, shell }) => [id, shell])).toEqual([
      ['install', 'bash'],
      ['run', 'bash'],
    ]);
    expect(action.steps.filter(({ run }) => run.includes('$'.concat('{{')))).toEqual([]);
  });

  it('has the outputs of the step that runs', () => {
    expect([...action.outputs].map(([name, { value }]) => [name, value])).toEqual(
      ['outcome', 'exit-code', 'task-path', 'results'].map((name) => [
        name,
        '$'.concat(`{{ steps.run.outputs.${name} }}`),
      ]),
    );
  });
});

describe('its document', () => {
  it('has every input with its default, in their order', () => {
    expect(readTable('Inputs').map(([name, , preset]) => [name, preset])).toEqual(
      [...action.inputs].map(([name, input]) => [name, input.default]),
    );
    expect(readTable('Inputs').filter(([, meaning]) => meaning?.endsWith('; required'))).toHaveLength(
      [...action.inputs.values()].filter(({ required }) => required).length,
    );
  });

  it('has every output, in their order', () => {
    expect(readTable('Outputs').map(([name]) => name)).toEqual([...action.outputs.keys()]);
  });

  it.each([
    ['docs/github-action.md', DOCUMENT, 4],
    ['README.md', README, 1],
  ])('shows only inputs that there are, and all that have to be: %s', (_name, text, count) => {
    const uses = findUses(text);
    expect(uses).toHaveLength(count);
    for (const use of uses) {
      const given = Object.keys(toMapping(use.with));
      expect([...action.inputs.keys()]).toEqual(expect.arrayContaining(given));
      expect(given).toContain('scripts');
    }
  });
});

describe('its scripts', () => {
  it('have nothing but Node and each other', () => {
    const scripts = readdirSync(join(ROOT, 'action'));
    const imports = scripts.flatMap((name) =>
      [...readFileSync(join(ROOT, 'action', name), 'utf8').matchAll(/\bfrom '([^']+)'/g)].map(
        ([, from]) => from,
      ),
    );
    expect(imports.length).toBeGreaterThan(5);
    expect(imports.filter((from) => !/^(node:|\.\/[\w-]+\.mjs$)/.test(from ?? ''))).toEqual([]);
  });
});
