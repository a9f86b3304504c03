import { describe, expect, it } from 'vitest';
import { decideDoctorExitCode } from '../../src/cli/doctor/doctor-check.ts';
import { decideDoctorChecks } from '../../src/cli/doctor/doctor-checks.ts';
import type { DoctorFacts, Finding, ServiceFacts } from '../../src/cli/doctor/doctor-facts.ts';
import type { KeyInfo, KeyScope } from '../../src/open-cloud/key-info.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const DAY_MS = 86_400_000;
const WRITE = 'universe.place.luau-execution-session:write';

const scope: KeyScope = {
  name: 'universe.place.luau-execution-session',
  operations: ['read', 'write'],
  universeIds: ['11'],
};
const info: KeyInfo = {
  name: 'ci',
  authorizedUserId: '234',
  isEnabled: true,
  isExpired: false,
  expiresAtMs: null,
  scopes: [scope],
};
const refused = (status: number, words: string | null = null): Finding<never> => ({
  kind: 'refused',
  status,
  words,
});
const failed: Finding<never> = {
  kind: 'failed',
  errorKind: 'unavailable',
  headline: 'no good answer for 4 s',
  hint: null,
};
const silent = { kind: 'not_asked' } as const;
const service: ServiceFacts = {
  introspection: { kind: 'answered', value: info },
  place: refused(404),
  clockSkewMs: 400,
  windows: [],
  nowMs: 5_000,
  wallNowMs: NOW,
};
const facts: DoctorFacts = {
  tool: {
    toolVersion: '1.2.3',
    nodeVersion: '22.12.0',
    nodeRange: '>=20.19',
    config: { file: '/work/.luauexecrc', directories: [], shell: 'posix' },
  },
  machine: { proxyHost: null, extraCertificates: null, stateDirectory: '/state', stateProblem: null },
  service,
  apiKeySource: 'ROBLOX_API_KEY',
  warnings: [],
  universeId: { value: '11', source: '--universe' },
  isControlWanted: false,
  placeId: { value: '22', source: 'placeId in /work/.luauexecrc' },
  origin: { value: 'https://apis.roblox.com', source: 'default' },
  usualOrigin: 'https://apis.roblox.com',
  isLoopback: false,
};

const withService = (changes: Partial<ServiceFacts>): Partial<DoctorFacts> => ({
  service: { ...service, ...changes },
});
const withKey = (changes: Partial<KeyInfo>): Partial<DoctorFacts> =>
  withService({ introspection: { kind: 'answered', value: { ...info, ...changes } } });
const withScope = (changes: Partial<KeyScope>): Partial<DoctorFacts> =>
  withKey({ scopes: [{ ...scope, ...changes }] });
const MAP: KeyScope = { name: 'memory-store.sorted-map', operations: ['write'], universeIds: ['*'] };
const withMemoryStore = (universeIds: string[]): Partial<DoctorFacts> =>
  withKey({
    scopes: [
      scope,
      { ...MAP, universeIds },
      { name: 'memory-store.queue', operations: ['dequeue', 'discard'], universeIds },
    ],
  });
const withTool = (changes: Partial<DoctorFacts['tool']>): Partial<DoctorFacts> => ({
  tool: { ...facts.tool, ...changes },
});
const withMachine = (changes: Partial<DoctorFacts['machine']>): Partial<DoctorFacts> => ({
  machine: { ...facts.machine, ...changes },
});
const window = { title: 'reading the task', limit: 200, remaining: 0, resetAtMs: 38_000 };

type Status = 'ok' | 'warning' | 'problem' | 'not_known';
/** What one check says, in part, and the exit code of the whole. */
type Row = [name: string, changes: Partial<DoctorFacts>, status: Status, detail: string, exitCode: number];

