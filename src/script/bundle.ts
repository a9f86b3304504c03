import runtime from './bundle-runtime.luau';
import { createTooLargeError, formatMegabytes, MAX_CHUNK_BYTES } from './chunk-size.ts';
import { encodeLuauBytes, encodeLuauString, encodeLuauValue } from './encode-literal.ts';
import { formatMapComment, type LineMap, type LineRun } from './line-map.ts';
import type { ModuleGraph } from './module-graph.ts';
import { parseJsonModule } from './parse-json-module.ts';
import type { SourceModule } from './source-module.ts';
import { hideTypeExports } from './source-text.ts';
import type { Wrapping } from './wrapping.ts';

export interface Bundle {
  /** What is sent: one Luau source. */
  chunk: string;
  map: LineMap;
}

const NAME_IN_RUNTIME = '__modules';
/** Luau lets a function use 200 names from around it. */
const MOST_DECLARED_GLOBALS = 150;
const MOST_SIZES_SHOWN = 10;

/**
 * One chunk of all modules. Each is a function of its own, with its lines and columns as they are in its file, so that
 * it has all of Luau's limits to itself; the entry comes last. `prologue` is Luau for the first line, and `wrapping`
 * goes around it all. Throws LX004 for a chunk that is too large.
 */
export function bundle(
  { modules }: ModuleGraph,
  { prologue, wrapping }: { prologue: string; wrapping: Wrapping },
): Bundle {
  const [entry] = modules;
  if (!entry) throw new Error('a bundle without modules');
  const ids = new Map(modules.map((module, index) => [module, index + 1]));
  const name = findFreeName(modules);
  const writer = new ChunkWriter();
  for (const directive of entry.outline?.directives ?? []) writer.write(`${directive}\n`);
  writer.write(wrapping.before + prologue + runtime.replaceAll(NAME_IN_RUNTIME, name));
  for (const module of [...modules.slice(1), entry]) {
    const links = module.links.map(({ path, to }) => `[${encodeLuauString(path)}]=${ids.get(to)}`);
    const head = [ids.get(module), encodeLuauString(module.name), `{${[...new Set(links)].join(',')}}`];
    writer.write(`${name}.add(${head.join(',')},function(require)`);
    writeModule(writer, module, name);
    writer.write('end)\n');
  }
  writer.write(`return ${name}.enter(1)(...)\n${wrapping.after}`);
  const chunk = writer.text + formatMapComment(writer.map);
  const sizeBytes = Buffer.byteLength(chunk);
  if (sizeBytes > MAX_CHUNK_BYTES) throw createBundleTooLarge(modules, sizeBytes);
  return { chunk, map: writer.map };
}

function writeModule(writer: ChunkWriter, module: SourceModule, runtimeName: string): void {
  if (module.format !== 'luau') {
    writer.write(` return function() return ${encodeData(module)} end `);
    return;
  }
  const { before, after } = encloseGlobals(module, runtimeName);
  writer.write(`${before}function(...)\n`);
  writer.writeSource(module.name, hideTypeExports(module.text, module.outline?.typeExports ?? []));
  writer.write(`\nend${after} `);
}

/** What makes the globals that a module sets its own, as they are where each module has its own environment. */
function encloseGlobals({ outline }: SourceModule, runtimeName: string): { before: string; after: string } {
  const names = (outline?.globalWrites ?? []).filter((name) => name !== 'require');
  if (outline?.needsEnvironment || names.length > MOST_DECLARED_GLOBALS)
    return { before: `return ${runtimeName}.isolate(`, after: ')' };
  const list = names.join(',');
  return { before: list === '' ? 'return ' : `local ${list}=${list} return `, after: '' };
}

function encodeData(module: SourceModule): string {
  return module.format === 'text'
    ? encodeLuauBytes(module.bytes)
    : encodeLuauValue(parseJsonModule(module), module.name);
}

function findFreeName(modules: readonly SourceModule[]): string {
  let name = NAME_IN_RUNTIME;
  while (modules.some(({ text }) => text.includes(name))) name += '_';
  return name;
}

function createBundleTooLarge(modules: readonly SourceModule[], sizeBytes: number) {
  const largest = [...modules].sort((a, b) => b.bytes.length - a.bytes.length).slice(0, MOST_SIZES_SHOWN);
  const facts = largest.map(({ name, bytes }) => `${formatMegabytes(bytes.length)} ${name}`);
  const hidden = modules.length - largest.length;
  if (hidden > 0) facts.push(`and ${hidden} smaller ones`);
  const others = modules.length - 1;
  const added = others === 0 ? '' : ` with its ${others === 1 ? 'module' : `${others} modules`}`;
  return createTooLargeError(`${modules[0]?.name}${added}`, sizeBytes, facts);
}

/** Puts the chunk together and counts its lines. */
class ChunkWriter {
  readonly #parts: string[] = [];
  readonly map: LineRun[] = [];
  #line = 1;

  write(text: string): void {
    this.#parts.push(text);
    this.#line += countBreaks(text);
  }

  /** Text of a file, from the beginning of a line. */
  writeSource(file: string, text: string): void {
    this.map.push({ file, chunkLine: this.#line, lineCount: countBreaks(text) + 1 });
    this.write(text);
  }

  get text(): string {
    return this.#parts.join('');
  }
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
