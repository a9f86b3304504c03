import type { Keyring, KeyringAnswer } from '../../src/context.ts';

/** A keyring that lives as long as its test, and one that does not answer when it is given the reason why. */
export class MemoryKeyring implements Keyring {
  readonly secrets = new Map<string, string>();
  /** The accounts that were asked for, in order. */
  readonly reads: string[] = [];
  refusal: Extract<KeyringAnswer<unknown>, { ok: false }> | null;

  constructor(refusal: MemoryKeyring['refusal'] = null) {
    this.refusal = refusal;
  }

  async read(account: string): Promise<KeyringAnswer<string | null>> {
    this.reads.push(account);
    return this.refusal ?? { ok: true, value: this.secrets.get(account) ?? null };
  }

  async write(account: string, secret: string): Promise<KeyringAnswer<null>> {
    if (this.refusal) return this.refusal;
    this.secrets.set(account, secret);
    return { ok: true, value: null };
  }

  async remove(account: string): Promise<KeyringAnswer<boolean>> {
    return this.refusal ?? { ok: true, value: this.secrets.delete(account) };
  }
}

export const NO_KEYRING = { ok: false, isAbsent: true, reason: 'no Secret Service' } as const;
export const LOCKED_KEYRING = {
  ok: false,
  isAbsent: false,
  reason: 'the unlock prompt was dismissed',
} as const;
