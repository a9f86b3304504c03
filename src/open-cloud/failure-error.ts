import type { LuauExecError } from '../errors.ts';
import {
  errorOfFailure as build,
  cutWords,
  describeResumption,
  type FailureSetting,
  quoteService,
} from './error-of-failure.ts';
import type { ExchangeError } from './exchange.ts';
import { isRefusedByProxy } from './exchange-failure.ts';
import type { Failure } from './failure.ts';
import { type LostAnswer, OPERATIONS } from './operations.ts';
import { createRefusedError, createThrottledError } from './refused-error.ts';

/** The error that the user sees when an operation has given up. */
export function createFailureError(failure: Failure, setting: FailureSetting): LuauExecError {
  const { lostAnswer } = setting.operation;
  if (lostAnswer && failure.mayHaveRun) return unknownOutcome(failure, lostAnswer, setting);
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

function unknownOutcome(failure: Failure, lost: LostAnswer, setting: FailureSetting): LuauExecError {
  const said = 'refusal' in failure && !failure.refusal.isHtml ? quoteService(failure.refusal.message) : null;
  const { isRepeatAllowed } = setting;
  return build(lost.headline, failure, setting, {
    id: lost.id,
    kind: 'unknown',
    facts: [
      `last: ${failure.reason}`,
      ...(said ? [said] : []),
      isRepeatAllowed ? 'it may run more than once, as --retry-unsafe allows' : lost.fact,
    ],
    hint: isRepeatAllowed || lost.optIn === null ? lost.hint : `${lost.hint}; ${lost.optIn}`,
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
      ...describeResumption(setting),
    });
  }
  if (setting.operation.isSafeToRepeat && !isRefusedByProxy(error)) return noGoodAnswer(failure, setting);
  const resume = describeResumption(setting);
  return build(`cannot reach ${host}: ${describeObstacle(error, setting)}`, failure, setting, {
    id: 'LX501',
    kind: 'unavailable',
    facts: [
      `last: ${error.code}`,
      setting.proxy === null ? 'no proxy is set' : `proxy: ${setting.proxy}`,
      resume.hint === undefined ? 'nothing was sent' : [...resume.facts, resume.hint].join(': '),
    ],
    hint: adviseOnNetwork(error, host),
  });
}

function describeObstacle(error: ExchangeError, { proxy }: FailureSetting): string {
  // Which of the two it was is not always known: NO_PROXY may name the host.
  const [it, itsName] =
    proxy === null ? ['it', 'its name'] : ['it, or the proxy,', "its name, or the proxy's,"];
  switch (error.failure) {
    case 'dns':
      return `${itsName} cannot be resolved`;
    case 'connect':
      return `${it} refused the connection`;
    case 'timeout':
      return `${it} did not answer`;
    default:
      return error.message;
  }
}

function adviseOnNetwork(error: ExchangeError, host: string): string {
  if (error.failure !== 'proxy') return 'check the network, then run it again';
  if (error.code === 'PROXY_407')
    return 'put name and password into the URL: HTTPS_PROXY=http://NAME:PASSWORD@HOST';
  if (isRefusedByProxy(error)) return `let the proxy allow ${host}, or name it in NO_PROXY`;
  return 'check the proxy that HTTPS_PROXY or HTTP_PROXY names, then run it again';
}

function redirectError(
  failure: Extract<Failure, { kind: 'redirect' }>,
  setting: FailureSetting,
): LuauExecError {
  const hint = 'sign in to the network if it has a login page, or correct the base URL';
  if (failure.location === null) {
    const headline = `the answer is not from the API (HTTP ${failure.httpStatus}, and no address to go to)`;
    return build(headline, failure, setting, { id: 'LX520', kind: 'bad_response', hint });
  }
  const { target, isElsewhere } = readTarget(failure.location, setting.origin);
  const effect = isElsewhere ? 'the key was not sent there' : 'redirects are not followed';
  return build(`refused a redirect to ${target}; ${effect}`, failure, setting, {
    id: 'LX530',
    kind: 'bad_response',
    facts: [`HTTP ${failure.httpStatus}`],
    hint,
  });
}

function noGoodAnswer(failure: Failure, setting: FailureSetting): LuauExecError {
  const seconds = Math.max(1, Math.round(setting.elapsedMs / 1000));
  const tries = `${setting.attempts.length} ${setting.attempts.length === 1 ? 'try' : 'tries'}`;
  const resume = describeResumption(setting);
  if (failure.kind === 'bad_answer') {
    const what = failure.title === null ? failure.reason : `a web page: ${cutWords(failure.title)}`;
    return build(`the answer is not from the API (${what})`, failure, setting, {
      id: 'LX520',
      kind: 'bad_response',
      ...resume,
      facts: [tries],
    });
  }
  const { operation } = setting;
  const isUpload = operation === OPERATIONS.uploadPlace || operation === OPERATIONS.createBinaryInput;
  const what = isUpload ? `${operation.title} failed` : 'no good answer';
  return build(`${what} for ${seconds} s (last: ${failure.reason}, ${tries})`, failure, setting, {
    id: 'LX503',
    kind: 'unavailable',
    ...resume,
    ...(isUpload && { hint: 'check the network, then run it again' }),
  });
}

/** Where a redirect leads, in a word. Our own host over another protocol is elsewhere. */
function readTarget(location: string, origin: string): { target: string; isElsewhere: boolean } {
  const from = new URL(origin);
  const to = URL.canParse(location, origin) ? new URL(location, origin) : null;
  if (!to?.host) return { target: 'an address that cannot be read', isElsewhere: true };
  if (to.origin === from.origin) return { target: to.host, isElsewhere: false };
  return { target: to.host === from.host ? `${to.protocol}//${to.host}` : to.host, isElsewhere: true };
}
