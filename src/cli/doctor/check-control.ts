import { type KeyInfo, readGrant } from '../../open-cloud/key-info.ts';
import { CONTROL_OPERATIONS, OPERATIONS, type Operation } from '../../open-cloud/operations.ts';
import { createOk, createProblem, createUnknown, DASHBOARD, type DoctorCheck } from './doctor-check.ts';
import type { DoctorFacts } from './doctor-facts.ts';

/** What stops and watches runs. */
export const CONTROL: readonly Operation[] = CONTROL_OPERATIONS.map((name) => OPERATIONS[name]);

/** What a run needs that is stopped or watched. Nobody else has to have it. */
export function checkControl(
  info: KeyInfo | null,
  { isControlWanted, universeId }: Pick<DoctorFacts, 'isControlWanted' | 'universeId'>,
): DoctorCheck {
  const name = 'cancel and live';
  const scopes = info?.scopes ?? null;
  if (scopes === null) {
    return createUnknown(name, 'which scopes of the memory store the key has could not be learnt');
  }
  const rows = CONTROL.flatMap(({ title, scopes: [scope = ''] }) => {
    const { isGranted, hasUniverse } = readGrant(scopes, scope, universeId.value);
    const word =
      isGranted === null ? 'not known' : isGranted && hasUniverse !== false ? 'present' : 'missing';
    return [{ word, scope, title }];
  });
  const detail = rows.map(({ word, scope, title }) => `${word}: ${scope} (${title})`).join('; ');
  const missing = rows.filter(({ word }) => word === 'missing').map(({ scope }) => scope);
  if (missing.length > 0 && isControlWanted) {
    return createProblem(name, {
      detail,
      hint: `add ${missing.join(', ')} to the key's access permissions at ${DASHBOARD}`,
      kind: 'auth',
    });
  }
  if (missing.length > 0) return createOk(name, `${detail}; only --cancellable and --live need them`);
  return rows.some(({ word }) => word === 'not known') ? createUnknown(name, detail) : createOk(name, detail);
}
