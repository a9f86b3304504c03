/** A value of Luau. `nil` is null, and a string is text where its bytes are UTF-8. Only tables and buffers are shared. */
export type LuauValue =
  | null
  | boolean
  | number
  | string
  | LuauBytes
  | LuauVector
  | LuauBuffer
  | LuauTable
  | LuauOpaque;

/** A string that is not text. */
export interface LuauBytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}

/** Three numbers of single precision, as doubles: a `vector`, which Roblox calls Vector3. */
export interface LuauVector {
  readonly kind: 'vector';
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface LuauBuffer {
  readonly kind: 'buffer';
  readonly bytes: Uint8Array;
}

/** The order of the entries means nothing, save that those of a list come first. */
export interface LuauTable {
  readonly kind: 'table';
  readonly entries: ReadonlyMap<LuauValue, LuauValue>;
  /** What the metatable holds is not known. */
  readonly hasMetatable: boolean;
}

/** What is known of a function, a thread, an Instance or another value that cannot be sent. */
export interface LuauOpaque {
  readonly kind: 'opaque';
  /** What `typeof` says. */
  readonly type: string;
  /** Of an Instance its class; null otherwise. */
  readonly className: string | null;
  /** A function's name, an Instance's full name, or what `tostring` says; it need not be all of the value. */
  readonly text: string | null;
}

/** How many entries lie at 1, 2, 3 … without a gap. */
export function measureList({ entries }: LuauTable): number {
  let count = 0;
  while (entries.has(count + 1)) count++;
  return count;
}
