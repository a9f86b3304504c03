/** Why a path leads to no module, in words. */
export class RequireProblem extends Error {
  override readonly name = 'RequireProblem';
  readonly facts: readonly string[];
  readonly hint: string;

  constructor(message: string, { facts = [], hint }: { facts?: readonly string[]; hint: string }) {
    super(message);
    this.facts = facts;
    this.hint = hint;
  }
}
