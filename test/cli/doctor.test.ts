import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../src/open-cloud/exchange.ts';
import { ExchangeError } from '../../src/open-cloud/exchange.ts';
import { VERSION } from '../../src/version.ts';
import {
  API_KEY,
  type CliResult,
  type CliSession,
  type CliSessionOptions,
  useCliSessions,
} from '../helpers/cli-session.ts';

const open = useCliSessions();
const INTROSPECT = 'POST /api-keys/v1/introspect';
const NIL = '00000000-0000-0000-0000-000000000000';
const READ = `GET /cloud/v2/universes/11/places/22/versions/1/luau-execution-sessions/${NIL}/tasks/${NIL}`;

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

/** Answers introspections in place of the emulator. */
function introspecting(reply: (request: HttpRequest) => HttpResponse): Pick<CliSessionOptions, 'intercept'> {
  return {
    intercept: async (request, next) =>
      request.url.pathname === '/api-keys/v1/introspect' ? reply(request) : next(request),
  };
}

const GOOD = {
  name: 'ci',
  authorizedUserId: 234,
  scopes: [
    {
      name: 'universe.place.luau-execution-session',
      operations: ['read', 'write'],
      universeIds: ['11'],
    },
  ],
  enabled: true,
  expired: false,
};

interface Row {
  name: string;
  options?: CliSessionOptions;
  argv?: string[];
  exitCode: number;
  /** `status  name  detail`, in part. */
  lines: RegExp[];
  requests: string[];
}

