import type { EntryStore, StoredEntry, StorePlace } from './entry-store.ts';

/** Entries that are gone with the emulator. */
export class EntriesInMemory implements EntryStore {
  readonly #scopes = new Map<string, Map<string, StoredEntry>>();

  read(place: StorePlace, key: string): StoredEntry | null {
    return this.#scopes.get(nameOf(place))?.get(key) ?? null;
  }

  write(place: StorePlace, entry: StoredEntry): void {
    const entries = this.#scopes.get(nameOf(place)) ?? new Map<string, StoredEntry>();
    this.#scopes.set(nameOf(place), entries.set(entry.key, entry));
  }

  listKeys(place: StorePlace): string[] {
    return [...(this.#scopes.get(nameOf(place))?.keys() ?? [])];
  }
}

function nameOf({ universeId, store, scope }: StorePlace): string {
  return JSON.stringify([universeId, store, scope]);
}