const rows: Readonly<Record<string, readonly Row[]>> = {
  version: [
    ['this Node', {}, 'ok', 'luau-exec 1.2.3 on Node 22.12.0', 0],
    ['the oldest Node', withTool({ nodeVersion: '20.19.0' }), 'ok', 'Node 20.19.0', 0],
    ['a Node that is too old', withTool({ nodeVersion: '20.18.9' }), 'warning', 'was not made for', 0],
    ['a much older Node', withTool({ nodeVersion: '18.20.0' }), 'warning', 'was not made for', 0],
    ['a later major version', withTool({ nodeVersion: '26.0.0' }), 'ok', 'Node 26.0.0', 0],
  ],
  'config file': [
    ['one', {}, 'ok', '/work/.luauexecrc', 0],
    [
      'none',
      withTool({ config: { file: null, directories: ['/a', '/b'], shell: 'posix' } }),
      'ok',
      'none in /a, /b',
      0,
    ],
  ],
  api: [
    ['Roblox', {}, 'ok', 'https://apis.roblox.com', 0],
    [
      'an emulator',
      { origin: { value: 'http://127.0.0.1:8787', source: 'LUAU_EXEC_BASE_URL' }, isLoopback: true },
      'warning',
      'http://127.0.0.1:8787 (from LUAU_EXEC_BASE_URL): an emulator on this machine, not Roblox',
      0,
    ],
    [
      'somebody else',
      { origin: { value: 'https://example.com', source: '--base-url' } },
      'warning',
      'https://example.com (from --base-url): not Roblox, and it is sent your key',
      0,
    ],
  ],
  'api key': [
    ['set', {}, 'ok', 'from ROBLOX_API_KEY', 0],
    [
      'not set',
      { apiKeySource: null, ...withService({ introspection: silent, place: silent }) },
      'problem',
      'not set',
      4,
    ],
    [
      'exposed',
      { warnings: [{ id: 'LX013', message: 'the API key stands in x, which git tracks', hint: 'new' }] },
      'warning',
      'which git tracks',
      0,
    ],
  ],
  'universe id': [
    ['set', {}, 'ok', '11 (from --universe)', 0],
    ['not set', { universeId: { value: null, source: 'default' } }, 'problem', 'not set', 2],
  ],
  'place id': [
    ['set', {}, 'ok', '22 (from placeId in /work/.luauexecrc)', 0],
    ['not set', { placeId: { value: null, source: 'default' } }, 'problem', 'not set', 2],
  ],
  service: [
    ['reached', {}, 'ok', 'reached', 0],
    ['reached, though it refuses', withService({ place: refused(403) }), 'ok', 'reached', 4],
    [
      'not reached',
      withService({ introspection: failed, place: silent }),
      'problem',
      'no good answer for 4 s',
      7,
    ],
    ['only the introspection is unwell', withService({ introspection: failed }), 'ok', 'reached', 0],
    ['only the introspection is well', withService({ place: failed }), 'problem', 'no good answer', 7],
    [
      'a login page',
      withService({
        introspection: {
          ...failed,
          errorKind: 'bad_response',
          headline: 'refused a redirect',
          hint: 'sign in',
        },
        place: silent,
      }),
      'problem',
      'refused a redirect',
      10,
    ],
    ['not asked', withService({ introspection: silent, place: silent }), 'not_known', 'no key', 0],
  ],
  key: [
    ['enabled', {}, 'ok', 'enabled, called ci, of user 234', 0],
    ['enabled and nameless', withKey({ name: null, authorizedUserId: null }), 'ok', 'enabled', 0],
    ['disabled', withKey({ isEnabled: false }), 'problem', 'disabled, called ci', 4],
    ['not said', withKey({ isEnabled: null }), 'not_known', 'was not said', 0],
    [
      'refused by both',
      withService({ introspection: refused(401, 'Invalid API Key'), place: refused(401) }),
      'problem',
      'refused (401); Open Cloud says: Invalid API Key',
      4,
    ],
    [
      'refused by the introspection, which alone was asked',
      withService({ introspection: refused(401), place: silent }),
      'problem',
      'refused (401)',
      4,
    ],
    ['refused when reading', withService({ place: refused(401, 'no') }), 'problem', 'says: no', 4],
    [
      'refused by the introspection, yet let in',
      withService({ introspection: refused(401) }),
      'ok',
      'accepted when reading; what it is was not to be learnt: HTTP 401',
      0,
    ],
    [
      'forbidden',
      withService({ introspection: refused(403, 'IP'), place: refused(403) }),
      'problem',
      'may not be used here (403); Open Cloud says: IP',
      4,
    ],
    ['introspection gone, let in', withService({ introspection: refused(404) }), 'ok', 'HTTP 404', 0],
    [
      'introspection gone, nothing else known',
      withService({ introspection: refused(404), place: silent }),
      'not_known',
      'HTTP 404',
      0,
    ],
    ['nobody was reached', withService({ introspection: failed, place: silent }), 'not_known', 'no good', 7],
  ],
  'key expiry': [
    ['no date', {}, 'ok', 'not expired, and no date was given', 0],
    ['far away', withKey({ expiresAtMs: NOW + 15 * DAY_MS }), 'ok', 'expires on 2026-12-06T09:00:00Z', 0],
    ['14 days', withKey({ expiresAtMs: NOW + 14 * DAY_MS }), 'warning', '14 days from now', 0],
    ['one day', withKey({ expiresAtMs: NOW + 1.5 * DAY_MS }), 'warning', '1 day from now', 0],
    ['hours', withKey({ expiresAtMs: NOW + 3_600_000 }), 'warning', 'less than a day from now', 0],
    ['expired', withKey({ isExpired: true }), 'problem', 'expired; a key', 4],
    [
      'expired, with its date',
      withKey({ isExpired: true, expiresAtMs: NOW - DAY_MS }),
      'problem',
      'expired on 2026-11-20T09:00:00Z',
      4,
    ],
    ['a date that passed', withKey({ isExpired: null, expiresAtMs: NOW }), 'problem', 'expired on', 4],
    [
      'a date that passed, by a clock that is wrong',
      withKey({ isExpired: false, expiresAtMs: NOW - 1 }),
      'warning',
      'less than a day',
      0,
    ],
    ['not said', withKey({ isExpired: null }), 'not_known', 'not said', 0],
    ['not looked at', withService({ introspection: refused(404) }), 'not_known', 'could not', 0],
  ],
  'place uploads': [
    [
      'not there',
      {},
      'ok',
      'missing: universe-places:write (uploading the place); only --place-file and --rojo need it',
      0,
    ],
    [
      'there',
      withKey({ scopes: [scope, { name: 'universe-places', operations: ['write'], universeIds: ['11'] }] }),
      'ok',
      'present: universe-places:write',
      0,
    ],
    [
      'there for another experience',
      withKey({ scopes: [scope, { name: 'universe-places', operations: ['write'], universeIds: ['12'] }] }),
      'ok',
      'missing: universe-places:write',
      0,
    ],
    ['not looked at', withService({ introspection: refused(404) }), 'not_known', 'could not be learnt', 0],
  ],
  'cancel and live': [
    [
      'not there, and not wanted',
      {},
      'ok',
      'missing: memory-store.sorted-map:write (telling the run to stop); missing: memory-store.queue:dequeue (reading live log messages); missing: memory-store.queue:discard (discarding live log messages); only --cancellable and --live need them',
      0,
    ],
    [
      'not there, though a config file wants them',
      { isControlWanted: true },
      'problem',
      'missing: memory-store.sorted-map:write',
      4,
    ],
    ['there', withMemoryStore(['11']), 'ok', 'present: memory-store.queue:discard', 0],
    [
      'there for another experience',
      { isControlWanted: true, ...withMemoryStore(['12']) },
      'problem',
      'missing: memory-store.queue:discard',
      4,
    ],
    [
      'of which the operations are not said',
      withKey({ scopes: [scope, { name: 'memory-store.queue', operations: null, universeIds: ['*'] }, MAP] }),
      'not_known',
      'not known: memory-store.queue:dequeue',
      0,
    ],
    ['not looked at', withService({ introspection: refused(404) }), 'not_known', 'could not be learnt', 0],
  ],
  scopes: [
    [
      'both',
      {},
      'ok',
      `present: ${WRITE} (submitting the script, reading the task, reading the logs, preparing the binary input); present: ${WRITE.replace('write', 'read')} (reading the task, reading the logs)`,
      0,
    ],
    ['write alone', withScope({ operations: ['write'] }), 'ok', `present: ${WRITE} (submitting`, 0],
    ["the dashboard's name", withScope({ name: 'luau-execution-sessions' }), 'ok', `present: ${WRITE}`, 0],
    [
      'read alone',
      withScope({ operations: ['read'] }),
      'problem',
      `missing: ${WRITE} (submitting the script, preparing the binary input); present: ${WRITE.replace('write', 'read')} (reading the task`,
      4,
    ],
    [
      'none of ours',
      withScope({ name: 'asset' }),
      'problem',
      `missing: ${WRITE.replace('write', 'read')} or ${WRITE} (reading the task, reading the logs)`,
      4,
    ],
    ['operations not said', withScope({ operations: null }), 'not_known', `not known: ${WRITE}`, 0],
    ['not said', withKey({ scopes: null }), 'not_known', 'could not be learnt', 0],
  ],
  experience: [
    ['this one', {}, 'ok', 'for universe 11', 0],
    ['all', withScope({ universeIds: ['*'] }), 'ok', 'for universe 11', 0],
    ['another', withScope({ universeIds: ['111'] }), 'problem', 'universe 11 is not among', 4],
    [
      'reading here, writing elsewhere',
      withKey({
        scopes: [
          { ...scope, operations: ['read'] },
          { ...scope, operations: ['write'], universeIds: ['12'] },
        ],
      }),
      'problem',
      'universe 11 is not among',
      4,
    ],
    ['not said', withScope({ universeIds: null }), 'not_known', 'was not said', 0],
    ['no scope', withKey({ scopes: [] }), 'not_known', 'no scope', 4],
    ['no id', { universeId: { value: null, source: 'default' } }, 'not_known', 'no universe id', 2],
  ],
  place: [
    ['a task that does not exist', {}, 'ok', 'tasks of place 22: one that does not exist', 0],
    ['a task that does', withService({ place: { kind: 'answered', value: null } }), 'ok', 'place 22', 0],
    [
      'forbidden',
      withService({ place: refused(403, 'scope') }),
      'problem',
      '(403); Open Cloud says: scope',
      4,
    ],
    ['refused', withService({ place: refused(401) }), 'problem', 'may not be read (401)', 4],
    ['something else', withService({ place: refused(400, 'odd') }), 'not_known', 'HTTP 400; Open', 0],
    ['no answer', withService({ place: failed }), 'not_known', 'no good answer', 7],
    ['not asked', withService({ place: silent }), 'not_known', 'not asked', 0],
  ],
  'ip address': [
    ['nothing against it', {}, 'ok', 'nothing was said against it', 0],
    [
      'not accepted',
      withService({ introspection: refused(403, 'The IP address is not allowed'), place: refused(403) }),
      'problem',
      'not accepted; Open Cloud says: The IP address',
      4,
    ],
    ['not accepted when reading', withService({ place: refused(403, 'bad IP') }), 'problem', 'bad IP', 4],
    ['words about something else', withService({ place: refused(403, 'no scope') }), 'ok', 'nothing', 4],
    ['not known', withService({ introspection: refused(404, 'IP') }), 'not_known', 'could not', 0],
  ],
  proxy: [
    ['none', {}, 'ok', 'none is set', 0],
    ['one', withMachine({ proxyHost: 'proxy.example:8080' }), 'ok', 'proxy.example:8080', 0],
    [
      'one that is not used',
      { ...withMachine({ proxyHost: 'proxy.example:8080' }), isLoopback: true },
      'ok',
      'proxy.example:8080, not used for an API on this machine',
      0,
    ],
  ],
  certificates: [
    ['none', {}, 'ok', 'NODE_EXTRA_CA_CERTS is not set', 0],
    [
      'a file',
      withMachine({ extraCertificates: { file: 'ca.pem', problem: null } }),
      'ok',
      'NODE_EXTRA_CA_CERTS: ca.pem',
      0,
    ],
    [
      'a bad file',
      withMachine({ extraCertificates: { file: 'ca.pem', problem: 'cannot be read' } }),
      'warning',
      'NODE_EXTRA_CA_CERTS names ca.pem, which cannot be read',
      0,
    ],
  ],
  'state directory': [
    ['good', {}, 'ok', '/state', 0],
    ['bad', withMachine({ stateProblem: '/x may not be written' }), 'warning', '/x may not be written', 0],
  ],
  clock: [
    ['right', {}, 'ok', 'within a minute', 0],
    ['a minute', withService({ clockSkewMs: -60_000 }), 'ok', 'within a minute', 0],
    ['ahead', withService({ clockSkewMs: 60_001 }), 'warning', "1 min 00 s ahead of the service's", 0],
    ['behind', withService({ clockSkewMs: -3_600_000 }), 'warning', "60 min 00 s behind the service's", 0],
    ['not known', withService({ clockSkewMs: null }), 'not_known', 'no answer came with a date', 0],
  ],
  'rate limits': [
    ['nothing said', {}, 'not_known', 'said nothing', 0],
    [
      'some left',
      withService({ windows: [{ ...window, remaining: 7 }] }),
      'ok',
      'reading the task: 7 of 200 requests left, reset in 33.0 s',
      0,
    ],
    ['used up', withService({ windows: [window] }), 'warning', '0 of 200 requests left', 0],
    ['refused', withService({ introspection: refused(429) }), 'warning', '(429)', 0],
  ],
};

