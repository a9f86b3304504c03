import { type KeyInfo, readGrant } from '../../open-cloud/key-info.ts';
import { OPERATIONS, type Operation } from '../../open-cloud/operations.ts';
import { quoteServerText } from '../../output/describe-error.ts';
import { checkControl, checkUploads, OPTIONAL } from './check-optional-scopes.ts';
import {
  createOk,
  createProblem,
  createUnknown,
  createWarning,
  DASHBOARD,
  type DoctorCheck,
} from './doctor-check.ts';
import type { DoctorFacts, Finding, ServiceFacts } from './doctor-facts.ts';

const DAY_MS = 86_400_000;
const SOON_MS = 14 * DAY_MS;
/** What every run needs. */
const SCOPED: readonly Operation[] = Object.values(OPERATIONS).filter(
  (operation) => operation.scopes.length > 0 && !OPTIONAL.includes(operation),
);

/** What the introspection and the read of the place tell of the key. Pure. */
export function decideKeyChecks(facts: DoctorFacts): DoctorCheck[] {
  const { service } = facts;
  const info = service.introspection.kind === 'answered' ? service.introspection.value : null;
  return [
    checkKey(service),
    checkExpiry(info, service.wallNowMs),
    checkScopes(info),
    checkControl(info, facts),
    checkUploads(info, facts),
    checkUniverse(info, facts.universeId.value),
    checkPlace(facts),
    checkAddress(service),
  ];
}

/** True when a read of the place was let in: no key that is refused gets as far as a 404. */
function isLetIn(place: Finding<null>): boolean {
  return place.kind === 'answered' || (place.kind === 'refused' && place.status === 404);
}

function isRefused(finding: Finding<unknown>, status: number): boolean {
  return finding.kind === 'refused' && finding.status === status;
}

function checkKey({ introspection, place }: ServiceFacts): DoctorCheck {
  if (introspection.kind === 'answered' && introspection.value.isEnabled === false) {
    return createProblem('key', {
      detail: `disabled${describeOwner(introspection.value)}`,
      hint: `switch on "Enable Key" at ${DASHBOARD}`,
      kind: 'auth',
    });
  }
  if (isRefused(place, 401) || (isRefused(introspection, 401) && !isLetIn(place))) {
    const words = readWords(isRefused(introspection, 401) ? introspection : place);
    return createProblem('key', {
      detail: `refused (401)${words}`,
      hint: `copy the key again, or make a new one, at ${DASHBOARD}; there is also said whether it was revoked or moderated`,
      kind: 'auth',
    });
  }
  if (introspection.kind === 'answered') {
    const { isEnabled } = introspection.value;
    const owner = describeOwner(introspection.value);
    return isEnabled === null
      ? createUnknown('key', `known to the service${owner}; whether it is enabled was not said`)
      : createOk('key', `enabled${owner}`);
  }
  if (isRefused(introspection, 403) && !isLetIn(place)) {
    return createProblem('key', {
      detail: `may not be used here (403)${readWords(introspection)}`,
      hint: `compare the key's IP addresses with yours at ${DASHBOARD}`,
      kind: 'auth',
    });
  }
  const reason = describeSilence(introspection);
  return isLetIn(place)
    ? createOk('key', `accepted when reading; what it is was not to be learnt: ${reason}`)
    : createUnknown('key', reason);
}

function checkExpiry(info: KeyInfo | null, wallNowMs: number): DoctorCheck {
  if (info === null) return createUnknown('key expiry', 'the key could not be looked at');
  const { isExpired, expiresAtMs } = info;
  const date = expiresAtMs === null ? '' : new Date(expiresAtMs).toISOString().replace(/\.\d+Z$/, 'Z');
  if (isExpired || (isExpired === null && expiresAtMs !== null && expiresAtMs <= wallNowMs)) {
    return createProblem('key expiry', {
      detail: `expired${date && ` on ${date}`}; a key that is not used for 60 days expires by itself`,
      hint: `give it a new date, or switch it off and on, at ${DASHBOARD}`,
      kind: 'auth',
    });
  }
  if (expiresAtMs === null) {
    return isExpired === null
      ? createUnknown('key expiry', 'not said')
      : createOk('key expiry', 'not expired, and no date was given');
  }
  const leftMs = expiresAtMs - wallNowMs;
  if (leftMs > SOON_MS) return createOk('key expiry', `expires on ${date}`);
  return createWarning('key expiry', {
    detail: `expires on ${date}, ${describeDaysLeft(leftMs)}`,
    hint: `give it a later date at ${DASHBOARD}`,
  });
}

function describeDaysLeft(leftMs: number): string {
  const days = Math.floor(leftMs / DAY_MS);
  return days < 1 ? 'less than a day from now' : `${days} ${days === 1 ? 'day' : 'days'} from now`;
}

