import { type KeyInfo, readGrant } from '../../open-cloud/key-info.ts';
import { CONTROL_OPERATIONS, OPERATIONS, type Operation } from '../../open-cloud/operations.ts';
import { createOk, createProblem, createUnknown, DASHBOARD, type DoctorCheck } from './doctor-check.ts';
import type { DoctorFacts } from './doctor-facts.ts';

/** What stops and watches runs. */
const CONTROL: readonly Operation[] = CONTROL_OPERATIONS.map((name) => OPERATIONS[name]);
const UPLOADS: readonly Operation[] = [OPERATIONS.uploadPlace];
/** What only some runs need. */
export const OPTIONAL: readonly Operation[] = [...CONTROL, ...UPLOADS, OPERATIONS.publishPlace];

type Wanted = Pick<DoctorFacts, 'isControlWanted' | 'universeId'>;

/** What a run needs that is stopped or watched. Nobody else has to have it. */
export function checkControl(info: KeyInfo | null, { isControlWanted, universeId }: Wanted): DoctorCheck {
  return checkOptional(info, {
    name: 'cancel and live',
    operations: CONTROL,
    flags: '--cancellable and --live',
    isWanted: isControlWanted,
    universeId: universeId.value,
  });
}

/** What a run against a place file needs. */
export function checkUploads(info: KeyInfo | null, { universeId }: Wanted): DoctorCheck {
  return checkOptional(info, {
    name: 'place uploads',
    operations: UPLOADS,
    flags: '--place-file and --rojo',
    // No setting wants them.
    isWanted: false,
    universeId: universeId.value,
  });
}

interface OptionalScopes {
  name: string;
  operations: readonly Operation[];
  /** The options that need them. */
  flags: string;
  isWanted: boolean;
  universeId: string | null;
}

function checkOptional(
  info: KeyInfo | null,
  { name, operations, flags, isWanted, universeId }: OptionalScopes,
): DoctorCheck {
  const scopes = info?.scopes ?? null;
  if (scopes === null)
    return createUnknown(name, `whether the key has the scopes of ${flags} could not be learnt`);
  const rows = operations.map(({ title, scopes: [scope = ''] }) => {
    const { isGranted, hasUniverse } = readGrant(scopes, scope, universeId);
    const word =
      isGranted === null ? 'not known' : isGranted && hasUniverse !== false ? 'present' : 'missing';
    return { word, scope, title };
  });
  const detail = rows.map(({ word, scope, title }) => `${word}: ${scope} (${title})`).join('; ');
  const missing = rows.filter(({ word }) => word === 'missing').map(({ scope }) => scope);
  if (missing.length > 0 && isWanted) {
    return createProblem(name, {
      detail,
      hint: `add ${missing.join(', ')} to the key's access permissions at ${DASHBOARD}`,
      kind: 'auth',
    });
  }
  if (missing.length > 0)
    return createOk(name, `${detail}; only ${flags} need ${missing.length > 1 ? 'them' : 'it'}`);
  return rows.some(({ word }) => word === 'not known') ? createUnknown(name, detail) : createOk(name, detail);
}