describe.each(Object.entries(rows))('%s', (check, cases) => {
  it.each(cases)('%s', (_name, changes, status, detail, exitCode) => {
    const checks = decideDoctorChecks({ ...facts, ...changes });
    const found = checks.find(({ name }) => name === check);
    expect(found?.status).toBe(status);
    expect(found?.detail).toContain(detail);
    // What is wrong comes with something to do.
    expect(found?.hint === null).toBe(status === 'ok' || status === 'not_known');
    expect(decideDoctorExitCode(checks)).toBe(exitCode);
  });
});

it('has a row for every check, and each check a name of its own', () => {
  const names = decideDoctorChecks(facts).map(({ name }) => name);
  expect([...names].sort()).toEqual(Object.keys(rows).sort());
  expect(new Set(names).size).toBe(names.length);
});

it('ends with the code that most needs somebody to look', () => {
  const changes = { ...withService({ introspection: failed, place: silent }), apiKeySource: null };
  const noIds = { universeId: { value: null, source: 'default' } };
  expect(decideDoctorExitCode(decideDoctorChecks({ ...facts, ...changes, ...noIds }))).toBe(4);
  expect(
    decideDoctorExitCode(
      decideDoctorChecks({ ...facts, ...changes, ...noIds, apiKeySource: 'ROBLOX_API_KEY' }),
    ),
  ).toBe(2);
});