function checkScopes(info: KeyInfo | null): DoctorCheck {
  const scopes = info?.scopes ?? null;
  if (scopes === null) return createUnknown('scopes', 'which scopes the key has could not be learnt');
  const present = new Map<string, Set<string>>();
  const missing = new Map<string, Set<string>>();
  const open = new Map<string, Set<string>>();
  for (const operation of SCOPED) {
    const grants = operation.scopes.map((scope) => ({ scope, ...readGrant(scopes, scope, null) }));
    for (const { scope, isGranted } of grants) if (isGranted) add(present, scope, operation);
    if (grants.some(({ isGranted }) => isGranted)) continue;
    const isOpen = grants.some(({ isGranted }) => isGranted === null);
    add(isOpen ? open : missing, operation.scopes.join(' or '), operation);
  }
  const detail = [
    ...describeScopes('missing', missing),
    ...describeScopes('not known', open),
    ...describeScopes('present', present),
  ].join('; ');
  if (missing.size > 0) {
    return createProblem('scopes', {
      detail,
      hint: `add ${[...missing.keys()].join(', ')} to the key's access permissions at ${DASHBOARD}`,
      kind: 'auth',
    });
  }
  return open.size > 0 ? createUnknown('scopes', detail) : createOk('scopes', detail);
}

function add(groups: Map<string, Set<string>>, scope: string, { title }: Operation): void {
  groups.set(scope, (groups.get(scope) ?? new Set()).add(title));
}

function describeScopes(word: string, groups: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...groups].map(([scope, titles]) => `${word}: ${scope} (${[...titles].join(', ')})`);
}

function checkUniverse(info: KeyInfo | null, universeId: string | null): DoctorCheck {
  if (universeId === null) return createUnknown('experience', 'no universe id is set');
  const scopes = info?.scopes ?? null;
  const grants = SCOPED.map((operation) =>
    operation.scopes
      .map((scope) => readGrant(scopes, scope, universeId))
      .filter(({ isGranted }) => isGranted),
  ).filter((granted) => granted.length > 0);
  if (grants.length === 0) return createUnknown('experience', 'no scope was found that could name it');
  if (grants.some((granted) => granted.every(({ hasUniverse }) => hasUniverse === false))) {
    return createProblem('experience', {
      detail: `universe ${universeId} is not among those that the key's scopes are for`,
      hint: `add the experience to the key at ${DASHBOARD}, or correct the universe id`,
      kind: 'auth',
    });
  }
  return grants.every((granted) => granted.some(({ hasUniverse }) => hasUniverse))
    ? createOk('experience', `the key's scopes are for universe ${universeId}`)
    : createUnknown('experience', "which experiences the key's scopes are for was not said");
}

function checkPlace({ service: { place }, placeId }: DoctorFacts): DoctorCheck {
  switch (place.kind) {
    case 'not_asked':
      return createUnknown('place', 'not asked');
    case 'failed':
      return createUnknown('place', place.headline);
    case 'answered':
      return createOk('place', `tasks of place ${placeId.value} can be read`);
  }
  const { status } = place;
  if (status === 404) {
    return createOk(
      'place',
      `nothing speaks against reading tasks of place ${placeId.value}: one that does not exist was not found (404)`,
    );
  }
  if (status === 401 || status === 403) {
    return createProblem('place', {
      detail: `tasks of place ${placeId.value} may not be read (${status})${readWords(place)}`,
      hint: `compare the key's scopes, its experiences and its IP addresses at ${DASHBOARD}`,
      kind: 'auth',
    });
  }
  return createUnknown('place', describeSilence(place));
}

/** By its page the introspection looks at the caller's address too; how it says no is not known. */
function checkAddress({ introspection, place }: ServiceFacts): DoctorCheck {
  const complaint = [introspection, place].find(
    (finding) =>
      finding.kind === 'refused' &&
      (finding.status === 401 || finding.status === 403) &&
      /\b(ip|cidr)\b|\baddress/i.test(finding.words ?? ''),
  );
  if (complaint) {
    return createProblem('ip address', {
      detail: `not accepted${readWords(complaint)}`,
      hint: `add the address of this machine, or of its proxy, to the key at ${DASHBOARD}`,
      kind: 'auth',
    });
  }
  return introspection.kind === 'answered'
    ? createOk('ip address', 'the key was looked at from this address, and nothing was said against it')
    : createUnknown('ip address', 'the key could not be looked at');
}

function describeOwner({ name, authorizedUserId }: KeyInfo): string {
  const words = [
    ...(name === null ? [] : [`called ${quoteServerText(name)}`]),
    ...(authorizedUserId === null ? [] : [`of user ${authorizedUserId}`]),
  ];
  return words.length === 0 ? '' : `, ${words.join(', ')}`;
}

function describeSilence(finding: Finding<unknown>): string {
  if (finding.kind === 'refused') return `HTTP ${finding.status}${readWords(finding)}`;
  return finding.kind === 'failed' ? finding.headline : 'not asked';
}

function readWords(finding: Finding<unknown>): string {
  if (finding.kind !== 'refused' || finding.words === null) return '';
  return `; Open Cloud says: ${quoteServerText(finding.words)}`;
}
