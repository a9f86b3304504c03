import { type Attempt, type ErrorKind, LuauExecError } from '../errors.ts';
import type { ExchangeError } from './exchange.ts';
import type { Failure } from './failure.ts';
import type { Operation } from './operations.ts';
import { LONGEST_WAIT_MS } from './pacing.ts';

/** What the wording of an error needs besides the failure itself. */
export interface FailureSetting {
  operation: Operation;
  origin: string;
  universeId: string;
  placeId: string;
  /** Null before a create was answered. */
  taskPath: string | null;
  attempts: Attempt[];
  /** True where the user allowed a create to be sent again. */
  isRepeatAllowed: boolean;
  /** Milliseconds since the first try. */
  elapsedMs: number;
  /** Milliseconds since the Unix epoch, for telling when a quota ends. */
  wallNowMs: number;
  /** The proxy in use, without its credentials; null when there is none. */
  proxy: string | null;
}

/** The error that the user sees when an operation has given up. */
export function createFailureError(failure: Failure, setting: FailureSetting): LuauExecError {
  const isCreate = !setting.operation.isSafeToRepeat;
  if (isCreate && failure.mayHaveRun) return unknownOutcome(failure, setting);
  switch (failure.kind) {
    case 'exchange':
      return exchangeError(failure.error, failure, setting);
    case 'throttled':
      return throttledError(failure, setting);
    case 'refused':
      return refusedError(failure, setting);
    case 'redirect':
      return redirectError(failure, setting);
    case 'server':
    case 'bad_answer':
      return noGoodAnswer(failure, setting);
  }
}

function build(
  message: string,
  failure: Failure,
  setting: FailureSetting,
  options: { id: string; kind: ErrorKind; hint?: string; facts?: string[]; code?: string | null },
): LuauExecError {
  const { code, ...rest } = options;
  return new LuauExecError(message, {
    ...rest,
    ...(code ? { code } : {}),
    ...(failure.httpStatus === null ? {} : { httpStatus: failure.httpStatus }),
    ...(setting.taskPath === null ? {} : { taskPath: setting.taskPath }),
    ...(failure.kind === 'exchange' ? { cause: failure.error } : {}),
    attempts: setting.attempts,
  });
}

function unknownOutcome(failure: Failure, setting: FailureSetting): LuauExecError {
  const said = 'refusal' in failure && !failure.refusal.isHtml ? quote(failure.refusal.message) : null;
  const { isRepeatAllowed } = setting;
  const look = 'look at what the script changes before you run it again';
  return build('the script was sent but no usable answer came: it may be running', failure, setting, {
    id: 'LX510',
    kind: 'unknown',
    facts: [
      `last: ${failure.reason}`,
      ...(said ? [said] : []),
      isRepeatAllowed
        ? 'it may run more than once, as --retry-unsafe allows'
        : 'it was not sent again, so that it cannot run twice',
    ],
    hint: isRepeatAllowed ? look : `${look}; --retry-unsafe sends again where running twice does no harm`,
  });
}

function exchangeError(error: ExchangeError, failure: Failure, setting: FailureSetting): LuauExecError {
  const host = new URL(setting.origin).host;
  if (error.failure === 'tls') {
    return build(`the TLS certificate of ${host} was not accepted: ${error.message}`, failure, setting, {
      id: 'LX502',
      kind: 'unavailable',
      facts: ['nothing was sent'],
      hint: 'name the authority that your network uses in NODE_EXTRA_CA_CERTS; checking cannot be turned off',
    });
  }
  if (error.failure === 'too_large') {
    return build(`the answer is too large: ${error.message}`, failure, setting, {
      id: 'LX520',
      kind: 'bad_response',
    });
  }
  if (setting.operation.isSafeToRepeat) return noGoodAnswer(failure, setting);
  const why = {
    dns: 'its name cannot be resolved',
    connect: 'it refused the connection',
    timeout: 'it did not answer',
  };
  const words = error.failure in why ? why[error.failure as keyof typeof why] : error.message;
  return build(`cannot reach ${host}: ${words}`, failure, setting, {
    id: 'LX501',
    kind: 'unavailable',
    facts: [
      `last: ${error.code}`,
      setting.proxy === null ? 'no proxy is set' : `proxy: ${setting.proxy}`,
      'nothing was sent',
    ],
    hint: 'check the network, then run it again',
  });
}

