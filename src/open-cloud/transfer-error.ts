import { type Attempt, type ErrorKind, LuauExecError } from '../errors.ts';
import { quoteService } from './error-of-failure.ts';
import type { Failure } from './failure.ts';
import type { Operation } from './operations.ts';

export interface TransferSetting {
  operation: Operation;
  attempts: Attempt[];
  /** Milliseconds since the first try. */
  elapsedMs: number;
}

/** The error that the user sees when a transfer has given up. No URI is in it: they are secrets while they are valid. */
export function createTransferError(failure: Failure, setting: TransferSetting): LuauExecError {
  const { title } = setting.operation;
  switch (failure.kind) {
    case 'redirect':
      return build(`refused a redirect to ${readHost(failure.location)} while ${title}`, failure, setting, {
        id: 'LX530',
        kind: 'bad_response',
        facts: [`HTTP ${failure.httpStatus}`, 'nothing was sent there'],
        hint: 'sign in to the network if it has a login page',
      });
    case 'refused':
      return build(`${title} was refused (${failure.httpStatus})`, failure, setting, {
        id: 'LX540',
        kind: 'unavailable',
        facts: [
          ...(quoteRefusal(failure) ?? []),
          'the address of binary data is valid for 15 minutes, and this one may be older',
        ],
      });
    case 'exchange':
      if (failure.error.failure === 'tls') {
        const headline = `the TLS certificate was not accepted while ${title}: ${failure.error.message}`;
        return build(headline, failure, setting, {
          id: 'LX502',
          kind: 'unavailable',
          facts: ['nothing was sent'],
          hint: 'name the authority that your network uses in NODE_EXTRA_CA_CERTS; checking cannot be turned off',
        });
      }
      if (failure.error.failure === 'too_large') {
        const headline = `the answer is too large: ${failure.error.message}`;
        return build(headline, failure, setting, { id: 'LX520', kind: 'bad_response', facts: [] });
      }
  }
  return gaveUp(failure, setting);
}

function gaveUp(failure: Failure, setting: TransferSetting): LuauExecError {
  const { operation, attempts, elapsedMs } = setting;
  const seconds = Math.max(1, Math.round(elapsedMs / 1000));
  const tries = `${attempts.length} ${attempts.length === 1 ? 'try' : 'tries'}`;
  const headline = `${operation.title} failed for ${seconds} s (last: ${failure.reason}, ${tries})`;
  return build(headline, failure, setting, {
    id: 'LX540',
    kind: 'unavailable',
    facts: quoteRefusal(failure) ?? [],
    hint: 'check the network, then run it again',
  });
}

function build(
  message: string,
  failure: Failure,
  { attempts }: TransferSetting,
  options: { id: string; kind: ErrorKind; facts: string[]; hint?: string },
): LuauExecError {
  return new LuauExecError(message, {
    ...options,
    ...(failure.httpStatus === null ? {} : { httpStatus: failure.httpStatus }),
    ...(failure.kind === 'exchange' ? { cause: failure.error } : {}),
    attempts,
  });
}

function quoteRefusal(failure: Failure): string[] | null {
  if (!('refusal' in failure) || failure.refusal.isHtml) return null;
  const { message } = failure.refusal;
  const said = quoteService(message === null ? null : readStoreWords(message));
  return said === null ? null : [said];
}

/**
 * What a store says for people: of XML its `Message`, or else nothing. Stores repeat the address that was asked for, with
 * the query that makes it a secret.
 */
function readStoreWords(text: string): string | null {
  const words = text.startsWith('<') ? (/<Message>([^<]*)</.exec(text)?.[1] ?? null) : text;
  return words?.replaceAll(/\?\S+/g, '?…').replaceAll(/[\w-]+=[^\s&]+/g, '…') ?? null;
}

function readHost(location: string | null): string {
  const isWhole = location !== null && URL.canParse(location);
  return (isWhole && new URL(location).host) || 'another address';
}
