import { describeSetVariables, type Shell } from '../../config/set-variable.ts';
import { formatDuration } from '../../output/format-duration.ts';
import { createOk, createProblem, createUnknown, createWarning, type DoctorCheck } from './doctor-check.ts';
import type { DoctorFacts, MachineFacts, ServiceFacts, ToolFacts } from './doctor-facts.ts';
import { decideKeyChecks } from './key-checks.ts';

const LARGEST_SKEW_MS = 60_000;

/** Every check for an API that is reached by URL, in the order in which they are shown. Pure. */
export function decideDoctorChecks(facts: DoctorFacts): DoctorCheck[] {
  const { shell } = facts.tool.config;
  return [
    ...decideToolChecks(facts.tool),
    checkApi(facts),
    checkKeySource(facts),
    checkId('universe id', {
      ...facts.universeId,
      variable: 'ROBLOX_UNIVERSE_ID',
      flag: '--universe',
      shell,
    }),
    checkId('place id', { ...facts.placeId, variable: 'ROBLOX_PLACE_ID', flag: '--place', shell }),
    checkService(facts.service),
    ...decideKeyChecks(facts),
    ...decideMachineChecks(facts.machine, facts.isLoopback ? 'loopback' : 'remote'),
    checkClock(facts.service),
    checkRates(facts.service),
  ];
}

/** The checks that also a local run is subject to. */
export function decideToolChecks({ toolVersion, nodeVersion, nodeRange, config }: ToolFacts): DoctorCheck[] {
  const versions = `luau-exec ${toolVersion} on Node ${nodeVersion}`;
  return [
    isNodeInRange(nodeVersion, nodeRange)
      ? createOk('version', versions)
      : createWarning('version', {
          detail: `${versions}, which it was not made for`,
          hint: `install Node ${nodeRange.replace('>=', '')} or later`,
        }),
    config.file === null
      ? createOk('config file', `none in ${config.directories.join(', ') || 'any place'}`)
      : createOk('config file', config.file),
  ];
}

/** Reads `>=20.19` alone, which is how package.json says it; other forms let every version pass. */
function isNodeInRange(version: string, range: string): boolean {
  const [, lowestMajor, lowestMinor = '0'] = /^>=(\d+)(?:\.(\d+))?$/.exec(range) ?? [];
  const [major, minor] = version.split('.').map(Number);
  if (lowestMajor === undefined || major === undefined || minor === undefined) return true;
  return major > Number(lowestMajor) || (major === Number(lowestMajor) && minor >= Number(lowestMinor));
}

function checkApi({ origin, usualOrigin, isLoopback }: DoctorFacts): DoctorCheck {
  if (origin.value === usualOrigin) return createOk('api', origin.value);
  const what = isLoopback ? 'an emulator on this machine, not Roblox' : 'not Roblox, and it is sent your key';
  return createWarning('api', {
    detail: `${origin.value} (from ${origin.source}): ${what}`,
    hint: 'to talk to Roblox, leave out --base-url and unset LUAU_EXEC_BASE_URL',
  });
}

function checkKeySource({ apiKeySource, warnings, tool }: DoctorFacts): DoctorCheck {
  if (apiKeySource === null) {
    return createProblem('api key', {
      detail: 'not set',
      hint: `${describeSetVariables(['ROBLOX_API_KEY'], tool.config.shell)} or luau-exec auth set; to run without one: --local`,
      kind: 'auth',
    });
  }
  const [warning] = warnings;
  if (warning) return createWarning('api key', { detail: warning.message, hint: warning.hint });
  return createOk('api key', `from ${apiKeySource}`);
}

function checkId(
  name: string,
  setting: { value: string | null; source: string; variable: string; flag: string; shell: Shell },
): DoctorCheck {
  const { value, source, variable, flag, shell } = setting;
  if (value !== null) return createOk(name, `${value} (from ${source})`);
  return createProblem(name, {
    detail: 'not set, and every run needs it',
    hint: `${describeSetVariables([variable], shell)}, or ${flag} ID`,
    kind: 'usage',
  });
}

/** The Luau Execution API is what counts; the introspection alone may have troubles of its own. */
function checkService({ introspection, place }: ServiceFacts): DoctorCheck {
  const decisive = place.kind === 'not_asked' ? introspection : place;
  switch (decisive.kind) {
    case 'not_asked':
      return createUnknown('service', 'not asked, as there is no key');
    case 'failed':
      return createProblem('service', {
        detail: decisive.headline,
        hint: decisive.hint ?? 'check network and proxy, then run luau-exec doctor again',
        kind: decisive.errorKind,
      });
    default:
      return createOk('service', 'reached, and it answers as the API does');
  }
}

function decideMachineChecks(machine: MachineFacts, reach: 'loopback' | 'remote'): DoctorCheck[] {
  const { proxyHost, extraCertificates, stateDirectory, stateProblem } = machine;
  const unused = reach === 'loopback' ? ', not used for an API on this machine' : '';
  return [
    createOk('proxy', proxyHost === null ? 'none is set' : `${proxyHost}${unused}`),
    extraCertificates?.problem
      ? createWarning('certificates', {
          detail: `NODE_EXTRA_CA_CERTS names ${extraCertificates.file}, which ${extraCertificates.problem}`,
          hint: 'correct or unset NODE_EXTRA_CA_CERTS: Node goes on without such a file',
        })
      : createOk(
          'certificates',
          extraCertificates === null
            ? 'those of Node; NODE_EXTRA_CA_CERTS is not set'
            : `those of Node, and NODE_EXTRA_CA_CERTS: ${extraCertificates.file}`,
        ),
    stateProblem === null
      ? createOk('state directory', stateDirectory ?? '')
      : createWarning('state directory', {
          detail: `tasks will not be found by @last: ${stateProblem}`,
          hint: 'name a directory that you may write in LUAU_EXEC_STATE_DIR',
        }),
  ];
}

function checkClock({ clockSkewMs }: ServiceFacts): DoctorCheck {
  if (clockSkewMs === null) return createUnknown('clock', 'no answer came with a date to compare it with');
  const size = Math.abs(clockSkewMs);
  if (size <= LARGEST_SKEW_MS) return createOk('clock', "within a minute of the service's");
  const side = clockSkewMs > 0 ? 'ahead of' : 'behind';
  return createWarning('clock', {
    detail: `this machine's clock is ${formatDuration(size)} ${side} the service's`,
    hint: 'set the clock, or let the system keep it in step',
  });
}

function checkRates({ introspection, place, windows, nowMs }: ServiceFacts): DoctorCheck {
  const isHeldBack = [introspection, place].some(
    (finding) => finding.kind === 'refused' && finding.status === 429,
  );
  const detail = windows
    .map(({ title, remaining, limit, resetAtMs }) => {
      const reset = formatDuration(Math.max(0, resetAtMs - nowMs));
      return `${title}: ${remaining} of ${limit} requests left, reset in ${reset}`;
    })
    .join('; ');
  if (isHeldBack || windows.some(({ remaining }) => remaining === 0)) {
    return createWarning('rate limits', {
      detail: detail || 'the service refused a request for its limits (429)',
      hint: "wait, and see what else uses a key of this key's owner: they share the limits",
    });
  }
  if (windows.length > 0) return createOk('rate limits', detail);
  return createUnknown('rate limits', 'the answers said nothing of them');
}
