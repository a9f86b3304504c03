import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../src', import.meta.url));

/** Which room may import from which; `docs/architecture.md` says why. Files outside the rooms are the floor. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: ['config', 'script', 'place', 'output', 'task', 'open-cloud', 'history'],
  task: ['open-cloud'],
  output: ['values'],
  'open-cloud': [],
  emulator: ['open-cloud', 'luau'],
  history: ['open-cloud'],
  config: [],
  script: ['luau'],
  place: [],
  luau: [],
  values: [],
};
const FLOOR = [
  'clock.ts',
  'context.ts',
  'did-you-mean.ts',
  'errors.ts',
  'make-directory.ts',
  'race-abort.ts',
  'temporary-directory.ts',
  'version.ts',
];
/** The only arrows besides the table: from → to. */
const EXCEPTIONS: readonly [from: string, to: string][] = [
  // Ids and paths are plain values with one way to write them.
  ['output', 'open-cloud/task-path.ts'],
  // The emulator is reached by URL; these two start one.
  ['cli/connect.ts', 'emulator/luau-emulator.ts'],
  ['cli/commands/emulate.ts', 'emulator/luau-emulator.ts'],
  // A faults file is read where the other files that a user names are read.
  ['cli/commands/emulate.ts', 'emulator/parse-faults.ts'],
  ['cli/commands/emulate.ts', 'emulator/faults.ts'],
];
/** A package has one home, so that it can be replaced in one file. */
const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  ora: ['output/progress.ts'],
  chalk: ['output/style.ts'],
  ignore: ['config/init/git-ignore.ts'],
  cosmiconfig: ['config/load-config.ts'],
  '@napi-rs': ['config/keyring.ts'],
  commander: [
    'cli/program.ts',
    'cli/define',
    'cli/help',
    'cli/completion',
    'cli/run-cli.ts',
    'cli/hear-commander.ts',
  ],
  'get-east-asian-width': ['output/display-width.ts'],
  tinyglobby: ['script/find-scripts.ts'],
  '@eslint-community': ['cli/logs/pattern-mistake.ts'],
  watchpack: ['cli/watch/watch-files.ts'],
  undici: [
    'open-cloud/transport.ts',
    'open-cloud/dispatcher.ts',
    'open-cloud/pending-exchange.ts',
    'open-cloud/pending-stream.ts',
    'open-cloud/undici-deep.d.ts',
  ],
  // Other programs are started, and processes are told to end, in one place.
  'node:child_process': ['place/run-program.ts'],
  'node:process': ['place/run-program.ts'],
};
/** Where the world may be touched directly. */
const WORLD_HOMES: readonly { pattern: RegExp; homes: readonly string[] }[] = [
  { pattern: /(?<![\w.])process\./, homes: ['main.ts'] },
  { pattern: /(?<![\w.])console\./, homes: [] },
  { pattern: /\bDate\.now\(/, homes: ['clock.ts', 'luau/wasm-imports.ts'] },
  { pattern: /\bset(?:Timeout|Interval)\(/, homes: ['clock.ts'] },
];

interface Import {
  from: string;
  /** Path below src, or the name of a package. */
  to: string;
  isTypeOnly: boolean;
}

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((name) => name.split(sep).join('/'))
  .filter((name) => name.endsWith('.ts'));
const sources = new Map(files.map((name) => [name, readFileSync(join(ROOT, name), 'utf8')]));
const imports = files.flatMap(readImports);

function readImports(from: string): Import[] {
  const text = sources.get(from) ?? '';
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\(\s*'([^']+)'/g);
  return [
    ...[...statements].map(([, type, target = '']) => ({
      from,
      to: locate(from, target),
      isTypeOnly: type !== undefined,
    })),
    ...[...dynamic].map(([, target = '']) => ({ from, to: locate(from, target), isTypeOnly: false })),
  ];
}

function locate(from: string, target: string): string {
  if (!target.startsWith('.')) return target;
  return relative(ROOT, resolve(join(ROOT, dirname(from)), target))
    .split(sep)
    .join('/');
}

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : '';
}

