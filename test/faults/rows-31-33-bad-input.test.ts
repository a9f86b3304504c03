import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const SCRIPT: CliSessionOptions = {
  files: { 'a.luau': 'A' },
  scripts: { A: { afterMs: 4_000, result: { kind: 'complete', results: ['done'] } } },
};
const SECRET = 'Zk9xQbRow31KEY9f8E7d6C5b4A3z2Y1x0W';

describe('row 31: keys that cannot be sent', () => {
  it.each<[name: string, key: string, why: string]>([
    ['a line break inside', `${SECRET}\n${SECRET}`, 'a line break at position 35'],
    ['a Windows line break inside', `${SECRET}\r\n${SECRET}`, 'a line break at position 35'],
    ['a space inside', `${SECRET} ${SECRET}`, 'a space at position 35'],
    ['a line separator', `${SECRET}\u2028`.padEnd(60, 'x'), 'at position 35'],
    ['a NUL', `${SECRET}\u0000x`, 'at position 35'],
    ['an accent', `é${SECRET}`, 'at position 1'],
  ])('row 31: a key with %s is LX002, and not shown', async (_name, key, why) => {
    const session = await open({ ...SCRIPT, env: { ROBLOX_API_KEY: undefined }, stdin: key });
    const fromEnvironment = await open({ ...SCRIPT, env: { ROBLOX_API_KEY: key } });
    const results = [
      await fromEnvironment.run('run', 'a.luau', '-vv'),
      await fromEnvironment.run('run', 'a.luau', '--json', '-vv'),
      await session.run('run', 'a.luau', '--api-key-file', '-', '-vv'),
    ];
    for (const { exitCode, stdout, stderr } of results) {
      expect(exitCode).toBe(2);
      expect(stdout + stderr).toContain('LX002');
      expect(stdout + stderr).toContain(why);
      expect(stdout + stderr).not.toContain(SECRET.slice(0, 12));
      expect(stdout + stderr).not.toContain(SECRET.slice(-12));
    }
    expect([...session.requests, ...fromEnvironment.requests]).toEqual([]);
  });

  it.each<[name: string, around: (key: string) => string]>([
    ['line breaks', (key) => `\r\n${key}\n`],
    ['blanks', (key) => ` \t${key} `],
    ['a byte order mark and a line separator', (key) => `\uFEFF${key}\u2028`],
  ])('row 31: %s around a key are cut off', async (_name, around) => {
    const sent: string[] = [];
    const session = await open({
      ...SCRIPT,
      emulator: { apiKey: SECRET },
      env: { ROBLOX_API_KEY: around(SECRET) },
      intercept: (request, next) => {
        sent.push(request.headers['x-api-key'] ?? '');
        return next(request);
      },
    });
    expect(await session.run('run', 'a.luau', '-q')).toEqual({ exitCode: 0, stdout: '"done"\n', stderr: '' });
    expect(new Set(sent)).toEqual(new Set([SECRET]));
  });

  it('row 31: a key of 10 KB is too long for one, and not shown', async () => {
    const session = await open({ ...SCRIPT, env: { ROBLOX_API_KEY: `${SECRET}/`.repeat(300) } });
    const { exitCode, stdout, stderr } = await session.run('run', 'a.luau', '-vv');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('LX002');
    expect(stderr).not.toContain(SECRET.slice(0, 12));
    expect(session.requests).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['blank', ' \n\t'],
  ])('row 31: a key that is %s is no key', async (_name, key) => {
    const session = await open({ ...SCRIPT, env: { ROBLOX_API_KEY: key } });
    const { exitCode, stderr } = await session.run('run', 'a.luau', '-v');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/LX00[12]/);
    expect(session.requests).toEqual([]);
  });
});

const PATH_END = 'luau-execution-session-tasks/t';
const HOSTILE_PATHS: [name: string, path: string][] = [
  ['that climbs out', '../../v1/x'],
  ['that climbs out behind a good beginning', `universes/11/places/22/${PATH_END}/../../../../../v1/x`],
  ['of another host', '//evil.example/x'],
  ['that is a URL', `https://evil.example/cloud/v2/universes/11/places/22/${PATH_END}`],
  ['with escaped dots', `universes/11/places/22/luau-execution-session-tasks/%2e%2e/%2e%2e/x`],
  ['of escaped dots alone', '%2e%2e/'],
  ['with a backslash', `universes\\11\\places\\22\\${PATH_END}`],
  ['with a query', `universes/11/places/22/${PATH_END}?x=1`],
  ['with a fragment', `universes/11/places/22/${PATH_END}#x`],
  ['with a line break', `universes/11/places/22/${PATH_END}\n`],
  ['with a slash before it', `/universes/11/places/22/${PATH_END}`],
  ['in another universe', `universes/12/places/22/${PATH_END}`],
  ['in another place', `universes/11/places/23/${PATH_END}`],
  ['of 10 KB', `universes/11/places/22/luau-execution-session-tasks/${'t'.repeat(10_000)}`],
  ['that is empty', ''],
];

