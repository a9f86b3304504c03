import type { LuauTable, LuauValue } from '../values/luau-value.ts';
import { formatScalar, isLuauName, type Word } from './format-luau-scalar.ts';
import {
  type Entry,
  findFirstPlaces,
  isSamePlace,
  isShared,
  listEntries,
  type Place,
  type SharedValue,
} from './luau-places.ts';
import { plainStyle, type Style } from './style.ts';

/** A table stands on one line where that ends within these columns. */
const LINE_WIDTH = 80;
/** However deep it stands. */
const SHORTEST_LINE = 24;
/** Somewhere deeper nobody reads any more. */
const MOST_LEVELS = 100;
const MOST_STEPS_SHOWN = 8;
const LONGEST_STEP = 40;

/**
 * Results in Luau's notation, one text for each: a table on one line where it is short, else over several. What stands at
 * more than one place is written at the first and named at the others, so the texts are no longer than the values.
 */
export function formatLuau(results: readonly LuauValue[], style: Style): string[] {
  const writer = new LuauWriter(results, style);
  return results.map((value, index) => writer.write(value, { parent: null, step: index + 1, isKey: false }));
}

/** Thrown where a table turns out to be too long for one line. */
const TOO_LONG = Symbol('too long');

/** Text in the making. */
interface Line {
  parts: string[];
  /** Columns that are left; what needs more throws TOO_LONG. */
  left: number;
}

class LuauWriter {
  readonly #places: Map<SharedValue, Place>;
  readonly #style: Style;
  /** The tables that are being written. */
  readonly #open = new Set<LuauTable>();

  constructor(results: readonly LuauValue[], style: Style) {
    this.#places = findFirstPlaces(results);
    this.#style = style;
  }

  write(value: LuauValue, place: Place): string {
    const parts: string[] = [];
    this.#pushBlock(value, place, parts, '\n');
    return parts.join('');
  }

  /** Over several lines where it has to be; `indent` is the line break and the blanks that begin a line. */
  #pushBlock(value: LuauValue, place: Place, parts: string[], indent: string): void {
    if (!isTable(value) || this.#nameOf(value, place)) {
      this.#pushFlat(value, place, { parts, left: Number.POSITIVE_INFINITY });
      return;
    }
    const line = this.#tryLine(value, place, indent.length);
    if (line) {
      parts.push(line);
      return;
    }
    this.#open.add(value);
    const here = this.#places.get(value) ?? place;
    const inner = `${indent}  `;
    parts.push(openingOf(value));
    for (const entry of listEntries(value)) {
      parts.push(inner);
      this.#pushKey(entry, here, { parts, left: Number.POSITIVE_INFINITY });
      this.#pushBlock(entry.value, placeOf(entry, here), parts, inner);
      parts.push(',');
    }
    parts.push(indent, closingOf(value));
    this.#open.delete(value);
  }

  /** Null for a table that is too long for one line. */
  #tryLine(value: LuauTable, place: Place, column: number): string | null {
    const line: Line = { parts: [], left: Math.max(SHORTEST_LINE, LINE_WIDTH - column) };
    const open = [...this.#open];
    try {
      this.#pushFlat(value, place, line);
      return line.parts.join('');
    } catch (thrown) {
      if (thrown !== TOO_LONG) throw thrown;
      this.#open.clear();
      for (const table of open) this.#open.add(table);
      return null;
    }
  }

  #pushFlat(value: LuauValue, place: Place, line: Line): void {
    const word = this.#nameOf(value, place) ?? (isTable(value) ? null : formatScalar(value, this.#style));
    if (word) {
      push(line, word.text, word.paint);
      return;
    }
    if (!isTable(value)) return;
    this.#open.add(value);
    const here = this.#places.get(value) ?? place;
    push(line, openingOf(value));
    let separator = '';
    for (const entry of listEntries(value)) {
      push(line, separator);
      this.#pushKey(entry, here, line);
      this.#pushFlat(entry.value, placeOf(entry, here), line);
      separator = ', ';
    }
    push(line, closingOf(value));
    this.#open.delete(value);
  }

  #pushKey({ key, isInList }: Entry, table: Place, line: Line): void {
    if (isInList) return;
    if (isLuauName(key)) {
      push(line, key, this.#style.cyan);
    } else {
      push(line, '[');
      this.#pushFlat(key, { parent: table, step: key, isKey: true }, line);
      push(line, ']');
    }
    push(line, ' = ');
  }

  /** What stands for a value that is not written here. */
  #nameOf(value: LuauValue, place: Place): Word | null {
    if (!isShared(value)) return null;
    const first = this.#places.get(value);
    if (first && !isSamePlace(first, place)) {
      const relation = value.kind === 'table' && this.#open.has(value) ? 'cycle: ' : 'the same as ';
      return { text: `<${relation}${formatPlace(first)}>`, paint: this.#style.magenta };
    }
    if (this.#open.size < MOST_LEVELS) return null;
    return { text: `<deeper than ${MOST_LEVELS} tables; --json has it>`, paint: this.#style.magenta };
  }
}

function isTable(value: LuauValue): value is LuauTable {
  return isShared(value) && value.kind === 'table';
}

function placeOf({ key }: Entry, table: Place): Place {
  return { parent: table, step: key, isKey: false };
}

function push(line: Line, text: string, paint: Word['paint'] = (plain) => plain): void {
  line.left -= text.length;
  if (line.left < 0) throw TOO_LONG;
  line.parts.push(paint(text));
}

/** What the metatable holds was not sent. */
function openingOf({ hasMetatable }: LuauTable): string {
  return hasMetatable ? 'setmetatable({' : '{';
}

function closingOf({ hasMetatable }: LuauTable): string {
  return hasMetatable ? '}, …)' : '}';
}

/** `results[1].players[3]` */
function formatPlace(place: Place): string {
  const steps: string[] = [];
  let at: Place | null = place;
  for (; at !== null && steps.length < MOST_STEPS_SHOWN; at = at.parent) steps.unshift(formatStep(at));
  return at === null ? `results${steps.join('')}` : `…${steps.join('')}`;
}

function formatStep({ step, isKey }: Place): string {
  if (isKey) return ' (a key)';
  if (isLuauName(step) && step.length <= LONGEST_STEP) return `.${step}`;
  const text = isTable(step) ? '{…}' : formatScalar(step, plainStyle).text;
  return `[${text.length > LONGEST_STEP ? `${text.slice(0, LONGEST_STEP)}…` : text}]`;
}
