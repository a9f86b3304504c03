import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createInlineSource, loadSource } from '../../src/script/load-source.ts';

const NEVER = new AbortController().signal;
const MIB = 1024 * 1024;
let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'luau-exec-script-'));
  mkdirSync(join(cwd, 'src', 'deep'), { recursive: true });
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

async function* stdinOf(...chunks: (Uint8Array | string)[]) {
  yield* chunks;
}
const load = (source: string, ...chunks: (Uint8Array | string)[]) =>
  loadSource(source, { cwd, stdin: stdinOf(...chunks), signal: NEVER });

test.each([
  ['plain', 'return 1\n'],
  ['CRLF and tabs', 'return\t1\r\n'],
  ['no newline at the end', 'return 1'],
  ['a BOM', '\uFEFFreturn 1'],
  ['NUL and other letters', 'return "\0é漢🎮"'],
  ['directives', '--!strict\n--!native\nreturn 1'],
])('a file is taken byte for byte: %s', async (_name, text) => {
  writeFileSync(join(cwd, 'src', 'a.luau'), text);
  expect(await load('src/a.luau')).toEqual({ name: 'src/a.luau', text, path: join(cwd, 'src', 'a.luau') });
});

test.each([
  ['./src/../src/a.luau', 'src/a.luau'],
  ['src/deep/../a.luau', 'src/a.luau'],
])('%s is named %s', async (source, name) => {
  writeFileSync(join(cwd, 'src', 'a.luau'), 'return 1');
  expect((await load(source)).name).toBe(name);
  expect((await load(join(cwd, source))).name).toBe(name);
});

test('a file outside is named by the way to it', async () => {
  writeFileSync(join(cwd, 'a.luau'), 'return 1');
  const script = await loadSource('../a.luau', { cwd: join(cwd, 'src'), stdin: stdinOf(), signal: NEVER });
  expect(script.name).toBe('../a.luau');
});

test('stdin is read whole, characters cut between chunks included', async () => {
  const bytes = Buffer.from('return "漢"');
  const script = await load('-', bytes.subarray(0, 9), bytes.subarray(9), ' --', Buffer.from('x'));
  expect(script).toEqual({ name: '-', text: 'return "漢" --x', path: null });
});

test('a script may stand on the command line', () => {
  expect(createInlineSource('return 1')).toEqual({
    name: '-e',
    text: 'return 1',
    path: null,
  });
});

const invalid = Buffer.from([0x72, 0xff, 0xfe]);
test.each<[name: string, work: () => unknown, id: string, message: string]>([
  ['a file that is not there', () => load('no.luau'), 'LX008', 'cannot read no.luau: there is no such file'],
  ['a directory', () => load('src'), 'LX008', 'cannot read src: it is a directory'],
  ['the working directory', () => load('.'), 'LX008', 'cannot read .: it is a directory'],
  ['a file below a file', () => load('empty.luau/x'), 'LX008', 'cannot read empty.luau/x'],
  ['an empty file', () => load('empty.luau'), 'LX008', 'empty.luau is empty'],
  ['an empty stdin', () => load('-'), 'LX008', 'the script on stdin is empty'],
  ['nothing after -e', () => createInlineSource(''), 'LX008', 'the script given with -e is empty'],
  ['a file that is not UTF-8', () => load('invalid.luau'), 'LX008', 'invalid.luau is not UTF-8 text'],
  ['a stdin that is not UTF-8', () => load('-', invalid), 'LX008', 'the script on stdin is not UTF-8 text'],
  [
    'a file of 4 MiB and a byte',
    () => load('large.luau'),
    'LX004',
    'large.luau is 4.1 MB, Open Cloud accepts 4 MB',
  ],
  ['a file of a gigabyte', () => load('huge.luau'), 'LX004', 'huge.luau is 1024.0 MB'],
  [
    '5 MB on stdin',
    () => load('-', Buffer.alloc(5 * MIB, 0x20)),
    'LX004',
    'the script on stdin is more than 4 MB',
  ],
  ['5 MB after -e', () => createInlineSource(' '.repeat(5 * MIB)), 'LX004', '-e is 5.0 MB'],
])('%s is refused', async (_name, work, id, message) => {
  writeFileSync(join(cwd, 'empty.luau'), '');
  writeFileSync(join(cwd, 'invalid.luau'), invalid);
  for (const [name, sizeBytes] of [
    ['large.luau', 4 * MIB + 1],
    ['huge.luau', 1024 * MIB],
  ] as const) {
    writeFileSync(join(cwd, name), '');
    truncateSync(join(cwd, name), sizeBytes);
  }
  const refused = expect.objectContaining({ id, kind: 'usage', message: expect.stringContaining(message) });
  await expect((async () => work())()).rejects.toEqual(refused);
});

test.skipIf(process.platform === 'win32')(
  'a device that never ends is read no further than that',
  async () => {
    const refused = { id: 'LX004', message: expect.stringContaining('dev/zero is more than 4 MB') };
    await expect(load('/dev/zero')).rejects.toMatchObject(refused);
  },
);

test('4 MiB to the byte are accepted', async () => {
  const text = ' '.repeat(4 * MIB);
  writeFileSync(join(cwd, 'a.luau'), text);
  expect((await load('a.luau')).text.length).toBe(4 * MIB);
  expect((await load('-', text)).text.length).toBe(4 * MIB);
});

test('an endless stdin is left as soon as it is too large', async () => {
  let chunks = 0;
  async function* endless() {
    for (;;) {
      chunks++;
      yield Buffer.alloc(MIB, 0x20);
    }
  }
  await expect(loadSource('-', { cwd, stdin: endless(), signal: NEVER })).rejects.toMatchObject({
    id: 'LX004',
  });
  expect(chunks).toBe(5);
});