describe('row 32: a task path from the server that leads elsewhere', () => {
  it.each(HOSTILE_PATHS)(
    'row 32: a create answered with a path %s: no further request, exit 9',
    async (_name, path) => {
      const session = await open({
        ...SCRIPT,
        faults: [{ request: 'createTask', do: { patch: { path } } }],
      });
      const { exitCode, stdout } = await session.run('run', 'a.luau', '--json');
      expect(exitCode).toBe(9);
      expect(session.requests).toEqual([expect.stringMatching(/^POST .*\/luau-execution-session-tasks$/)]);
      expect(JSON.parse(stdout)).toMatchObject({ exitCode: 9, task: null, error: { id: 'LX510' } });
      expect(stdout.length).toBeLessThan(5_000);
      const later = await session.run('wait', '--json');
      expect(later.exitCode).toBe(9);
      expect(session.requests).toHaveLength(1);
    },
  );

  it.each(HOSTILE_PATHS)(
    'row 32: a read answered with a path %s is refused and read again',
    async (_name, path) => {
      const session = await open({
        ...SCRIPT,
        faults: [{ request: 'getTask', times: 2, do: { patch: { path } } }],
      });
      expect(await session.run('run', 'a.luau', '-q')).toEqual({
        exitCode: 0,
        stdout: '"done"\n',
        stderr: '',
      });
      const [, ...reads] = session.requests;
      const own = reads[0];
      expect(own).toMatch(
        /^GET \/cloud\/v2\/universes\/11\/places\/22\/versions\/1\/luau-execution-sessions\//,
      );
      expect(new Set(reads)).toEqual(new Set([own, `${own}/logs`]));
    },
  );

  it('row 32: reads that only ever tell of another task end as no answer of the API', async () => {
    const session = await open({
      ...SCRIPT,
      faults: [
        {
          request: 'getTask',
          times: 'always',
          do: { patch: { path: `universes/12/places/22/${PATH_END}` } },
        },
      ],
    });
    const { exitCode, stderr } = await session.run('run', 'a.luau', '-v');
    expect(exitCode).toBe(10);
    expect(stderr).toContain('LX520');
    expect(stderr).toMatch(/hint: luau-exec wait universes\/11\/places\/22\//);
    expect(session.requests.filter((request) => request.includes('/12/'))).toEqual([]);
  });
});

const BAD_IDS = [
  '1/../2',
  '1?x',
  '-1',
  '1e3',
  '０１',
  '0',
  '00',
  '1.0',
  '0x1',
  ' ',
  '1 2',
  '1%2f2',
  '9'.repeat(21),
  '१',
];

describe('row 33: ids that are none', () => {
  const ways: [name: string, give: (id: string) => { argv?: string[]; options?: CliSessionOptions }][] = [
    ['--universe', (id) => ({ argv: [`--universe=${id}`] })],
    ['--place', (id) => ({ argv: [`--place=${id}`] })],
    ['--place-version', (id) => ({ argv: [`--place-version=${id}`] })],
    ['a variable', (id) => ({ options: { env: { ROBLOX_UNIVERSE_ID: id } } })],
    [
      'a file',
      (id) => ({
        options: {
          env: { ROBLOX_PLACE_ID: undefined },
          files: { ...SCRIPT.files, '.luauexecrc.json': JSON.stringify({ placeId: id }) },
        },
      }),
    ],
  ];
  it.each(ways)(
    'row 33: from %s: exit 2 before any request, and nothing is remembered',
    async (_name, give) => {
      for (const id of BAD_IDS) {
        const { argv = [], options = {} } = give(id);
        const session = await open({ ...SCRIPT, ...options });
        const { exitCode, stdout, stderr } = await session.run('run', 'a.luau', '-v', ...argv);
        expect({ id, exitCode, stdout }).toEqual({ id, exitCode: 2, stdout: '' });
        expect(stderr).toMatch(/LX00[15]/);
        expect(session.requests).toEqual([]);
        expect(existsSync(session.stateDirectory)).toBe(false);
      }
    },
  );
});
