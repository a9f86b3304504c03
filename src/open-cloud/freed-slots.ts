/** A slot of the ten that a place has can be used again about 10 s after its task has ended (seen live). */
const RELEASE_MS = 10_000;

/** The slots that tasks of our own have given back: they tell when a create for a full place has a chance. */
export class FreedSlots {
  readonly #freedAtMs = new Map<string, number>();

  /** To be called when a task of our own is seen finished. */
  note(placeId: string, nowMs: number): void {
    this.#freedAtMs.set(placeId, nowMs);
  }

  /** Milliseconds until the slot that was freed last can be used; 0 when there is none to wait for. */
  readWaitMs(placeId: string, nowMs: number): number {
    const freedAtMs = this.#freedAtMs.get(placeId);
    return freedAtMs === undefined ? 0 : Math.max(0, freedAtMs + RELEASE_MS - nowMs);
  }
}