function throttledError(
  failure: Extract<Failure, { kind: 'throttled' }>,
  setting: FailureSetting,
): LuauExecError {
  // The kind `throttled` promises that nothing was created, which a read cannot say: its task goes on.
  const isRead = setting.operation.isSafeToRepeat;
  const said = quote(failure.refusal.message);
  const facts = [...(said ? [said] : []), isRead ? 'the task goes on' : 'nothing was created'];
  const kind: ErrorKind = isRead ? 'unavailable' : 'throttled';
  const base = { kind, code: failure.refusal.code, facts };
  if (failure.resetMs !== null && failure.resetMs > LONGEST_WAIT_MS) {
    const when = new Date(setting.wallNowMs + failure.resetMs).toISOString().replace(/\.\d+Z$/, 'Z');
    return build(`a quota of this key's owner is used up until ${when}`, failure, setting, {
      ...base,
      id: 'LX429',
      hint:
        setting.taskPath === null
          ? 'run it again after that; another key of the same owner shares the quota'
          : `luau-exec wait ${setting.taskPath}`,
    });
  }
  const after = `${Math.round(setting.elapsedMs / 1000)} s`;
  if (failure.isPlaceFull) {
    return build(
      `place ${setting.placeId} still has ten unfinished tasks; gave up after ${after}`,
      failure,
      setting,
      {
        ...base,
        id: 'LX430',
        hint: 'wait for some of them to finish, or allow more time with --queue-timeout',
      },
    );
  }
  return build(`rate limit of this key's owner; gave up after ${after}`, failure, setting, {
    ...base,
    id: 'LX429',
    hint:
      setting.taskPath === null
        ? 'run it again later, or allow more time with --queue-timeout'
        : `luau-exec wait ${setting.taskPath}`,
  });
}

function refusedError(
  failure: Extract<Failure, { kind: 'refused' }>,
  setting: FailureSetting,
): LuauExecError {
  const { refusal } = failure;
  const said = quote(refusal.message);
  const facts = said ? [said] : [];
  const base = { code: refusal.code, facts };
  const scope = setting.operation.scopes.join(' or ');
  switch (refusal.status) {
    case 401:
      return build('the API key was refused (401)', failure, setting, {
        ...base,
        id: 'LX401',
        kind: 'auth',
        hint: 'check in the Creator Dashboard that the key exists, is enabled and has not expired',
      });
    case 403:
      return build(`the key may not do this in universe ${setting.universeId} (403)`, failure, setting, {
        ...base,
        id: 'LX403',
        kind: 'auth',
        facts: [
          ...facts,
          `needed: scope ${scope}, this experience in the key's list, and your IP address allowed`,
        ],
        hint: 'open the key in the Creator Dashboard and compare these three',
      });
    case 404:
      return notFound(failure, setting, base);
    case 400:
      return build('Open Cloud did not accept the request (400)', failure, setting, {
        ...base,
        id: 'LX400',
        kind: 'usage',
      });
    default:
      return build(`Open Cloud refused the request (${refusal.status})`, failure, setting, {
        ...base,
        id: 'LX400',
        kind: 'bad_response',
      });
  }
}

function notFound(
  failure: Failure,
  setting: FailureSetting,
  base: { code: string | null; facts: string[] },
): LuauExecError {
  if (setting.taskPath !== null) {
    return build('there is no such task, or the key may not see it (404)', failure, setting, {
      ...base,
      id: 'LX404',
      kind: 'not_found',
      hint: 'tasks are kept for 24 h after they finished; check the path',
    });
  }
  const where = `place ${setting.placeId} of universe ${setting.universeId}`;
  return build(`${where} was not found, or the key may not see it (404)`, failure, setting, {
    ...base,
    id: 'LX404',
    kind: 'not_found',
    hint: 'compare universe, place and version with the Creator Dashboard',
  });
}

function redirectError(
  failure: Extract<Failure, { kind: 'redirect' }>,
  setting: FailureSetting,
): LuauExecError {
  const target = readHost(failure.location, setting.origin);
  return build(`refused a redirect to ${target}; the key was not sent there`, failure, setting, {
    id: 'LX530',
    kind: 'bad_response',
    facts: [`HTTP ${failure.httpStatus}`],
    hint: 'sign in to the network if it has a login page, or correct the base URL',
  });
}

function noGoodAnswer(failure: Failure, setting: FailureSetting): LuauExecError {
  const seconds = Math.max(1, Math.round(setting.elapsedMs / 1000));
  const tries = `${setting.attempts.length} ${setting.attempts.length === 1 ? 'try' : 'tries'}`;
  const resume = setting.taskPath === null ? {} : { hint: `luau-exec wait ${setting.taskPath}` };
  if (failure.kind === 'bad_answer') {
    const what = failure.title === null ? failure.reason : `a web page: ${cut(failure.title)}`;
    return build(`the answer is not from the API (${what})`, failure, setting, {
      id: 'LX520',
      kind: 'bad_response',
      facts: [tries],
      ...resume,
    });
  }
  return build(`no good answer for ${seconds} s (last: ${failure.reason}, ${tries})`, failure, setting, {
    id: 'LX503',
    kind: 'unavailable',
    facts: setting.taskPath === null ? [] : ['the task goes on'],
    ...resume,
  });
}

/** The service's own words, short enough to read; renderers make them safe for a terminal. */
function quote(text: string | null): string | null {
  if (text === null) return null;
  return `Open Cloud says: ${cut(text)}`;
}

function cut(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

function readHost(location: string | null, origin: string): string {
  if (location === null) return 'nowhere';
  try {
    return new URL(location, origin).host;
  } catch {
    return 'an address that cannot be read';
  }
}
