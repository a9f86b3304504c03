import type { LuauExecError } from '../errors.ts';
import { errorOfFailure as build, cutWords, type FailureSetting, quoteService } from './error-of-failure.ts';
import type { ExchangeError } from './exchange.ts';
import type { Failure } from './failure.ts';
import { createRefusedError, createThrottledError } from './refused-error.ts';

/** The error that the user sees when an operation has given up. */
export function createFailureError(failure: Failure, setting: FailureSetting): LuauExecError {
  const isCreate = !setting.operation.isSafeToRepeat;
  if (isCreate && failure.mayHaveRun) return unknownOutcome(failure, setting);
  switch (failure.kind) {
    case 'exchange':
      return exchangeError(failure.error, failure, setting);
    case 'throttled':
      return createThrottledError(failure, setting);
    case 'refused':
      return createRefusedError(failure, setting);
    case 'redirect':
      return redirectError(failure, setting);
    case 'server':
    case 'bad_answer':
      return noGoodAnswer(failure, setting);
  }
}

function unknownOutcome(failure: Failure, setting: FailureSetting): LuauExecError {
  const said = 'refusal' in failure && !failure.refusal.isHtml ? quoteService(failure.refusal.message) : null;
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
    const what = failure.title === null ? failure.reason : `a web page: ${cutWords(failure.title)}`;
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

function readHost(location: string | null, origin: string): string {
  if (location === null) return 'nowhere';
  try {
    return new URL(location, origin).host;
  } catch {
    return 'an address that cannot be read';
  }
}
