import type { ErrorKind, LuauExecError } from '../errors.ts';
import {
  errorOfFailure as build,
  describeResumption,
  type FailureSetting,
  quoteService,
} from './error-of-failure.ts';
import type { Failure } from './failure.ts';
import { OPERATIONS } from './operations.ts';
import { LONGEST_WAIT_MS } from './pacing.ts';

/** For 429: which limit, for how long, and what to do. */
export function createThrottledError(
  failure: Extract<Failure, { kind: 'throttled' }>,
  setting: FailureSetting,
): LuauExecError {
  // The kind `throttled` promises that nothing was created, which a read cannot say: its task goes on.
  const isRead = setting.operation.isSafeToRepeat && !isUpload(setting);
  const said = quoteService(failure.refusal.message);
  const resume = describeResumption(setting);
  const facts = [...(said ? [said] : []), ...(isRead ? resume.facts : ['nothing was created'])];
  const kind: ErrorKind = isRead ? 'unavailable' : 'throttled';
  const base = { kind, code: failure.refusal.code, facts };
  if (failure.resetMs !== null && failure.resetMs > LONGEST_WAIT_MS) {
    const when = new Date(setting.wallNowMs + failure.resetMs).toISOString().replace(/\.\d+Z$/, 'Z');
    return build(`a quota of this key's owner is used up until ${when}`, failure, setting, {
      ...base,
      id: 'LX429',
      hint: resume.hint ?? 'run it again after that; another key of the same owner shares the quota',
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
    facts: [...facts, ...describeReset(failure.resetMs)],
    hint: resume.hint ?? 'run it again later, or allow more time with --queue-timeout',
  });
}

function describeReset(resetMs: number | null): string[] {
  return resetMs === null ? [] : [`the limit ends in ${Math.ceil(resetMs / 1000)} s`];
}

/** For every other final 4xx. */
export function createRefusedError(
  failure: Extract<Failure, { kind: 'refused' }>,
  setting: FailureSetting,
): LuauExecError {
  const { refusal } = failure;
  const said = quoteService(refusal.message);
  const facts = said ? [said] : [];
  const base = { code: refusal.code, facts };
  switch (refusal.status) {
    case 401:
      return unauthorized(failure, setting, base);
    case 403:
      return forbidden(failure, setting, base);
    case 404:
      return notFound(failure, setting, base);
    case 409:
      return conflict(failure, setting, base);
    case 400:
    case 413:
      return build(`Open Cloud did not accept the request (${refusal.status})`, failure, setting, {
        ...base,
        id: 'LX400',
        kind: 'usage',
        ...adviseOnFile(refusal.status, setting, facts),
      });
    default:
      return build(`Open Cloud refused the request (${refusal.status})`, failure, setting, {
        ...base,
        id: 'LX400',
        kind: 'bad_response',
      });
  }
}

function unauthorized(
  failure: Failure,
  setting: FailureSetting,
  base: { code: string | null; facts: string[] },
): LuauExecError {
  const { scopes } = setting.operation;
  const needed = scopes.length > 0 ? [`needed: a key with the scope ${scopes.join(' or ')}`] : [];
  return build('the API key was refused (401)', failure, setting, {
    ...base,
    id: 'LX401',
    kind: 'auth',
    facts: [...base.facts, ...needed],
    hint: 'luau-exec doctor',
  });
}

function forbidden(
  failure: Failure,
  setting: FailureSetting,
  base: { code: string | null; facts: string[] },
): LuauExecError {
  const { scopes } = setting.operation;
  const where = setting.universeId === '' ? '' : ` in universe ${setting.universeId}`;
  const needed = [
    ...(scopes.length > 0 ? [`scope ${scopes.join(' or ')}`, "this experience in the key's list"] : []),
    'your IP address allowed',
  ];
  return build(`the key may not do this${where} (403)`, failure, setting, {
    ...base,
    id: 'LX403',
    kind: 'auth',
    facts: [...base.facts, `needed: ${needed.join(', ')}`],
    hint: 'luau-exec doctor',
  });
}

/** Only uploads of places are known to meet it; what it says of others is left to its own words. */
function conflict(
  failure: Failure,
  setting: FailureSetting,
  base: { code: string | null; facts: string[] },
): LuauExecError {
  if (!isUpload(setting)) {
    const headline = 'Open Cloud refused the request (409)';
    return build(headline, failure, setting, { ...base, id: 'LX400', kind: 'bad_response' });
  }
  const { placeId, universeId } = setting;
  return build(`Open Cloud refused the upload to place ${placeId} (409)`, failure, setting, {
    ...base,
    id: 'LX409',
    kind: 'unavailable',
    facts: [
      ...base.facts,
      'no version was made',
      'it does so while the place is open in Team Create',
      `and where place ${placeId} is not part of universe ${universeId}`,
    ],
    hint: 'close the place in every Studio, or turn Team Create off, then run it again',
  });
}

function adviseOnFile(status: number, setting: FailureSetting, facts: string[]): object {
  if (!isUpload(setting)) return {};
  if (status === 400)
    return { hint: 'save the place again in Studio, or build it again, as .rbxl or .rbxlx' };
  return {
    facts: [...facts, "Open Cloud's document names a limit of 10 MiB for the file of a place"],
    hint: 'save the place in Studio, and name its version with --place-version',
  };
}

function isUpload({ operation }: FailureSetting): boolean {
  return operation === OPERATIONS.uploadPlace || operation === OPERATIONS.publishPlace;
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
  const universe = setting.universeId === '' ? 'this' : `universe ${setting.universeId}`;
  const where = setting.placeId === '' ? universe : `place ${setting.placeId} of ${universe}`;
  return build(`${where} was not found, or the key may not see it (404)`, failure, setting, {
    ...base,
    id: 'LX404',
    kind: 'not_found',
    hint: 'compare universe, place and version with the Creator Dashboard',
  });
}
