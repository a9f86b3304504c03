import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LuauExecError } from '../../src/errors.ts';
import { type ArgumentOptions, encodeArguments, loadArguments } from '../../src/script/load-arguments.ts';

const NEVER = new AbortController().signal;
const MIB = 1024 * 1024;
let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'luau-exec-arguments-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const load = (options: ArgumentOptions) => loadArguments(options, { cwd, signal: NEVER });
async function literalOf(options: ArgumentOptions): Promise<string | null> {
  const args = await load(options);
  return args && encodeArguments(args);
}
function loadFileOf(content: string | Uint8Array, options: ArgumentOptions = {}) {
  writeFileSync(join(cwd, 'args.json'), content);
  return literalOf({ args: 'args.json', ...options });
}

test.each<[options: ArgumentOptions, literal: string | null]>([
  [{}, null],
  [{ arg: [], argJson: [], args: undefined }, null],
  [{ arg: ['name=value'] }, '{name="value"}'],
  [{ arg: ['empty=', 'sum=1=2', 'n=1'] }, '{empty="",sum="1=2",n="1"}'],
  [{ arg: ['a=1', 'a=2'] }, '{a="2"}'],
  [{ arg: ['__proto__=p', 'a b=c', ' =d'] }, '{__proto__="p",["a b"]="c",[" "]="d"}'],
  [{ argJson: ['a=1', 'b="x=y"', 'c=[true,{"d":null}]'] }, '{a=1,b="x=y",c={true,{}}}'],
  [{ argJson: ['__proto__={"__proto__":1}'] }, '{__proto__={__proto__=1}}'],
  [{ argJson: ['a= 1 \n'] }, '{a=1}'],
  [{ argJson: ['a=null'] }, '{}'],
  [{ arg: ['a=text'], argJson: ['a=1'] }, '{a=1}'],
  [{ arg: ['a=text'], argJson: ['a=null'] }, '{}'],
])('%j is %s', async (options, literal) => {
  expect(await literalOf(options)).toBe(literal);
});

test.each<[file: string, options: ArgumentOptions, literal: string]>([
  ['{}', {}, '{}'],
  [' {"a": 1, "b": {"c": [2]}}\r\n', {}, '{a=1,b={c={2}}}'],
  ['\uFEFF{"a": "\uFEFF"}', {}, String.raw`{a="\u{feff}"}`],
  ['{"__proto__": 1, "2": 3}', {}, '{["2"]=3,__proto__=1}'],
  ['{"a": 1, "b": 2}', { arg: ['a=text'] }, '{a="text",b=2}'],
  ['{"a": 1, "b": 2, "c": 3}', { arg: ['a=x', 'b=x'], argJson: ['b=true'] }, '{a="x",b=true,c=3}'],
])('a file with %j and %j', async (file, options, literal) => {
  expect(await loadFileOf(file, options)).toBe(literal);
});

async function errorOf(work: Promise<unknown>): Promise<LuauExecError> {
  const error = await work.then(
    () => null,
    (reason) => reason,
  );
  expect(error).toMatchObject({ id: 'LX018', kind: 'usage', hint: expect.stringMatching(/[^.]$/) });
  return error;
}

test.each<[options: ArgumentOptions, message: string]>([
  [{ arg: ['players'] }, '--arg takes name=value, not "players"'],
  [{ arg: [''] }, '--arg takes name=value, not ""'],
  [{ arg: ['=x'] }, '--arg needs a name before the =, not "=x"'],
  [{ argJson: ['players'] }, '--arg-json takes name=JSON, not "players"'],
  [{ argJson: ['=1'] }, '--arg-json needs a name before the =, not "=1"'],
  [{ arg: ['a\n"b"\u202e'] }, String.raw`--arg takes name=value, not "a\n\"b\"\u{202e}"`],
  [{ arg: [`${'x'.repeat(59)}🎮${'y'.repeat(99)}`] }, `--arg takes name=value, not "${'x'.repeat(59)}…"`],
])('%j is refused', async (options, message) => {
  expect((await errorOf(load(options))).message).toBe(message);
});

