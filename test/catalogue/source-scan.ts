import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'rolldown/utils';

const ROOT = fileURLToPath(new URL('../../src', import.meta.url));
/** The types whose making is the making of a message. */
const MESSAGE_TYPES = /\b(?:LuauExecError|RequireProblem)\b/;

/** A place in `src`. */
export interface Place {
  /** Below `src`, with forward slashes. */
  file: string;
  /** Both from 1. */
  line: number;
  column: number;
}

/** Where a message is made: `new LuauExecError(…)`, or the call of a function that hands one back. */
export interface MessageSite extends Place {
  /** The beginning of the source there. */
  code: string;
}

/** Words that stand in the source. */
export interface Wording extends Place {
  text: string;
  /** Finds the words in what was printed, whatever stands for `${…}` in them. */
  pattern: RegExp;
}

type Node = { type: string; start: number; end: number };

interface Source {
  file: string;
  text: string;
  program: ReturnType<typeof parseSync>['program'];
}

const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((name) => name.split(sep).join('/'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .sort()
  .map((file): Source => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return { file, text, program: parseSync(file, text, { lang: 'ts' }).program };
  });

/** Every id `LX…` that stands in quotes in `src`. */
export function listIds(): string[] {
  const found = sources.flatMap(({ text }) => [...text.matchAll(/'(LX\d{3})'/g)].map(([, id = '']) => id));
  return [...new Set(found)].sort();
}

/** Every place in `src` where a message is made. */
export function listMessageSites(): MessageSite[] {
  const factories = new Map(sources.map((source) => [source.file, listFactories(source)]));
  return sources.flatMap((source) => listSites(source, factories));
}

/** Names of the functions of one file that return a message, or always throw one. */
function listFactories({ program, text }: Source): Set<string> {
  const names = new Set<string>();
  const note = (name: string | null, node: { returnType?: Node | null; body?: Node | null }) => {
    if (name === null) return;
    const declared = node.returnType ? text.slice(node.returnType.start, node.returnType.end) : '';
    const isFactory = MESSAGE_TYPES.test(declared) && !/Promise|\[\]|=>|\{/.test(declared);
    const isBuilder =
      declared === '' &&
      node.body !== undefined &&
      node.body !== null &&
      /^\s*(?:create|new )\w*Error\(/.test(text.slice(node.body.start, node.body.end));
    if (
      isFactory ||
      isBuilder ||
      (/:\s*never$/.test(declared) &&
        node.body &&
        /throw (?:refuse|create\w+Error)\(/.test(text.slice(node.body.start, node.body.end)))
    )
      names.add(name);
  };
  new Visitor({
    FunctionDeclaration: (node) => note(node.id?.name ?? null, node),
    MethodDefinition: (node) => note(nameOf(node.key), node.value),
    VariableDeclarator: (node) => {
      if (node.init?.type === 'ArrowFunctionExpression') note(nameOf(node.id), node.init);
    },
  }).visit(program);
  return names;
}

function listSites(source: Source, factories: ReadonlyMap<string, ReadonlySet<string>>): MessageSite[] {
  const { file, program, text } = source;
  const known = new Set(factories.get(file));
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || !statement.source.value.startsWith('.')) continue;
    const from = factories.get(join(dirname(file), statement.source.value));
    for (const { local, ...specifier } of statement.specifiers) {
      const imported = 'imported' in specifier ? nameOf(specifier.imported) : null;
      if (imported !== null && from?.has(imported)) known.add(local.name);
    }
  }
  const found: Node[] = [];
  new Visitor({
    NewExpression: (node) => {
      if (MESSAGE_TYPES.test(text.slice(node.callee.start, node.callee.end))) found.push(node);
    },
    CallExpression: ({ callee, ...node }) => {
      if (callee.type === 'Identifier' && known.has(callee.name))
        found.push({ ...node, start: callee.start });
      if (
        callee.type === 'MemberExpression' &&
        callee.object.type === 'ThisExpression' &&
        known.has(nameOf(callee.property) ?? '')
      ) {
        found.push({ ...node, start: callee.property.start });
      }
    },
  }).visit(program);
  return found.map(({ start, end }) => ({
    ...place(source, start),
    code: text.slice(start, end).replace(/\s+/g, ' ').slice(0, 90),
  }));
}

/** Every text in `src` that has two words or more, save those of errors that no user is meant to read. */
export function listWordings(): Wording[] {
  return sources.flatMap((source) => {
    const { program, text } = source;
    const found: Node[] = [];
    const hidden: Node[] = [];
    new Visitor({
      Literal: (node) => {
        if (typeof node.value === 'string') found.push(node);
      },
      TemplateLiteral: (node) => void found.push(node),
      NewExpression: (node) => {
        if (/^(?:Type|Range)?Error$/.test(text.slice(node.callee.start, node.callee.end))) hidden.push(node);
      },
      TSLiteralType: (node) => void hidden.push(node),
      ImportDeclaration: (node) => void hidden.push(node),
    }).visit(program);
    return found
      .filter(({ start, end }) => !hidden.some((outer) => outer.start <= start && end <= outer.end))
      .map((node) => ({
        ...place(source, node.start),
        ...readWording(text.slice(node.start, node.end), text.slice(0, node.start).endsWith('String.raw')),
      }))
      .filter(({ text: words }) => /[a-z]{2}\S* +\S*[A-Za-z]|[A-Za-z]\S* +\S*[a-z]{2}/.test(words));
  });
}

function readWording(source: string, isRaw: boolean): Pick<Wording, 'text' | 'pattern'> {
  const raw = isRaw ? source.replaceAll('\\', '\\\\') : source;
  const isTemplate = raw.startsWith('`');
  const parts = isTemplate ? splitTemplate(raw.slice(1, -1)) : [raw.slice(1, -1)];
  const said = parts.map((part) => part.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1'));
  while (said.length > 1 && said[0]?.trim() === '') said.shift();
  while (said.length > 1 && said.at(-1)?.trim() === '') said.pop();
  const escaped = said.map((part) =>
    part.trim() === '' ? part : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s*\n\s*/g, '\\s+'),
  );
  return { text: said.join('…'), pattern: new RegExp(escaped.join('[^\\n]*?').trim()) };
}

/** What stands between the substitutions, which may have templates in them. */
function splitTemplate(inner: string): string[] {
  const parts = [''];
  let depth = 0;
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] === '\\') {
      if (depth === 0) parts[parts.length - 1] += inner.slice(at, at + 2);
      at++;
      continue;
    }
    const opens = inner[at] === '{' && (depth > 0 || (inner[at - 1] === '$' && inner[at - 2] !== '\\'));
    if (opens && depth++ === 0) {
      parts[parts.length - 1] = (parts.at(-1) ?? '').slice(0, -1);
      parts.push('');
      continue;
    }
    if (depth > 0) depth -= inner[at] === '}' ? 1 : 0;
    else parts[parts.length - 1] += inner[at] ?? '';
  }
  return parts;
}

/** The name that a node is, where it is one. */
function nameOf(node: object): string | null {
  return 'name' in node && typeof node.name === 'string' ? node.name : null;
}

function place({ file, text }: Source, offset: number): Place {
  const before = text.slice(0, offset);
  return { file, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
