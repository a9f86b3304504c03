import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  API_KEY,
  type CliSession,
  type CliSessionOptions,
  useCliSessions,
} from '../../helpers/cli-session.ts';
import { MemoryKeyring, NO_KEYRING } from '../../helpers/memory-keyring.ts';

const openSession = useCliSessions();
const NAME = '.luauexecrc';
const NOTHING_KNOWN = {
  ROBLOX_API_KEY: undefined,
  ROBLOX_UNIVERSE_ID: undefined,
  ROBLOX_PLACE_ID: undefined,
};
const IDS = ['--universe', '5', '--place', '6'];
const HEADING =
  '# Settings of luau-exec here and in the directories below; `luau-exec config` shows what counts.';
const NEXT = `
next:
  luau-exec doctor              is everything there that a run needs
  luau-exec run SCRIPT          run a script on Roblox
  luau-exec run SCRIPT --local  run it on this machine, which needs none of this
`;

const open = (options: CliSessionOptions = {}) => openSession({ env: NOTHING_KNOWN, ...options });
const read = ({ cwd }: CliSession, name = NAME) => readFileSync(join(cwd, name), 'utf8');
const list = ({ cwd }: CliSession) => readdirSync(cwd).filter((name) => name !== '.git');
const modeOf = ({ cwd }: CliSession, name = NAME) => statSync(join(cwd, name)).mode & 0o777;

