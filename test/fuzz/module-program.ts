import fc, { type Arbitrary } from 'fast-check';
import {
  type ModuleShape,
  moduleShape,
  type PlacedModule,
  pathBetween,
  placeModules,
} from './module-tree.ts';

// A small language of modules. Here it is written as Luau; `run-program.ts` runs it without any.

/** A way to write `require`; all numbers choose among what there is. */
export interface Call {
  to: number;
  path: number;
  quotes: number;
}

export type Statement =
  | { kind: 'say'; text: string }
  | { kind: 'set'; name: number; value: number; isInside: boolean }
  | { kind: 'add'; name: number; value: number }
  | { kind: 'show'; name: number }
  /** Requires a later module at once, and calls it. */
  | ({ kind: 'require' } & Call)
  /** Requires any module inside a function, under pcall. */
  | ({ kind: 'try' } & Call)
  /** `pcall(require, …)` */
  | ({ kind: 'ask' } & Call)
  /** `print` has a word more from here on. */
  | { kind: 'wrap' }
  | { kind: 'fail' };

export interface ModuleProgram {
  shape: ModuleShape;
  value: number;
  statements: Statement[];
}

/** Names that no library has, and that the bundle’s own code could have. */
const GLOBALS = ['g', 'modules', 'links', 'values', 'running', 'info', 'path', 'module', 'pack', '_'];
export const MODULUS = 1_009;

const digit = fc.nat({ max: 9 });
const call = { to: fc.nat(), path: fc.nat(), quotes: fc.nat() };
const statement: Arbitrary<Statement> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('say'), text: fc.constantFrom('one', 'é', '漢') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('set'), name: digit, value: digit, isInside: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add'), name: digit, value: digit }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('show'), name: digit }) },
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('require'), ...call }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('try'), ...call }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask'), ...call }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wrap') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail') }) },
);

/** The first one is the script. */
export const programs: Arbitrary<ModuleProgram[]> = fc.array(
  fc.record({
    shape: moduleShape,
    value: digit,
    statements: fc.array(statement, { maxLength: 8, size: 'max' }),
  }),
  { minLength: 2, maxLength: 12, size: 'max' },
);

/** The module that a statement of `from` is about; null where it has to be a later one and there is none. */
export function targetOf(
  { kind, to }: { kind: Statement['kind']; to: number },
  from: number,
  count: number,
): number | null {
  if (kind !== 'require') return to % count;
  return from + 1 < count ? from + 1 + (to % (count - from - 1)) : null;
}

/** The program as files. */
export function writeProgram(program: readonly ModuleProgram[]): Record<string, string> {
  const placed = placeModules(program.map(({ shape }) => shape));
  const files = placed.map(({ file }, index) => [file, writeModule(program[index], { index, placed })]);
  return Object.fromEntries(files);
}

interface Place {
  index: number;
  placed: readonly PlacedModule[];
}

function writeModule(module: ModuleProgram | undefined, place: Place): string {
  const lines = (module?.statements ?? []).flatMap((one) => writeStatement(one, place));
  return [
    'local function tell(ok, found)',
    '  return if ok then `is {found.value}` else (string.gsub(found, "^TaskScript:%d+: ", ""))',
    'end',
    `local sum = ${module?.value}`,
    ...lines,
    'local function bump() print("bump") bumps = (bumps or 0) + 1 return bumps end',
    place.index === 0 ? 'return sum' : 'return { value = sum, bump = bump }',
  ].join('\n');
}

function writeStatement(statement: Statement, place: Place): string[] {
  switch (statement.kind) {
    case 'say':
      return [`print("${statement.text}")`];
    case 'set': {
      const assignment = `${GLOBALS[statement.name]} = ${statement.value}`;
      return [statement.isInside ? `;(function() ${assignment} end)()` : assignment];
    }
    case 'add':
      return [`${GLOBALS[statement.name]} = (${GLOBALS[statement.name]} or 0) + ${statement.value}`];
    case 'show':
      return [`print(${GLOBALS[statement.name]})`];
    case 'wrap':
      return [`do local old = print print = function(...) old("w${place.index}", ...) end end`];
    case 'fail':
      return [`error("boom ${place.index}")`];
    default:
      return writeCall(statement, place);
  }
}

function writeCall(call: Call & { kind: Statement['kind'] }, { index, placed }: Place): string[] {
  const from = placed[index];
  const target = targetOf(call, index, placed.length);
  const to = target === null ? undefined : placed[target];
  if (!from || !to) return [];
  const path = pathBetween(from, to, call.path);
  const literals = [`"${path}"`, `'${path}'`, `[[${path}]]`, `\`${path}\``];
  const literal = literals[call.quotes % literals.length] ?? '';
  if (call.kind === 'ask') return [`print(tell(pcall(require, ${literal})))`];
  // Luau takes no string in backticks without parentheses.
  const required =
    call.quotes % 3 === 0 && !literal.startsWith('`') ? `require ${literal}` : `require(${literal})`;
  if (call.kind === 'try') return [`print(tell(pcall(function() return ${required} end)))`];
  return [
    `local found = ${required}`,
    `sum = (sum * 3 + found.value) % ${MODULUS}`,
    'print("bumped", found.bump())',
  ];
}