function isAllowed({ from, to, isTypeOnly }: Import): boolean {
  const [fromRoom, toRoom] = [roomOf(from), roomOf(to)];
  if (!sources.has(to) || fromRoom === toRoom) return true;
  // main and the library's door stand above the rooms.
  if (fromRoom === '' && !FLOOR.includes(from)) return true;
  if (toRoom === '') return FLOOR.includes(to);
  if (EXCEPTIONS.some(([source, target]) => (from === source || fromRoom === source) && to === target))
    return true;
  // Types of the task and open-cloud rooms are what output prints; types cost nothing and do nothing.
  if (isTypeOnly && fromRoom === 'output' && (toRoom === 'task' || toRoom === 'open-cloud')) return true;
  if (isTypeOnly && FLOOR.includes(from)) return toRoom === 'open-cloud';
  return MAY_IMPORT[fromRoom]?.includes(toRoom) ?? false;
}

describe('the house', () => {
  it('has rooms that the table knows', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => room !== '').sort()).toEqual(
      Object.keys(MAY_IMPORT).sort(),
    );
    expect(imports.length).toBeGreaterThan(200);
  });

  it('has no arrow that the table does not allow', () => {
    expect(imports.filter((entry) => !isAllowed(entry)).map(({ from, to }) => `${from} -> ${to}`)).toEqual(
      [],
    );
  });

  it('has no files that import each other, not even by way of others', () => {
    // Whatever imports only files that are gone goes too; what is left goes around in circles.
    const left = new Set(files);
    const leads = (file: string) => imports.some(({ from, to }) => from === file && left.has(to));
    for (let size = -1; size !== left.size; ) {
      size = left.size;
      for (const file of [...left]) if (!leads(file)) left.delete(file);
    }
    expect([...left]).toEqual([]);
  });

  it('keeps each package at home', () => {
    const strays = imports.filter(({ from, to }) => {
      const homes = PACKAGE_HOMES[to.split('/')[0] ?? ''];
      return (
        homes !== undefined &&
        !sources.has(to) &&
        !homes.some((home) => from === home || from.startsWith(`${home}/`))
      );
    });
    expect(strays.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('touches the world only where it may', () => {
    const strays = WORLD_HOMES.flatMap(({ pattern, homes }) =>
      files
        .filter((file) => !homes.includes(file))
        .flatMap((file) =>
          stripComments(sources.get(file) ?? '')
            .split('\n')
            .filter((line) => pattern.test(line))
            .map((line) => `${file}: ${line.trim()}`),
        ),
    );
    expect(strays).toEqual([]);
  });

  it('does not load the emulator for a run against Open Cloud', () => {
    const eager = new Set<string>();
    const visit = (file: string) => {
      if (eager.has(file) || !sources.has(file)) return;
      eager.add(file);
      const text = sources.get(file) ?? '';
      for (const [, type, target = ''] of text.matchAll(
        /^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'/gm,
      )) {
        if (type === undefined) visit(locate(file, target));
      }
    };
    for (const entry of ['main.ts', 'index.ts', 'cli/commands/run.ts', 'open-cloud/transport.ts'])
      visit(entry);
    expect([...eager].filter((file) => file.startsWith('emulator/'))).toEqual([]);
    expect(eager.size).toBeGreaterThan(40);
  });

  it('makes nothing of Intl before it is needed, as that takes milliseconds of every start', () => {
    const eager = files.filter((file) =>
      /^(?:export )?(?:const|let) .*new Intl\./m.test(sources.get(file) ?? ''),
    );
    expect(eager).toEqual([]);
  });

  it('has files that can be read in one go', () => {
    const long = files.filter((file) => (sources.get(file) ?? '').split('\n').length > 260);
    expect(long).toEqual([]);
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
