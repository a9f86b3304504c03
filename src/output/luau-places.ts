import { type LuauBuffer, type LuauTable, type LuauValue, measureList } from '../values/luau-value.ts';

/** A value that several places can hold. */
export type SharedValue = LuauTable | LuauBuffer;

/** Where a value stands: a result, or a key or value of a table that stands somewhere itself. */
export interface Place {
  parent: Place | null;
  /** The number of a result, or the key. */
  step: LuauValue;
  /** True where it is the key itself that stands here. */
  isKey: boolean;
}

/** What a table holds, in the order in which it is shown. */
export interface Entry {
  key: LuauValue;
  value: LuauValue;
  /** True for what stands at 1, 2, 3 … without a gap. */
  isInList: boolean;
}

export function isShared(value: LuauValue): value is SharedValue {
  return typeof value === 'object' && value !== null && (value.kind === 'table' || value.kind === 'buffer');
}

/** The list first, then other numbers in order, then the rest as it comes; one by one, because there may be millions. */
export function* listEntries(table: LuauTable): Generator<Entry> {
  const count = measureList(table);
  for (let key = 1; key <= count; key++) {
    yield { key, value: table.entries.get(key) ?? null, isInList: true };
  }
  if (count === table.entries.size) return;
  const numbers: Entry[] = [];
  const others: Entry[] = [];
  for (const [key, value] of table.entries) {
    const isInList = typeof key === 'number' && key >= 1 && key <= count && Number.isInteger(key);
    if (!isInList) (typeof key === 'number' ? numbers : others).push({ key, value, isInList });
  }
  yield* numbers.sort((a, b) => Number(a.key) - Number(b.key));
  yield* others;
}

interface Waiting {
  value: SharedValue;
  place: Place;
}

/** The place at which each table and each buffer is met first by a reader who goes from top to bottom. */
export function findFirstPlaces(values: readonly LuauValue[]): Map<SharedValue, Place> {
  const places = new Map<SharedValue, Place>();
  // A stack of our own: how deep tables are is for the script to decide.
  const waiting: Waiting[] = [];
  for (const [index, value] of values.entries()) {
    if (isShared(value)) waiting.push({ value, place: { parent: null, step: index + 1, isKey: false } });
  }
  waiting.reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, place } = next;
    if (places.has(value)) continue;
    places.set(value, place);
    if (value.kind === 'buffer') continue;
    const held: Waiting[] = [];
    for (const { key, value: inside } of listEntries(value)) {
      if (isShared(key)) held.push({ value: key, place: { parent: place, step: key, isKey: true } });
      if (isShared(inside)) held.push({ value: inside, place: { parent: place, step: key, isKey: false } });
    }
    for (const entry of held.reverse()) waiting.push(entry);
  }
  return places;
}

/** Both are places of the same walk: their parents are the same objects where they are the same places. */
export function isSamePlace(a: Place | undefined, b: Place): boolean {
  return a !== undefined && a.parent === b.parent && a.isKey === b.isKey && Object.is(a.step, b.step);
}
