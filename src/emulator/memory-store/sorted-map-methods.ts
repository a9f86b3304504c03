import type { JsonValue } from '../../open-cloud/task.ts';
import { CallInput } from '../call-input.ts';
import type { EngineMethod } from '../engine-calls.ts';
import type { Bound } from './item-order.ts';
import {
  checkName,
  checkSortKey,
  measureValue,
  readCount,
  readExpiration,
  type SortKey,
} from './item-rules.ts';
import type { MemoryStores, UniverseMemory } from './memory-stores.ts';
import type { MapEntry, MapItem, SortedMap } from './sorted-map.ts';

const MAX_RANGE = 200;
/** The second half of an UpdateAsync. It is no method of Roblox's, so no fault can be scripted for it. */
const SAVE_UPDATE = 'MemoryStoreSortedMap:UpdateAsync (save)';

interface MapCall {
  input: CallInput;
  memory: UniverseMemory;
  map: SortedMap;
}

/** The methods of MemoryStoreSortedMap, as `prelude/memory-stores.luau` calls them. */
export function createSortedMapMethods(stores: MemoryStores) {
  const bind =
    (run: (call: MapCall) => JsonValue): EngineMethod =>
    (value, { universeId }) => {
      const input = new CallInput(value);
      const memory = stores.open(universeId);
      return run({ input, memory, map: memory.sortedMap(input.text('map')) });
    };
  return {
    'MemoryStoreSortedMap:GetAsync': bind(getItem),
    'MemoryStoreSortedMap:SetAsync': bind(setItem),
    'MemoryStoreSortedMap:UpdateAsync': bind(startUpdate),
    [SAVE_UPDATE]: bind(saveUpdate),
    'MemoryStoreSortedMap:RemoveAsync': bind(removeItem),
    'MemoryStoreSortedMap:GetRangeAsync': bind(getRange),
    'MemoryStoreSortedMap:GetSizeAsync': bind(getSize),
  };
}

function getItem({ input, memory, map }: MapCall): JsonValue {
  const key = readKey(input);
  memory.units.take(1);
  return formatItem(map.get(key));
}

function setItem(call: MapCall): JsonValue {
  const entry = readEntry(call);
  call.memory.units.take(1);
  call.map.set(entry);
  return true;
}

function startUpdate({ input, memory, map }: MapCall): JsonValue {
  const key = readKey(input);
  readExpiration(input.optionalNumber('expiration'));
  memory.units.take(1);
  return formatItem(map.get(key));
}

/** Saves an update if nobody wrote since it was begun; else it answers with what stands there now, at the cost of a unit. */
function saveUpdate(call: MapCall): JsonValue {
  const { input, memory, map } = call;
  const entry = readEntry(call);
  const current = map.get(entry.key);
  const isCurrent = (current?.etag ?? null) === input.optionalText('etag');
  if (isCurrent) map.set(entry);
  else memory.units.take(1);
  return { isSaved: isCurrent, ...(isCurrent ? {} : { item: formatItem(current) }) };
}

function removeItem({ input, memory, map }: MapCall): JsonValue {
  const key = readKey(input);
  memory.units.take(1);
  map.remove(key);
  return null;
}

function getRange({ input, memory, map }: MapCall): JsonValue {
  const items = map.range({
    direction: input.isTrue('isDescending') ? 'descending' : 'ascending',
    count: readCount(input.optionalNumber('count'), MAX_RANGE),
    lower: readBound(input.object('lower')),
    upper: readBound(input.object('upper')),
  });
  memory.units.take(Math.max(1, items.length));
  return items.map(({ key, value, sortKey }) => ({ key, value, ...(sortKey !== null && { sortKey }) }));
}

function getSize({ memory, map }: MapCall): JsonValue {
  memory.units.take(1);
  return map.size;
}

function readEntry({ input, memory }: MapCall): MapEntry {
  const value = input.value('value');
  measureValue(value);
  return {
    key: readKey(input),
    value,
    sortKey: readSortKey(input),
    lifetime: memory.createLifetime(readExpiration(input.optionalNumber('expiration'))),
  };
}

function readKey(input: CallInput): string {
  return checkName(input.text('key'), 'the key');
}

function readSortKey(input: CallInput): SortKey {
  const sortKey = input.value('sortKey');
  if (sortKey === null || typeof sortKey === 'number') return sortKey;
  return checkSortKey(input.text('sortKey'));
}

function readBound(input: CallInput | null): Bound | null {
  return input && { key: input.optionalText('key'), sortKey: readSortKey(input) };
}

function formatItem(item: MapItem | undefined): { [name: string]: JsonValue } {
  if (!item) return {};
  const { value, sortKey, etag } = item;
  return { value, etag, ...(sortKey !== null && { sortKey }) };
}
