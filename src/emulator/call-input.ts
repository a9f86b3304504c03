import type { JsonValue } from '../open-cloud/task.ts';

/**
 * What the prelude tells an engine method. The prelude has checked the types, so a field of another one is a slip of
 * ours and throws a plain error. Numbers that JSON has no word for come as null.
 */
export class CallInput {
  readonly #fields: { readonly [name: string]: JsonValue };

  constructor(input: JsonValue) {
    this.#fields = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
  }

  text(name: string): string {
    const value = this.#fields[name];
    return typeof value === 'string' ? value : this.#refuse(name);
  }

  optionalText(name: string): string | null {
    return this.#fields[name] === undefined ? null : this.text(name);
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? this.#refuse(name);
  }

  optionalNumber(name: string): number | null {
    const value = this.#fields[name] ?? null;
    return typeof value === 'number' || value === null ? value : this.#refuse(name);
  }

  numbers(name: string): number[] {
    const value = this.#fields[name];
    if (!Array.isArray(value)) return this.#refuse(name);
    return value.filter((item) => typeof item === 'number');
  }

  isTrue(name: string): boolean {
    return this.#fields[name] === true;
  }

  value(name: string): JsonValue {
    return this.#fields[name] ?? null;
  }

  /** Null where there is none. */
  object(name: string): CallInput | null {
    return this.#fields[name] === undefined ? null : new CallInput(this.value(name));
  }

  #refuse(name: string): never {
    throw new Error(`the prelude sent no ${name} of the right type`);
  }
}
