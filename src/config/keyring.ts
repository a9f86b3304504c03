import type { AsyncEntry } from '@napi-rs/keyring';
import type { Keyring, KeyringAnswer } from '../context.ts';
import { messageOf } from '../errors.ts';
import { raceAbort } from '../race-abort.ts';

const SERVICE = 'luau-exec';
const LONGEST_REASON = 200;

/**
 * The keyring of macOS, Windows, or a Linux desktop (Secret Service). The package is optional and native, so it is
 * loaded by the first question, which takes some 15 ms; where it is missing every answer says so. When `signal` aborts,
 * the wait for an answer, which can be for a password typed into a dialogue, ends with its reason.
 */
export function createKeyring({ signal }: { signal: AbortSignal }): Keyring {
  const ask = async <Value>(
    account: string,
    question: (entry: AsyncEntry) => Promise<Value>,
  ): Promise<KeyringAnswer<Value>> => {
    const opened = await openEntry(account);
    if (!opened.ok) return opened;
    try {
      return { ok: true, value: await raceAbort(question(opened.value), signal) };
    } catch (error) {
      signal.throwIfAborted();
      return { ok: false, isAbsent: false, reason: describeReason(error) };
    }
  };
  return {
    read: (account) =>
      ask(account, async (entry) => {
        const bytes = await entry.getSecret();
        return bytes === null ? null : Buffer.from(bytes).toString('utf8');
      }),
    write: (account, secret) =>
      ask(account, async (entry) => {
        // As bytes: as text, Windows would take two for each character, and it takes 2,560 in all.
        await entry.setSecret(Buffer.from(secret, 'utf8'));
        return null;
      }),
    remove: (account) => ask(account, (entry) => entry.deleteCredential()),
  };
}

async function openEntry(account: string): Promise<KeyringAnswer<AsyncEntry>> {
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    // Left to itself, the package falls back to the Linux kernel's keyring, which forgets everything when the machine restarts.
    return { ok: true, value: new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } }) };
  } catch (error) {
    const isMissing =
      error instanceof Error && 'code' in error && /MODULE_NOT_FOUND$/.test(String(error.code));
    const reason = isMissing ? 'the package @napi-rs/keyring is not installed' : describeReason(error);
    return { ok: false, isAbsent: true, reason };
  }
}

function describeReason(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n');
  return line.slice(0, LONGEST_REASON);
}
