/**
 * A signal of one call's own that aborts with the caller's. Node warns on stderr when more than ten listeners share a
 * signal, which any number of calls under way at once would do.
 */
export function createCallSignal(signal: AbortSignal | undefined): AbortSignal {
  return AbortSignal.any(signal ? [signal] : []);
}
