/** Which names are local where. Scopes are pushed and popped as blocks begin and end. */
export class NameScopes {
  /** For each name, how many of its declarations are in force. */
  readonly #counts = new Map<string, number>();
  readonly #scopes: string[][] = [[]];
  /** How many functions are around the present place. */
  functionDepth = 0;
  /** How many of them are type functions, or in one: their globals are not those of the script. */
  typeFunctionDepth = 0;

  push(): void {
    this.#scopes.push([]);
  }

  pop(): void {
    for (const name of this.#scopes.pop() ?? []) this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
  }

  declare(name: string): void {
    this.#scopes.at(-1)?.push(name);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  isLocal(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  /** True where no block is around: what is declared here is seen to the end of the source. */
  get isTopLevel(): boolean {
    return this.#scopes.length === 1;
  }
}