async function runJson(session: CliSession, ...argv: string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await session.run('init', '--json', ...argv);
  expect([exitCode, stderr]).toEqual([0, '']);
  const document: unknown = JSON.parse(stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return JSON.parse(stdout);
}

const schema: object = JSON.parse(
  readFileSync(new URL('../../../schemas/init.v1.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

describe('init with flags', () => {
  it('writes a short file, says where, and what comes next', async () => {
    const session = await open({ env: { ...NOTHING_KNOWN, ROBLOX_API_KEY: API_KEY } });
    expect(await session.run('init', ...IDS)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `wrote ${join(session.cwd, NAME)}: universe 5, place 6\n${NEXT}`,
    });
    expect(read(session)).toBe(
      `${HEADING}\nuniverseId: "5"\nplaceId: "6"\n# The API key comes from the environment: ROBLOX_API_KEY.\n`,
    );
    expect(list(session)).toEqual([NAME]);
    expect(modeOf(session)).toBe(0o666 & ~process.umask());
    expect(session.requests).toEqual([]);
  });

  it('leaves a directory in which config and run work', async () => {
    const session = await open({
      files: { 'a.luau': 'A' },
      scripts: { A: { result: { kind: 'complete', results: [7] } } },
      env: { ...NOTHING_KNOWN, ROBLOX_API_KEY: API_KEY },
    });
    await session.run('init', ...IDS);
    const { stdout } = await session.run('config');
    for (const line of ['universeId +5', 'placeId +6'])
      expect(stdout).toMatch(new RegExp(`^${line} .*${NAME}$`, 'm'));
    expect(await session.run('run', 'a.luau')).toMatchObject({ exitCode: 0, stdout: '7\n' });
    expect(session.requests[0]).toContain('/universes/5/places/6/');
  });

  it.each([
    [
      'nothing said',
      [],
      '# The API key comes from the environment: ROBLOX_API_KEY.',
      'export ROBLOX_API_KEY=…',
    ],
    [
      'env',
      ['--key-source', 'env'],
      '# The API key comes from the environment: ROBLOX_API_KEY.',
      'export ROBLOX_API_KEY=…',
    ],
    [
      'none',
      ['--key-source', 'none'],
      '# No API key yet: ROBLOX_API_KEY in the environment, or luau-exec auth set.',
      'luau-exec auth set',
    ],
    [
      'a variable',
      ['--key-variable', 'MY_KEY'],
      `# The API key comes from the environment.\napiKey: "\${MY_KEY}"`,
      'export MY_KEY=…',
    ],
    [
      'a variable as in a shell',
      ['--key-variable', `\${MY_KEY}`, '--key-source', 'env'],
      `# The API key comes from the environment.\napiKey: "\${MY_KEY}"`,
      'export MY_KEY=…',
    ],
  ])('says in the file where the key comes from: %s', async (_, flags, lines, step) => {
    const session = await open();
    const { exitCode, stderr } = await session.run('init', ...IDS, ...flags);
    expect(exitCode).toBe(0);
    expect(read(session)).toBe(`${HEADING}\nuniverseId: "5"\nplaceId: "6"\n${lines}\n`);
    expect(stderr).toContain(`\nnext:\n  ${step}`);
    expect(list(session)).toEqual([NAME]);
  });

  it.each([
    ['the environment', { ...NOTHING_KNOWN, UNIVERSE_ID: '7', PLACE_ID: '8' }, {}, [], ['7', '8']],
    [
      'a file further up the search',
      NOTHING_KNOWN,
      { 'package.json': '{"luauexec":{"universeId":"7","placeId":8}}' },
      [],
      ['7', '8'],
    ],
    ['flags first', { ...NOTHING_KNOWN, UNIVERSE_ID: '7', PLACE_ID: '8' }, {}, ['-u', '5'], ['5', '8']],
    [
      'a bad variable is passed over',
      { ...NOTHING_KNOWN, UNIVERSE_ID: 'x', PLACE_ID: '8' },
      {},
      ['-u', '5'],
      ['5', '8'],
    ],
    [
      'a URL with both',
      NOTHING_KNOWN,
      {},
      ['-u', 'https://create.roblox.com/dashboard/creations/experiences/7/places/8/configure'],
      ['7', '8'],
    ],
    [
      'two URLs',
      NOTHING_KNOWN,
      {},
      [
        '-u',
        'https://create.roblox.com/dashboard/creations/experiences/7/overview',
        '-p',
        'https://www.roblox.com/games/8/X',
      ],
      ['7', '8'],
    ],
  ])('takes the ids from %s', async (_, env, files, flags, [universeId, placeId]) => {
    const session = await open({ env, files });
    expect(await runJson(session, ...flags)).toMatchObject({ universeId, placeId });
    expect(read(session)).toContain(`universeId: "${universeId}"\nplaceId: "${placeId}"\n`);
  });

  it.each([
    [[], 'no universe id and no place id', 'luau-exec init --universe ID --place ID'],
    [['--place', '6'], 'no universe id', 'luau-exec init --universe ID --place 6'],
    [
      ['--key-source', 'file'],
      'no universe id, no place id, no API key',
      'luau-exec init --universe ID --place ID --key-source file --api-key-file FILE',
    ],
    [
      [...IDS, '--key-source', 'keyring', '--force'],
      'no API key',
      'luau-exec init --universe 5 --place 6 --key-source keyring --api-key-file FILE --force',
    ],
  ])('names at once all that is missing from %j', async (flags, headline, command) => {
    const session = await open();
    const { exitCode, stdout, stderr } = await session.run('init', ...flags);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^error: ${headline}\n`));
    expect(stderr).toContain(`\nhint: ${command}\n`);
    expect(list(session)).toEqual([]);
  });

  it.each([
    [['-u', '12a', '-p', '6'], 'universe id "12a" is not a number (from --universe)'],
    [['-u', '5', '-p', '0'], 'place id "0" is not a positive whole number (from --place)'],
    [
      ['-u', 'https://www.roblox.com/games/6/X', '-p', '6'],
      'universe id "https://www.roblox.com/games/6/X" is a URL that names a place id (6) and no universe id (from --universe)',
    ],
    [
      ['-u', '5', '-p', 'universes/7/places/6'],
      'place id "universes/7/places/6" is a URL of universe 7, not of 5 (from --place)',
    ],
    [
      [...IDS, '--key-variable', 'A-B'],
      'what --key-variable says is not the name of an environment variable',
    ],
    [
      [...IDS, '--key-variable', 'A', '--key-source', 'file'],
      '--key-variable does not go with --key-source file',
    ],
    [[...IDS, '--api-key-file', 'k'], '--api-key-file gives a key that would go nowhere'],
    [[...IDS, '--key-source', 'file', '--api-key-file', 'none'], 'the API key file none does not exist'],
    [[...IDS, '--key-source', 'elsewhere'], "option '--key-source <where>' argument 'elsewhere' is invalid"],
    [
      [...IDS, '--config', 'x.yaml'],
      'init does not take --config: it writes .luauexecrc into the working directory',
    ],
    [[...IDS, '--local'], 'init does not take --local: it writes .luauexecrc into the working directory'],
    [
      [...IDS, '--base-url', 'http://example.org'],
      'base URL "http://example.org" is neither https nor http on loopback (from --base-url)',
    ],
  ])('refuses %j and writes nothing', async (flags, headline) => {
    const session = await open();
    const { exitCode, stderr } = await session.run('init', ...flags);
    expect(stderr.split('\n')[0]).toBe(`error: ${headline}`);
    expect(exitCode).toBe(2);
    expect(list(session)).toEqual([]);
  });
});

describe('init and the key', () => {
  it('puts it into a file that the owner alone can read and git ignores', async () => {
    const session = await open({ files: { 'key.txt': `${API_KEY}\n`, '.gitignore': 'dist' } });
    const { exitCode, stdout, stderr } = await session.run(
      'init',
      ...IDS,
      '--key-source',
      'file',
      '--api-key-file',
      'key.txt',
    );
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `added /.luauexecrc to ${join(session.cwd, '.gitignore')}\nwrote ${join(session.cwd, NAME)}: universe 5, place 6\n${NEXT}`,
    });
    expect(read(session)).toContain(`\napiKey: "${API_KEY}"\n`);
    expect(modeOf(session)).toBe(0o600);
    expect(read(session, '.gitignore')).toBe('dist\n/.luauexecrc\n');
    // Nothing to warn of, and the key is the one that is used.
    expect(await session.run('config')).toMatchObject({ stderr: '' });
    expect((await session.run('config')).stdout).toContain(`apiKey in ${join(session.cwd, NAME)}`);
  });

  it('says that git ignores the file already', async () => {
    const session = await open({ files: { '.gitignore': '.luau*\n' }, stdin: API_KEY });
    const report = await runJson(session, ...IDS, '--key-source', 'file', '--api-key-file', '-');
    expect(report.gitIgnore).toEqual({
      file: join(session.cwd, '.gitignore'),
      pattern: '.luau*',
      added: false,
    });
    expect(read(session, '.gitignore')).toBe('.luau*\n');
  });

  it('touches no .gitignore without a key in the file', async () => {
    const session = await open();
    expect((await runJson(session, ...IDS)).gitIgnore).toBeNull();
    expect(list(session)).toEqual([NAME]);
  });

  it('stores it in the keyring, and keeps one that is there', async () => {
    const keyring = new MemoryKeyring();
    const session = await open({ keyring, stdin: API_KEY });
    const { baseUrl } = session.emulator;
    const { stderr } = await session.run('init', ...IDS, '--key-source', 'keyring', '--api-key-file', '-');
    expect(stderr).toBe(
      `stored the API key in the keyring\nwrote ${join(session.cwd, NAME)}: universe 5, place 6\n${NEXT}`,
    );
    expect([...keyring.secrets]).toEqual([[baseUrl, API_KEY]]);
    expect(read(session)).not.toContain('apiKey');
    expect(await runJson(session, ...IDS, '--key-source', 'keyring', '--force')).toMatchObject({
      apiKey: { source: 'keyring', storedIn: null },
      replaced: true,
    });
    expect([...keyring.secrets]).toEqual([[baseUrl, API_KEY]]);
  });

  it('stores it beside the keyring where none works', async () => {
    const session = await open({ keyring: new MemoryKeyring(NO_KEYRING), stdin: API_KEY });
    const report = await runJson(session, ...IDS, '--key-source', 'keyring', '--api-key-file', '-');
    const path = join(session.cwd, '.home', '.config', 'luau-exec', 'credentials');
    expect(report.apiKey).toEqual({
      source: 'keyring',
      variable: null,
      storedIn: 'file',
      path,
      keyringProblem: 'no Secret Service',
    });
    expect(readFileSync(path, 'utf8')).toContain(API_KEY);
  });

  it.each([
    ['a space in it', 'file', 'hidden key', 'the API key holds a space at position 7 (from standard input)'],
    [
      'two lines',
      'keyring',
      'hidden\nkey',
      'the API key holds a line break at position 7 (from standard input)',
    ],
    [
      'what a config file takes for a variable',
      'file',
      `hidden\${key}`,
      'the API key holds ${, which a config file takes for a variable (from standard input)',
    ],
    ['nothing', 'file', '', 'the API key is empty (from standard input)'],
  ])('refuses a key with %s, and does not show it', async (_, source, stdin, headline) => {
    const session = await open({ stdin, keyring: new MemoryKeyring() });
    const { exitCode, stderr } = await session.run(
      'init',
      ...IDS,
      '--key-source',
      source,
      '--api-key-file',
      '-',
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: ${headline}\n`);
    expect(stderr).not.toContain('hidden');
    expect(list(session)).toEqual([]);
  });

  it('is not written where git tracks the file', async () => {
    const session = await open({ stdin: API_KEY });
    writeFileSync(join(session.cwd, '.git', 'index'), createIndex(NAME));
    const { exitCode, stderr } = await session.run(
      'init',
      ...IDS,
      '--key-source',
      'file',
      '--api-key-file',
      '-',
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `error: git tracks ${join(session.cwd, NAME)}, so the API key in it would be in the next commit\n`,
    );
    expect(list(session)).toEqual([]);
  });

  it('hides a key that was given in the wrong place', async () => {
    const session = await open({ env: { ...NOTHING_KNOWN, ROBLOX_API_KEY: API_KEY } });
    for (const flags of [
      ['-u', API_KEY, '-p', '6'],
      [...IDS, '--key-variable', `${API_KEY}!`],
    ]) {
      expect((await session.run('init', ...flags)).stderr).not.toContain(API_KEY);
    }
  });
});

describe('init where a file is', () => {
  const OLD = `universeId: "1"\nplaceId: 2 # the old one\napiKey: ${API_KEY}\ntimeout: 60s\ntargets:\n  staging: { placeId: "9" }\n`;

  it('leaves it alone', async () => {
    const session = await open({ files: { [NAME]: OLD } });
    expect(await session.run('init', ...IDS)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error: ${join(session.cwd, NAME)} exists already\n  --force sets ids and key anew and keeps the other settings\n\nhint: luau-exec init --force\n`,
    });
    expect(read(session)).toBe(OLD);
  });

  it('replaces it with --force, and keeps its other settings and its key', async () => {
    const session = await open({ files: { [NAME]: OLD } });
    const report = await runJson(session, ...IDS, '--force');
    expect(report).toMatchObject({
      replaced: true,
      kept: ['timeout', 'targets'],
      apiKey: { source: 'kept' },
    });
    expect(read(session)).toBe(
      `${HEADING}\nuniverseId: "5"\nplaceId: "6"\n# The API key itself: keep this file to yourself, and out of git.\napiKey: "${API_KEY}"\ntimeout: "60s"\ntargets:\n  "staging":\n    placeId: "9"\n`,
    );
    // It holds a key, so it is made as safe as a new one.
    expect(modeOf(session)).toBe(0o600);
    expect(read(session, '.gitignore')).toBe('/.luauexecrc\n');
    expect(list(session).sort()).toEqual(['.gitignore', NAME]);
  });

  it('takes the ids from it where no flag says otherwise, and leaves out a key that is not wanted', async () => {
    const session = await open({ files: { [NAME]: OLD } });
    const { stderr } = await session.run('init', '--key-source', 'none', '--force');
    expect(stderr).toContain(
      `replaced ${join(session.cwd, NAME)}: universe 1, place 2\nkept from the old one: timeout, targets; comments are gone\n`,
    );
    expect(read(session)).toContain('universeId: "1"\nplaceId: "2"\n');
    expect(read(session)).not.toContain(API_KEY);
  });

  it('makes it safe too where only a target holds a key', async () => {
    const session = await open({ files: { [NAME]: `targets: { a: { apiKey: ${API_KEY} } }\n` } });
    await session.run('init', ...IDS, '--force');
    expect(modeOf(session)).toBe(0o600);
    expect(read(session, '.gitignore')).toBe('/.luauexecrc\n');
  });

  it('says that nothing was kept of one that cannot be read', async () => {
    const session = await open({ files: { [NAME]: 'universeId: [\n' } });
    const { exitCode, stderr } = await session.run('init', ...IDS, '--force');
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      `warning: nothing was kept of the old file: the config file ${join(session.cwd, NAME)} is not valid YAML`,
    );
    expect(read(session)).toContain('universeId: "5"');
  });

  it('does not follow a link', async () => {
    const session = await open({ files: { elsewhere: 'universeId: "1"\n' } });
    symlinkSync('elsewhere', join(session.cwd, NAME));
    const refused = await session.run('init', ...IDS);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('it is a link, which is replaced and not followed\n');
    expect(readlinkSync(join(session.cwd, NAME))).toBe('elsewhere');
    await session.run('init', ...IDS, '--force');
    expect(lstatSync(join(session.cwd, NAME)).isFile()).toBe(true);
    expect(read(session, 'elsewhere')).toBe('universeId: "1"\n');
  });

  it('does not follow a link that leads nowhere', async () => {
    const session = await open();
    symlinkSync('elsewhere', join(session.cwd, NAME));
    expect(await session.run('init', ...IDS)).toMatchObject({ exitCode: 2 });
    expect(existsSync(join(session.cwd, 'elsewhere'))).toBe(false);
  });

  it('does not replace a directory', async () => {
    const session = await open();
    mkdirSync(join(session.cwd, NAME));
    const { exitCode, stderr } = await session.run('init', ...IDS, '--force');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: ${join(session.cwd, NAME)} is not a regular file\n`);
  });

  it('says so where nothing can be written', async () => {
    const session = await open();
    rmSync(session.cwd, { recursive: true });
    const { exitCode, stderr } = await session.run('init', ...IDS);
    expect(exitCode).toBe(74);
    expect(stderr).toContain(`error: ${join(session.cwd, NAME)} could not be written: ENOENT`);
  });

  it('lets one of three at the same time win', async () => {
    const session = await open();
    const ends = await Promise.all(['5', '6', '7'].map((id) => session.run('init', '-u', id, '-p', id)));
    expect(ends.map(({ exitCode }) => exitCode).sort()).toEqual([0, 2, 2]);
    const winner = ['5', '6', '7'][ends.findIndex(({ exitCode }) => exitCode === 0)];
    expect(read(session)).toContain(`universeId: "${winner}"\nplaceId: "${winner}"\n`);
  });
});

describe('init beside other settings', () => {
  it('names the files that are not read any more', async () => {
    const session = await open({
      files: {
        'luauexec.config.json': '{"universeId":"1"}',
        'package.json': '{"luauexec":{"timeout":"5s"}}',
        '.luauexecrc.yaml': '',
        '.home/.config/luau-exec/config.yaml': 'timeout: 5s\n',
      },
    });
    const { warnings } = await runJson(session, ...IDS);
    expect(warnings).toEqual(
      ['luauexec.config.json', 'package.json', '.home/.config/luau-exec/config.yaml'].map((name) => ({
        id: 'LX019',
        message: `${join(session.cwd, name)} is not read here: one config file counts, and ${join(session.cwd, NAME)} comes first`,
        hint: 'move what you need of it into the new file',
      })),
    );
  });

  it('does not count a package.json without settings', async () => {
    const session = await open({ files: { 'package.json': '{"name":"luauexec"}' } });
    expect((await runJson(session, ...IDS)).warnings).toEqual([]);
  });

  it('names variables that come before the file', async () => {
    const session = await open({ env: { ROBLOX_UNIVERSE_ID: '5', ROBLOX_PLACE_ID: '22' } });
    const { warnings } = await runJson(session, ...IDS, '--key-variable', 'MY_KEY');
    expect(warnings).toEqual([
      {
        id: 'LX019',
        message: 'ROBLOX_PLACE_ID is set to something else and comes before the file',
        hint: 'unset ROBLOX_PLACE_ID',
      },
      {
        id: 'LX019',
        message: 'ROBLOX_API_KEY is set and comes first as the API key',
        hint: 'unset ROBLOX_API_KEY',
      },
    ]);
  });

  it('says so on stderr, and nothing else at -q', async () => {
    const files = { 'luauexec.config.json': '{"universeId":"1"}' };
    const loud = await open({ files });
    expect((await loud.run('init', ...IDS)).stderr).toContain('\nwarning: ');
    const quiet = await open({ files });
    const { stderr } = await quiet.run('init', ...IDS, '-q');
    expect(stderr).toMatch(/^warning: .* is not read here: .*\nhint: .*\n$/);
    expect(await (await open()).run('init', ...IDS, '-q')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('tells in JSON what it did', async () => {
    const session = await open();
    expect(await runJson(session, ...IDS)).toEqual({
      schema: 'luau-exec.init/v1',
      file: join(session.cwd, NAME),
      replaced: false,
      universeId: '5',
      placeId: '6',
      apiKey: { source: 'env', variable: null, storedIn: null, path: null, keyringProblem: null },
      gitIgnore: null,
      kept: [],
      warnings: [],
      next: [
        { command: 'export ROBLOX_API_KEY=…', what: 'the API key, which is not there yet' },
        { command: 'luau-exec doctor', what: 'is everything there that a run needs' },
        { command: 'luau-exec run SCRIPT', what: 'run a script on Roblox' },
        { command: 'luau-exec run SCRIPT --local', what: 'run it on this machine, which needs none of this' },
      ],
    });
  });
});

/** The smallest index that git's own readers and ours take for one with a single entry. */
function createIndex(name: string): Buffer {
  const head = Buffer.alloc(62);
  head.writeUInt16BE(name.length, 60);
  return Buffer.concat([head, Buffer.from(`${name}\0`)]);
}
