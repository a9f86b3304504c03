import fc, { type Arbitrary } from 'fast-check';
import {
  type ModuleShape,
  moduleShape,
  type PlacedModule,
  pathBetween,
  placeModules,
} from './module-tree.ts';

// Modules that stand in each other's way line by line: of each line it is known in which file and where it is.

/** Text that runs and says nothing; some of it is several lines. */
const FILLERS = [
  '',
  '-- TaskScript:3: not me',
  '--[[ long\ncomment\n]]',
  '--[==[ ]]\n\n]==] local a = 1',
  'local s = [[\nlong\n\nstring ]]',
  'local q = "a\\\nb"',
  'local z = "a\\z\n\n   b"',
  'local i = `x {1 +\n  2} y`',
  'local t = {\n\t1, -- é漢🎮\n}',
  'local function unused()\n  return require("./gone" .. s)\nend',
  'do\n  local x = 1\nend',
  'count = (count or 0) + 1',
  '--!strict',
  'local text = "require(\'./gone\')"',
  'if nil then\n  error("never")\nend',
];
const TYPES = ['export type T = {\n  x: number,\n}', 'type U<A> = (A) -> (...A)'];
/** Without `--!native`: with it Luau puts small functions into their callers, and the stack loses them. */
const TOPS = ['', '--!optimize 1', '--!strict\n--!nonstrict', '-- mine\n--!nolint', '--[[\n]]'];

export interface ModuleLines {
  shape: ModuleShape;
  /** Chooses which of the modules before it requires it. */
  parent: number;
  path: number;
  /** The `require` is inside a function, which is one more line of the stack. */
  isNested: boolean;
  top: number;
  fillers: number[];
  /** Where among the fillers the module's own statements are. */
  positions: number[];
  eol: '\n' | '\r\n';
  /** Of the file: a byte order mark, a shebang, no line break at the end. */
  hasBom: boolean;
  hasShebang: boolean;
  isUnended: boolean;
}

export const moduleLines: Arbitrary<ModuleLines> = fc.record({
  shape: moduleShape,
  parent: fc.nat(),
  path: fc.nat(),
  isNested: fc.boolean(),
  top: fc.nat(),
  fillers: fc.array(fc.nat(), { maxLength: 10 }),
  positions: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
  eol: fc.constantFrom('\n', '\r\n'),
  hasBom: fc.boolean(),
  hasShebang: fc.boolean(),
  isUnended: fc.boolean(),
});

/** Lines that fail; `lines` are those of the stack, from the first of the text on. */
export interface Failing {
  text: string;
  /** The innermost first. */
  frames: { line: number; function: string | null }[];
}

export interface StackFrame {
  file: string;
  line: number;
  function: string | null;
}

export interface WrittenModules {
  files: Record<string, string>;
  /** The way to the failing line, the innermost first. */
  frames: StackFrame[];
}

/** A statement with the first of its lines in the file. */
interface Marked {
  text: string;
  line: number;
}

/** Writes the modules; `failing` is put into the one that `place` chooses. */
export function writeModules(
  modules: readonly ModuleLines[],
  { failing, place }: { failing: Failing; place: number },
): WrittenModules {
  const placed = placeModules(modules.map(({ shape }) => shape));
  const target = place % modules.length;
  const files: Record<string, string> = {};
  const linesOf = modules.map((module, index) => {
    const children = modules.flatMap((child, at) => (at > 0 && child.parent % at === index ? [at] : []));
    const statements = children.map((child) => writeRequire(modules, { placed, index, child }));
    if (index === target) statements.push(failing.text);
    const { text, marks } = writeFile(module, statements);
    files[placed[index]?.file ?? ''] = text;
    return { children, marks };
  });
  const frames = failing.frames.map((frame) => ({
    ...frame,
    file: placed[target]?.file ?? '',
    line: (linesOf[target]?.marks.at(-1)?.line ?? 0) + frame.line,
  }));
  for (let child = target; child > 0; ) {
    const parent = (modules[child]?.parent ?? 0) % child;
    const { children = [], marks = [] } = linesOf[parent] ?? {};
    frames.push(...framesOfRequire(placed[parent]?.file ?? '', marks[children.indexOf(child)], child));
    child = parent;
  }
  return { files, frames };
}

function writeRequire(
  modules: readonly ModuleLines[],
  { placed, index, child }: { placed: readonly PlacedModule[]; index: number; child: number },
): string {
  const [from, to, module] = [placed[index], placed[child], modules[child]];
  if (!from || !to || !module) throw new Error(`no module ${child}`);
  const call = `require("${pathBetween(from, to, module.path)}")`;
  return module.isNested
    ? `local function load${child}()\n  local m = ${call}\n  return m\nend\nlocal m${child} = load${child}()`
    : `local m${child} = ${call}`;
}

/** As `writeRequire` has written it. */
function framesOfRequire(file: string, mark: Marked | undefined, child: number): StackFrame[] {
  if (!mark) throw new Error(`module ${child} is required nowhere`);
  const { line, text } = mark;
  return text.includes('\n')
    ? [
        { file, line: line + 1, function: `load${child}` },
        { file, line: line + 4, function: null },
      ]
    : [{ file, line, function: null }];
}

function writeFile(module: ModuleLines, statements: readonly string[]): { text: string; marks: Marked[] } {
  const parts = module.fillers.map((choice) => ({ text: FILLERS[choice % FILLERS.length] ?? '', order: -1 }));
  parts.splice(0, 0, { text: TYPES[module.top % 3] ?? '', order: -1 });
  let least = 0;
  for (const [order, text] of statements.entries()) {
    // In the order in which they are given.
    const at = least + ((module.positions[order] ?? 0) % (parts.length - least + 1));
    parts.splice(at, 0, { text, order });
    least = at + 1;
  }
  const top = [...(module.hasShebang ? ['#!/usr/bin/env luau'] : []), TOPS[module.top % TOPS.length] ?? ''];
  const all = [...top.map((text) => ({ text, order: -1 })), ...parts, { text: 'return true', order: -1 }];
  const marks: Marked[] = [];
  let line = 1;
  for (const { text, order } of all) {
    if (order >= 0) marks[order] = { text, line };
    line += text.split('\n').length;
  }
  const source = all.map(({ text }) => text).join('\n') + (module.isUnended ? '' : '\n');
  return { text: (module.hasBom ? '\uFEFF' : '') + source.replaceAll('\n', module.eol), marks };
}
