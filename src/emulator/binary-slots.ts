import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { createV2Refusal } from './api-answers.ts';

/** A binary input: room for `sizeBytes` bytes that tasks of one universe may read. */
export interface InputSlot {
  /** Resource path, as a create names it. */
  path: string;
  universeId: string;
  sizeBytes: number;
  uploadUri: string;
  /** Null until they were uploaded. */
  bytes: Uint8Array | null;
}

interface Timed<Value> {
  value: Value;
  /** The secret part of the URI. */
  signature: string;
  /** On the monotonic clock. */
  expiresAtMs: number;
}

const VALID_MS = 15 * 60 * 1000;

/** Binary inputs and outputs, each reachable for 15 minutes by a URI of the emulator's own that needs no key. */
export class BinarySlots {
  readonly #clock: Clock;
  readonly #baseUrl: string;
  readonly #inputs = new Map<string, Timed<InputSlot>>();
  readonly #outputs = new Map<string, Timed<Uint8Array>>();

  constructor(clock: Clock, baseUrl: string) {
    this.#clock = clock;
    this.#baseUrl = baseUrl;
  }

  createInput(universeId: string, sizeBytes: number): InputSlot {
    const id = randomUUID();
    const signature = randomUUID();
    const slot: InputSlot = {
      path: `universes/${universeId}/luau-execution-session-task-binary-inputs/${id}`,
      universeId,
      sizeBytes,
      uploadUri: `${this.#baseUrl}/emulator/binary-inputs/${id}?signature=${signature}`,
      bytes: null,
    };
    this.#add(this.#inputs, id, { value: slot, signature });
    return slot;
  }

  /** The slot that an upload URI stands for. Refuses (403) a URI that is wrong or too old. */
  findUpload(id: string, signature: string | null): InputSlot {
    return this.#open(this.#inputs, id, signature);
  }

  /** The bytes of an input that a create of this universe names. Refuses (400) one that cannot be used. */
  readInput(path: string, universeId: string): Uint8Array {
    this.#forgetExpired();
    for (const { value: slot } of this.#inputs.values()) {
      if (slot.path !== path || slot.universeId !== universeId) continue;
      if (slot.bytes) return slot.bytes;
      throw createV2Refusal('INVALID_ARGUMENT', 'binaryInput names an input that was not uploaded yet.');
    }
    throw createV2Refusal(
      'INVALID_ARGUMENT',
      'binaryInput names no input of this universe, or it has expired.',
    );
  }

  /** Keeps a task's output and returns the URI to read it from. */
  createOutput(bytes: Uint8Array): string {
    const id = randomUUID();
    const signature = randomUUID();
    this.#add(this.#outputs, id, { value: bytes, signature });
    return `${this.#baseUrl}/emulator/binary-outputs/${id}?signature=${signature}`;
  }

  /** The bytes behind an output URI. Refuses (403) a URI that is wrong or too old. */
  readOutput(id: string, signature: string | null): Uint8Array {
    return this.#open(this.#outputs, id, signature);
  }

  #add<Value>(slots: Map<string, Timed<Value>>, id: string, slot: Omit<Timed<Value>, 'expiresAtMs'>): void {
    this.#forgetExpired();
    slots.set(id, { ...slot, expiresAtMs: this.#clock.now() + VALID_MS });
  }

  #open<Value>(slots: Map<string, Timed<Value>>, id: string, signature: string | null): Value {
    this.#forgetExpired();
    const slot = slots.get(id);
    if (slot && slot.signature === signature) return slot.value;
    throw createV2Refusal('PERMISSION_DENIED', 'This URI is not valid, or no longer.');
  }

  #forgetExpired(): void {
    for (const slots of [this.#inputs, this.#outputs]) {
      for (const [id, { expiresAtMs }] of slots) {
        if (expiresAtMs <= this.#clock.now()) slots.delete(id);
      }
    }
  }
}
