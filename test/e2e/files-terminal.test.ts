import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureWidth } from '../../src/output/display-width.ts';
import { BIN, NODE } from '../helpers/bin.ts';
import { type GatedOptions, type GatedSession, useGatedSessions } from '../helpers/gated-session.ts';
import { type Terminal, useTerminals } from '../helpers/terminal.ts';

const open = useGatedSessions();
const startTerminal = useTerminals();
const MIB = 1024 * 1024;
const CTRL_C = '\x03';
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const LONG_AGO = new Date('2020-01-01T00:00:00.123Z');
const FILES = {
  // More than the system keeps of what the gate has not taken yet.
  'in.bin': Buffer.alloc(40 * MIB),
  'game.rbxl': '<roblox!one',
  'in.luau': 'return buffer.len(({...})[1].BinaryInput)',
  'out.luau': `return { BinaryOutput = buffer.create(${20 * MIB}), ReturnValues = {} }`,
  'version.luau': 'return "version", game.PlaceVersion',
};

function openWith(obstruct: GatedOptions['obstruct'] = () => null): Promise<GatedSession> {
  return open({ files: FILES, obstruct });
}

function runOnTerminal({ place }: GatedSession, words: string[], cols = 80): Terminal {
  const env = { ...place.environment, NO_COLOR: '1' };
  return startTerminal([NODE, BIN, 'run', ...words, '--no-check'], { cwd: place.directory, env, cols });
}

/** What was drawn, each line as it was seen. */
function listLines(text: string): string[] {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[[\\d;?]*[a-zA-Z]`, 'g');
  return text
    .split(/\r|\n/)
    .flatMap((line) => line.split('\x1b[1G').map((part) => part.replace(escapes, '')));
}

async function expectStopped({ output, type, ended }: Terminal): Promise<void> {
  type(CTRL_C);
  expect(await ended).toMatchObject({ signal: 2 });
  expect(output.text).toContain(HIDE_CURSOR);
  expect(output.text.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(output.text.lastIndexOf(HIDE_CURSOR));
}

describe('a slow upload', () => {
  it.each([
    [80, /. uploading in\.bin ━[━╾]*─+ +[\d.]+ of 40\.0 MiB, [\d.]+ [KM]iB\/s, \d+ s left/],
    [40, /. uploading in\.bin [1-9]\d?%, \d+ s left/],
    [20, /. uploading [1-9]\d?%/],
  ])('at %i columns says how far it is', async (cols, pattern) => {
    const session = await openWith((method) => (method === 'PUT' ? { bytesPerSecond: 8 * MIB } : null));
    const terminal = runOnTerminal(session, ['in.luau', '--binary-input', 'in.bin'], cols);
    for (let drawn = 0; drawn < 3; drawn++) await terminal.output.until(pattern);
    const lines = listLines(terminal.output.text);
    expect(lines.filter((line) => line.includes('uploading')).length).toBeGreaterThan(3);
    expect(lines.filter((line) => measureWidth(line) > cols)).toEqual([]);
    await expectStopped(terminal);
    expect(terminal.output.text).toContain(
      'error: stopped while the binary input was uploaded; the script was not sent\r\n',
    );
    expect(session.listTemporary()).toEqual([]);
  });
});

it('a slow download says how far it is, and leaves no half file', async () => {
  const session = await openWith((method) => (method === 'GET' ? { bytesPerSecond: 4 * MIB } : null));
  const terminal = runOnTerminal(session, ['out.luau', '--binary-output', 'out.bin']);
  await terminal.output.until(
    /. downloading out\.bin ━[━╾]*─+ +[\d.]+ of 20\.0 MiB, [\d.]+ [KM]iB\/s, \d+ s left/,
  );
  expect(session.listFiles()).toContain('out.bin.part');
  await expectStopped(terminal);
  expect(terminal.output.text).toMatch(/hint: luau-exec wait \S+ --binary-output out\.bin\r\n/);
  expect(session.listFiles()).toEqual(Object.keys(FILES).sort());
});

describe('--publish', () => {
  const WORDS = ['version.luau', '--place-file', 'game.rbxl', '--publish'];
  const QUESTION = /publish game\.rbxl as place 22 of universe 11\? it becomes what players join \[y\/N\] /;

  it('asks, and sends nothing after a no', async () => {
    const session = await openWith();
    const { output, type, ended } = runOnTerminal(session, WORDS);
    await output.until(QUESTION);
    type('n\r');
    expect(await ended).toMatchObject({ exitCode: 2, signal: 0 });
    expect(output.text).toContain('error: not published; nothing was sent\r\n');
    expect(session.api.heads).toEqual([]);
  });

  it('dies by SIGINT after Ctrl-C, and sends nothing', async () => {
    const session = await openWith();
    const { output, type, ended } = runOnTerminal(session, WORDS);
    await output.until(QUESTION);
    type(CTRL_C);
    expect(await ended).toMatchObject({ signal: 2 });
    expect(output.text).toContain('error: stopped; nothing was sent\r\n');
    expect(session.api.heads).toEqual([]);
  });

  it('publishes after a yes', async () => {
    const session = await openWith();
    const { output, type, ended } = runOnTerminal(session, WORDS);
    await output.until(QUESTION);
    type('y\r');
    expect(await ended).toMatchObject({ exitCode: 0, signal: 0 });
    expect(output.text).toContain('"version"\r\n2\r\n');
    expect(session.api.heads[0]?.path).toBe('/universes/v1/11/places/22/versions?versionType=Published');
  });
});

it('--watch runs again in the version that a changed place file becomes', async () => {
  const session = await openWith();
  const { place, api } = session;
  for (const name of ['version.luau', 'game.rbxl'])
    utimesSync(join(place.directory, name), LONG_AGO, LONG_AGO);
  const { output, type, ended } = runOnTerminal(session, [
    'version.luau',
    '--place-file',
    'game.rbxl',
    '--watch',
  ]);
  await output.until(/"version"\r\n2\r\n/);
  await output.until(/watching 2 files; r runs again, q quits\r\n/);
  for (const version of [3, 4]) {
    writeFileSync(join(place.directory, 'game.rbxl'), `<roblox!the file of version ${version}`);
    await output.until(/game\.rbxl changed\r\n/);
    await output.until(new RegExp(`"version"\r\n${version}\r\n`));
    await output.until(/watching 2 files; r runs again, q quits\r\n/);
  }
  type('r');
  await output.until(/running again\r\n/);
  await output.until(/"version"\r\n4\r\n/);
  await output.until(/watching 2 files;/);
  type('q');
  expect(await ended).toMatchObject({ exitCode: 0, signal: 0 });
  expect(api.heads.filter(({ path }) => path.startsWith('/universes/v1/'))).toHaveLength(3);
});
