/** Where entries lie: the same key of another store, scope or universe is another entry. */
export interface StorePlace {
  universeId: string;
  /** Empty for the store that has no name. */
  store: string;
  scope: string;
}

/** The latest version of a key. */
export interface StoredEntry {
  key: string;
  version: string;
  /** Milliseconds since the Unix epoch. */
  createdWallMs: number;
  updatedWallMs: number;
  userIds: readonly number[];
  /** JSON text; null once the key was removed. */
  valueJson: string | null;
}

/**
 * Keeps entries. Everything happens at once, without a promise, so that what reads and then writes within one turn of
 * the event loop cannot be disturbed. Throws `EngineFailure` for what a script should be told.
 */
export interface EntryStore {
  /** Null for a key that was never written. */
  read(place: StorePlace, key: string): StoredEntry | null;
  write(place: StorePlace, entry: StoredEntry): void;
  /** Removed keys included, in no order. */
  listKeys(place: StorePlace): string[];
}
