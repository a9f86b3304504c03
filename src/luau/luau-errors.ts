/** The source does not compile. `message` is Luau's own: `TaskScript:2: Expected identifier ...`. */
export class LuauSyntaxError extends Error {
  override readonly name = 'LuauSyntaxError';
}

/** A call into Luau ended with an error that nothing in Luau caught. */
export class LuauRuntimeError extends Error {
  override readonly name = 'LuauRuntimeError';
}

/** The VM cannot go on and has to be thrown away. */
export class LuauFatal extends Error {
  override readonly name = 'LuauFatal';
  /** True when the VM died of having no memory left, which is the script's doing. */
  readonly isOutOfMemory: boolean;

  constructor(message: string, options: { isOutOfMemory?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.isOutOfMemory = options.isOutOfMemory ?? false;
  }
}

/** Luau's own words for it, which a script can catch as long as the VM lives. */
export const OUT_OF_MEMORY = 'not enough memory';