const rows: Row[] = [
  {
    name: 'all good',
    exitCode: 0,
    lines: [
      /^warning +api +http:\/\/127\.0\.0\.1:\d+ \(from LUAU_EXEC_BASE_URL\): an emulator/m,
      /^ok +api key +from ROBLOX_API_KEY$/m,
      /^ok +universe id +11 \(from ROBLOX_UNIVERSE_ID\)$/m,
      /^ok +key +enabled, called luau-exec emulator, of user 1$/m,
      /^ok +key expiry /m,
      /^ok +scopes +present: universe\.place\.luau-execution-session:write \(submitting the script, /m,
      /^ok +experience /m,
      /^ok +place /m,
      /^ok +ip address /m,
      /^ok +clock +within a minute/m,
      /^ok +state directory +\S+\.state$/m,
    ],
    requests: [INTROSPECT, READ],
  },
  {
    name: 'no key',
    options: { env: { ROBLOX_API_KEY: undefined } },
    exitCode: 4,
    lines: [/^problem +api key +not set\n +hint: .*ROBLOX_API_KEY=…/m, /^not known +service +not asked/m],
    requests: [],
  },
  {
    name: 'no ids',
    options: { env: { ROBLOX_UNIVERSE_ID: undefined, ROBLOX_PLACE_ID: undefined } },
    exitCode: 2,
    lines: [/^problem +universe id +not set/m, /^problem +place id +not set/m, /^ok +key +enabled/m],
    requests: [INTROSPECT],
  },
  {
    name: 'ids from flags, and a version',
    options: { env: { ROBLOX_UNIVERSE_ID: undefined, LUAU_EXEC_PLACE_VERSION: '7' } },
    argv: ['-u', '5', '--place', '6'],
    exitCode: 0,
    lines: [/^ok +universe id +5 \(from --universe\)$/m, /^ok +place id +6 \(from --place\)$/m],
    requests: [INTROSPECT, READ.replace('11', '5').replace('22', '6').replace('versions/1', 'versions/7')],
  },
  {
    name: 'a key that is refused',
    options: { env: { ROBLOX_API_KEY: 'another-key-000' } },
    exitCode: 4,
    lines: [
      /^problem +key +refused \(401\); Open Cloud says: Invalid API Key\n +hint: /m,
      /^problem +place +tasks of place 22 may not be read \(401\)/m,
    ],
    requests: [INTROSPECT, READ],
  },
  {
    name: 'a key without the scope',
    options: {
      intercept: async (request, next) => {
        if (request.method === 'POST')
          return answer(200, { ...GOOD, scopes: [{ name: 'asset', operations: ['write'] }] });
        return request.method === 'GET'
          ? answer(403, { code: 'PERMISSION_DENIED', message: 'Missing scope', details: [] })
          : next(request);
      },
    },
    exitCode: 4,
    lines: [
      /^problem +scopes +missing: universe\.place\.luau-execution-session:write \(submitting the script, preparing the binary input\); missing: /m,
      /^problem +place +tasks of place 22 may not be read \(403\); Open Cloud says: Missing scope$/m,
      /^ok +service /m,
    ],
    requests: [],
  },
  {
    name: 'a key for another experience',
    options: introspecting(() =>
      answer(200, { ...GOOD, scopes: GOOD.scopes.map((scope) => ({ ...scope, universeIds: ['12'] })) }),
    ),
    exitCode: 4,
    lines: [/^problem +experience +universe 11 is not among/m],
    requests: [READ],
  },
  {
    name: 'an expired key',
    options: introspecting(() =>
      answer(200, { ...GOOD, expired: true, expirationTimeUtc: '2026-11-01T00:00:00.000Z' }),
    ),
    exitCode: 4,
    lines: [/^problem +key expiry +expired on 2026-11-01T00:00:00Z/m],
    requests: [READ],
  },
  {
    name: 'a key that expires soon',
    options: introspecting(() => answer(200, { ...GOOD, expirationTimeUtc: '2026-11-30T09:00:00Z' })),
    exitCode: 0,
    lines: [/^warning +key expiry +expires on 2026-11-30T09:00:00Z, \d days from now\n +hint: /m],
    requests: [READ],
  },
  {
    name: 'an introspection that is no more',
    options: introspecting(() => answer(404, { errors: [{ code: 0, message: 'NotFound' }] })),
    exitCode: 0,
    lines: [
      /^ok +key +accepted when reading; .*HTTP 404; Open Cloud says: NotFound$/m,
      /^not known +scopes /m,
      /^ok +place /m,
    ],
    requests: [READ],
  },
  {
    name: 'a service that is down',
    options: {
      intercept: async () => {
        throw new ExchangeError('connect ECONNREFUSED', {
          failure: 'connect',
          code: 'ECONNREFUSED',
          wasSent: false,
          isReusedSocket: false,
        });
      },
    },
    exitCode: 7,
    lines: [
      /^problem +service +no good answer for \d+ s \(last: ECONNREFUSED, 3 tries\)\n +hint: check network/m,
      /^not known +place +not asked$/m,
      /^not known +clock /m,
    ],
    requests: [],
  },
  {
    name: 'a service that answers 503',
    options: { intercept: async () => answer(503, '') },
    exitCode: 7,
    lines: [
      // Nobody waits two minutes for a diagnosis, and there is no task that could be waited for.
      /^problem +service +no good answer for (?:\d|1[0-5]) s \(last: HTTP 503, \d+ tries\)\n +hint: check network/m,
    ],
    requests: [],
  },
  {
    name: 'a login page',
    options: { intercept: async () => answer(302, '', { location: 'https://portal.example/login' }) },
    exitCode: 10,
    lines: [/^problem +service +refused a redirect to portal\.example; the key was not sent there/m],
    requests: [],
  },
  {
    name: 'what the headers say of limits',
    options: introspecting(() =>
      answer(200, GOOD, {
        'x-ratelimit-limit': '60',
        'x-ratelimit-remaining': '59',
        'x-ratelimit-reset': '30',
      }),
    ),
    exitCode: 0,
    lines: [/^ok +rate limits +looking at the key: 59 of 60 requests left, reset in \d+\.\d s$/m],
    requests: [READ],
  },
  {
    name: 'proxy, certificates and a state directory that cannot be used',
    options: {
      files: { file: '' },
      env: {
        HTTPS_PROXY: 'http://user:secret-word@proxy.example:3128',
        NODE_EXTRA_CA_CERTS: 'missing.pem',
        LUAU_EXEC_STATE_DIR: '/dev/null/state',
      },
    },
    exitCode: 0,
    lines: [
      /^ok +proxy +proxy\.example:3128, not used for an API on this machine$/m,
      /^warning +certificates +NODE_EXTRA_CA_CERTS names missing\.pem, which cannot be read/m,
      /^warning +state directory +tasks will not be found by @last: \/dev\/null is not a directory/m,
    ],
    requests: [INTROSPECT, READ],
  },
];

describe('doctor', () => {
  it.each(rows)('$name', async ({ options = {}, argv = [], exitCode, lines, requests }) => {
    const { session, sent } = await openWatched(options);
    const human = await session.run('doctor', ...argv);
    expect(human.exitCode).toBe(exitCode);
    for (const line of lines) expect(human.stdout).toMatch(line);
    expect(session.requests).toEqual(requests);

    const traced = await session.run('doctor', ...argv, '-vv');
    const json = await session.run('doctor', ...argv, '--json', '-vv');
    expect([traced.exitCode, json.exitCode]).toEqual([exitCode, exitCode]);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: exitCode === 0, exitCode });
    expectNoKey([human, traced, json], options.env?.ROBLOX_API_KEY ?? API_KEY);
    expectHarmless(sent, session);
  });

  it('compares the clock with the date of the answer', async () => {
    const { session } = await openWatched({
      intercept: async (request, next) => {
        const response = await next(request);
        return { ...response, headers: { ...response.headers, date: 'Sat, 21 Nov 2026 11:00:00 GMT' } };
      },
    });
    const { exitCode, stdout } = await session.run('doctor');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^warning +clock +this machine's clock is 1\d\d min \d\d s behind the service's$/m,
    );
  });

  it('is one JSON document, whatever was found', async () => {
    const session = await open({ files: { '.luauexecrc': 'universeId: "11"\n' } });
    const { exitCode, stdout, stderr } = await session.run('doctor', '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
    const ok = (name: string, detail: unknown) => ({ name, status: 'ok', detail, hint: null });
    expect(JSON.parse(stdout)).toEqual({
      schema: 'luau-exec.doctor/v1',
      ok: true,
      exitCode: 0,
      checks: [
        ok('version', `luau-exec ${VERSION} on Node 22.12.0`),
        ok('config file', expect.stringMatching(/\.luauexecrc$/)),
        {
          name: 'api',
          status: 'warning',
          detail: `${session.emulator.baseUrl} (from LUAU_EXEC_BASE_URL): an emulator on this machine, not Roblox`,
          hint: 'to talk to Roblox, leave out --base-url and unset LUAU_EXEC_BASE_URL',
        },
        ok('api key', 'from ROBLOX_API_KEY'),
        ok('universe id', '11 (from ROBLOX_UNIVERSE_ID)'),
        ok('place id', '22 (from ROBLOX_PLACE_ID)'),
        ok('service', 'reached, and it answers as the API does'),
        ok('key', 'enabled, called luau-exec emulator, of user 1'),
        ok('key expiry', 'not expired, and no date was given'),
        ok('scopes', expect.stringContaining('universe.place.luau-execution-session:read')),
        ok('cancel and live', expect.stringContaining('present: memory-store.sorted-map:write')),
        ok('place uploads', 'present: universe-places:write (uploading the place)'),
        ok('experience', "the key's scopes are for universe 11"),
        ok('place', expect.stringContaining('place 22')),
        ok('ip address', expect.any(String)),
        ok('proxy', 'none is set'),
        ok('certificates', expect.any(String)),
        ok('state directory', session.stateDirectory),
        ok('clock', expect.any(String)),
        { name: 'rate limits', status: 'not_known', detail: expect.any(String), hint: null },
      ],
    });
  });

  it('says how it came out on stderr, and leaves no task and no file behind', async () => {
    const session = await open();
    expect((await session.run('doctor')).stderr).toBe('1 warning\n');
    expect(await session.run('doctor', '-q')).toMatchObject({
      stderr: '',
      stdout: expect.stringMatching(/^ok/),
    });
    expect((await session.run('status')).stderr).toContain('there is no @last');
  });

  it.each([
    ['an id that is none', ['-u', '12a'], {}, 'universe id "12a" is not a number (from --universe)'],
    [
      'a key that is none',
      [],
      { ROBLOX_API_KEY: 'abc\ndefghi' },
      'the API key holds a line break at position 4',
    ],
    ['an option of run', ['--detach'], {}, "unknown option '--detach'"],
  ])('%s is an error as elsewhere', async (_name, argv, env, headline) => {
    const session = await open({ env });
    const { exitCode, stdout, stderr } = await session.run('doctor', ...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(headline);
    expect(session.requests).toEqual([]);
  });

  it('ends at once when it is interrupted', async () => {
    const session = await open({
      intercept: (request, next) => {
        session.interrupt('SIGTERM');
        return next(request);
      },
    });
    const { exitCode, stdout } = await session.run('doctor');
    expect({ exitCode, stdout }).toEqual({ exitCode: 143, stdout: '' });
  });

  it('has help with examples', async () => {
    const { stdout } = await (await open()).run('doctor', '--help');
    expect(stdout).toContain('luau-exec doctor --local');
  });
});

/** A session with every request that was made, also those that an interception answered. */
async function openWatched(
  options: CliSessionOptions,
): Promise<{ session: CliSession; sent: HttpRequest[] }> {
  const sent: HttpRequest[] = [];
  const session = await open({
    ...options,
    intercept: (request, next) => {
      sent.push(request);
      return options.intercept ? options.intercept(request, next) : next(request);
    },
  });
  return { session, sent };
}

/** The key is told to the API in use and to nobody else, and nothing is asked for that could change anything. */
function expectHarmless(sent: readonly HttpRequest[], { emulator }: CliSession): void {
  for (const { method, url, headers, body } of sent) {
    expect(url.origin).toBe(emulator.baseUrl);
    if (method === 'GET') expect(body).toBeUndefined();
    else expect(`${method} ${url.pathname}${url.search}`).toBe(INTROSPECT);
    if (method === 'POST') expect(headers).not.toHaveProperty('x-api-key');
  }
}

function expectNoKey(results: readonly CliResult[], apiKey: string): void {
  for (const { stdout, stderr } of results) {
    expect(stdout + stderr).not.toContain(apiKey);
    expect(stdout + stderr).not.toContain('secret-word');
    expect(stdout + stderr).not.toContain('x-api-key');
  }
}