const misplaced = `{\n  "a": [1, ${'"long", '.repeat(99)}`;
test.each([
  ['', 'unexpected end at line 1, column 1'],
  ['[1,\n', 'unexpected end at line 2, column 1'],
  ['text', 'unexpected "e" at line 1, column 2'],
  ['undefined', 'unexpected "u" at line 1, column 1'],
  ['{"a":}', 'unexpected "}" at line 1, column 6'],
  ["['a']", `unexpected "'" at line 1, column 2`],
  ['[1,\r\n2,\r3,\n x]', 'unexpected "x" at line 4, column 2'],
  ['[🎮]', 'unexpected "🎮" at line 1, column 2'],
  ['\u001b[31m', String.raw`unexpected "\x1b" at line 1, column 1`],
  ['[" at position 5",x', 'unexpected "x" at line 1, column 19'],
  [`${misplaced}\n  x`, 'unexpected "x" at line 3, column 3'],
  ['[1 2]', "expected ',' or ']' after array element at line 1, column 4"],
  ['{a:1}', "expected property name or '}' at line 1, column 2"],
  ['1 x', 'unexpected non-whitespace character after JSON at line 1, column 3'],
  ['"a\nb"', 'bad control character in string literal at line 1, column 3'],
  ['"abc', 'unterminated string at line 1, column 5'],
])('%j is no JSON: %s', async (json, reason) => {
  const after = await errorOf(load({ argJson: [`data=${json}`] }));
  expect(after.message).toBe(`the value of --arg-json "data" is not JSON: ${reason}`);
  expect(after.message.length).toBeLessThan(120);
  expect((await errorOf(loadFileOf(json))).message).toBe(`args.json is not JSON: ${reason}`);
});

test.each<[name: string, content: string | Uint8Array, message: string]>([
  ['an array', '[]', 'args.json is an array, and --args takes an object'],
  ['null', 'null', 'args.json is null, and --args takes an object'],
  ['a number', '1', 'args.json is a number, and --args takes an object'],
  ['bytes', Buffer.from([0x7b, 0xff, 0x7d]), 'args.json is not UTF-8 text'],
  ['4 MiB and a byte', Buffer.alloc(4 * MIB + 1, 0x20), 'args.json is larger than 4 MB'],
  [
    '4 MiB of [',
    '['.repeat(4 * MIB),
    `args.json is not JSON: unexpected end at line 1, column ${4 * MIB + 1}`,
  ],
])('a file with %s is refused', async (_name, content, message) => {
  expect((await errorOf(loadFileOf(content))).message).toBe(message);
});

test('a file of 4 MiB is taken', async () => {
  expect(await loadFileOf(`{}${' '.repeat(4 * MIB - 2)}`)).toBe('{}');
});

test('files that cannot be read', async () => {
  mkdirSync(join(cwd, 'dir'));
  expect((await errorOf(load({ args: 'no.json' }))).message).toBe(
    'cannot read no.json: there is no such file',
  );
  expect((await errorOf(load({ args: 'dir' }))).message).toBe('cannot read dir: it is a directory');
  expect((await errorOf(load({ args: '' }))).message).toBe('cannot read .: it is a directory');
});

test('a value that is too deep is named', async () => {
  const nested = (levels: number) => `data=${'['.repeat(levels)}${']'.repeat(levels)}`;
  expect(await literalOf({ argJson: [nested(1_000)] })).toContain('{data=(function()');
  expect((await errorOf(literalOf({ argJson: [nested(1_001)] }))).message).toBe(
    'the argument "data" is nested deeper than 1,000 levels',
  );
});

describe.skipIf(process.platform === 'win32')('a pipe with a name', () => {
  let pipe = '';
  beforeEach(() => {
    pipe = join(cwd, 'pipe');
    execFileSync('mkfifo', [pipe]);
  });

  test('is read to its end', async () => {
    const loaded = literalOf({ args: 'pipe' });
    await writeFile(pipe, '{"a": 1}');
    expect(await loaded).toBe('{a=1}');
  });

  test('that nobody writes to is left at once', async () => {
    const controller = new AbortController();
    const loaded = loadArguments({ args: 'pipe' }, { cwd, signal: controller.signal });
    const reason = new Error('interrupted');
    controller.abort(reason);
    await expect(loaded).rejects.toBe(reason);
    // Whoever waits to open the pipe is let go.
    await (await open(pipe, 'r+')).close();
  });

  test('without an end is left when it is too much', async () => {
    const loaded = errorOf(literalOf({ args: 'pipe' }));
    const writer = await open(pipe, 'w');
    const spaces = Buffer.alloc(MIB, 0x20);
    const written = (async () => {
      for (;;) await writer.write(spaces);
    })();
    expect((await loaded).message).toBe('pipe is larger than 4 MB');
    await expect(written).rejects.toMatchObject({ code: 'EPIPE' });
    await writer.close();
  });
});
