import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { extrasOf } from '../../../src/cli/help/command-extras.ts';
import { TOPIC_SUMMARIES } from '../../../src/cli/help/topic-names.ts';
import { ROOT } from '../../helpers/bin.ts';
import { createIdleProgram, parseLine } from '../../helpers/idle-program.ts';

const { program } = createIdleProgram();
const commands: Command[] = [program, ...program.commands];
const examples = commands.flatMap((command) =>
  extrasOf(command).examples.map(({ term }) => [command.name(), term] as const),
);

function readHelp(command: Command, widthColumns: number): string {
  command.configureOutput({ getOutHelpWidth: () => widthColumns, getOutHasColors: () => false });
  return command.helpInformation();
}

describe.each(commands.map((command) => [command.name(), command] as const))(
  'help of %s',
  (name, command) => {
    it('has examples of its own', () => {
      const lines = extrasOf(command).examples.map(({ term }) => term);
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.some((line) => line.includes(command.parent ? `luau-exec ${name}` : 'luau-exec'))).toBe(
        true,
      );
      expect(readHelp(command, 80)).toContain('\n\nExamples:\n  ');
    });

    it.each([80, 100])('fits into %i columns', (widthColumns) => {
      const long = readHelp(command, widthColumns)
        .split('\n')
        .filter((line) => line.length > widthColumns);
      expect(long).toEqual([]);
    });

    it('fits into 40 columns, but for what must stay in one piece', () => {
      const terms = extrasOf(command).examples.map(({ term }) => `  ${term}`);
      const long = readHelp(command, 40)
        .split('\n')
        .filter((line) => line.length > 40 && !terms.includes(line) && line.includes(' '));
      expect(long).toEqual([]);
    });

    it('has every part of it once, with a blank line between, and says nothing in capitals or with a full stop', () => {
      const text = readHelp(command, 80);
      expect(text).toMatch(/^Usage: luau-exec/);
      expect(text).not.toContain('\n\n\n');
      expect(text).toMatch(/[^\n]\n$/);
      const words = [...command.options, ...command.registeredArguments].map(
        ({ description }) => description,
      );
      expect(words.filter((line) => !/^[^A-Z].*[^.]$/.test(line))).toEqual([]);
    });
  },
);

it('the whole program: commands in groups, then topics, then options', () => {
  const text = readHelp(program, 80);
  const headings = text.match(/^\S.*:$/gm);
  expect(headings).toEqual([
    'Run and look:',
    'Write and test:',
    'Set up:',
    'Explain:',
    'Topics (luau-exec help TOPIC):',
    'Global options:',
    'Examples:',
  ]);
  for (const topic of Object.keys(TOPIC_SUMMARIES)) expect(text).toContain(`\n  ${topic} `);
});

it('names the global options in the help of a command, and explains them in that of the program alone', () => {
  const [run = program] = program.commands;
  const names = program.options.flatMap(({ long }) => (long && long !== '--version' ? [long] : []));
  const text = readHelp(run, 80).replaceAll(/\n {2}(?=--)/g, ' ');
  expect(text).toContain(`\nGlobal options (luau-exec --help): ${names.join(', ')}, --help\n`);
  expect(readHelp(program, 80)).toMatch(/--base-url <url> +another API/);
});

describe('each example', () => {
  it.each(examples)('of %s can be typed: %s', async (_name, line) => {
    expect(await parseLine(line)).toMatch(/^(?:a command|help)$/);
  });

  it('is refused where it has an option that does not exist', async () => {
    expect(await parseLine('generate | luau-exec run - --jsno | jq')).toBe("error: unknown option '--jsno'");
    expect(await parseLine('luau-exec rum < a.luau')).toBe("error: unknown command 'rum'");
  });
});

const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
/** The command lines in the blocks of code of every page. */
const lines = PAGES.filter((page) => page.endsWith('.md')).flatMap((page) =>
  [
    ...readFileSync(join(ROOT, page), 'utf8').matchAll(/^ *```(?:sh|console|yaml)\n([\s\S]*?)^ *```$/gm),
  ].flatMap(([, block = '']) =>
    [...block.matchAll(/^(?:[- ]*run: |[$ ]*)(?:\w+=\S+ )*(luau-exec .*?)(?: +#.*)?$/gm)].map(
      ([, line = '']) => [page, line] as const,
    ),
  ),
);

describe('each command line in the documents', () => {
  it('is found', () => expect(lines.length).toBeGreaterThan(15));

  it.each(lines)('%s: %s', async (_page, line) => {
    expect(await parseLine(line)).toMatch(/^(?:a command|help)$/);
  });
});
