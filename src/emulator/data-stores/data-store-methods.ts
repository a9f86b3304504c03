import type { Clock } from '../../clock.ts';
import type { JsonValue } from '../../open-cloud/task.ts';
import { CallInput } from '../call-input.ts';
import { type EngineCaller, EngineFailure, type EngineMethods } from '../engine-calls.ts';
import type { EntryStore, StoredEntry, StorePlace } from './entry-store.ts';
import { listKeyPage } from './list-key-page.ts';

/** What a method works with: a key, and its latest version. */
interface Target {
  entries: EntryStore;
  clock: Clock;
  place: StorePlace;
  key: string;
  before: StoredEntry | null;
}

type Change = Pick<StoredEntry, 'valueJson' | 'userIds'>;

/** What data stores do outside of a script. Names, keys and values were checked by the prelude, values are JSON text. */
export function createDataStoreMethods(entries: EntryStore, clock: Clock): EngineMethods {
  const onKey =
    (operate: (target: Target, input: CallInput) => JsonValue) =>
    (value: JsonValue, caller: EngineCaller): JsonValue => {
      const input = new CallInput(value);
      const place = placeOf(input, caller);
      const key = input.text('key');
      return operate({ entries, clock, place, key, before: entries.read(place, key) }, input);
    };
  return {
    'GlobalDataStore:GetAsync': onKey((target) => tell(findLive(target))),
    'GlobalDataStore:SetAsync': onKey((target, input) => save(target, readChange(input)).version),
    'GlobalDataStore:UpdateAsync': onKey(update),
    'GlobalDataStore:IncrementAsync': onKey(increment),
    'GlobalDataStore:RemoveAsync': onKey(remove),
    'DataStore:ListKeysAsync': (value, caller) => {
      const input = new CallInput(value);
      return {
        ...listKeyPage(entries, placeOf(input, caller), {
          prefix: input.text('prefix'),
          pageSize: input.number('pageSize'),
          cursor: input.text('cursor'),
          excludeDeleted: input.isTrue('excludeDeleted'),
        }),
      };
    },
  };
}

/** Saves only what was made of the version that is still the latest, and else tells that one. */
function update(target: Target, input: CallInput): JsonValue {
  const live = findLive(target);
  if ((live?.version ?? null) !== input.optionalText('version')) return { isSaved: false, entry: tell(live) };
  return { isSaved: true, entry: tell(save(target, readChange(input))) };
}

function increment(target: Target, input: CallInput): JsonValue {
  const value: JsonValue = JSON.parse(findLive(target)?.valueJson ?? '0');
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new EngineFailure('the value of the key is not a whole number, so it cannot be incremented');
  }
  const valueJson = JSON.stringify(value + input.number('delta'));
  return tell(save(target, { valueJson, userIds: input.numbers('userIds') }));
}

function remove(target: Target): JsonValue {
  const live = findLive(target);
  if (live !== null) save(target, { valueJson: null, userIds: [] });
  return tell(live);
}

function findLive({ before }: Target): StoredEntry | null {
  return before?.valueJson == null ? null : before;
}

function save({ entries, clock, place, key, before }: Target, change: Change): StoredEntry {
  const wallMs = clock.wallNow();
  const entry: StoredEntry = {
    key,
    version: nextVersion(before, wallMs),
    // A key that is written after its removal is a new one.
    createdWallMs: before?.valueJson == null ? wallMs : before.createdWallMs,
    updatedWallMs: wallMs,
    ...change,
  };
  entries.write(place, entry);
  return entry;
}

/** The time, and how many versions the key has had; the second alone tells two of one millisecond apart. */
function nextVersion(before: StoredEntry | null, wallMs: number): string {
  const count = Number.parseInt(before?.version.split('.')[1] ?? '0', 16) || 0;
  const parts = [
    Math.floor(wallMs).toString(16).padStart(12, '0'),
    (count + 1).toString(16).padStart(8, '0'),
  ];
  return parts.join('.').toUpperCase();
}

function tell(entry: StoredEntry | null): JsonValue {
  if (entry === null) return null;
  const { version, createdWallMs, updatedWallMs, userIds, valueJson } = entry;
  return { version, createdWallMs, updatedWallMs, userIds: [...userIds], valueJson };
}

function readChange(input: CallInput): Change {
  return { valueJson: input.text('valueJson'), userIds: input.numbers('userIds') };
}

function placeOf(input: CallInput, { universeId }: EngineCaller): StorePlace {
  return { universeId, store: input.text('store'), scope: input.text('scope') };
}
