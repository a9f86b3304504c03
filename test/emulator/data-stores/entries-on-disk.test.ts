import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EntriesOnDisk } from '../../../src/emulator/data-stores/entries-on-disk.ts';
import type { StoredEntry } from '../../../src/emulator/data-stores/entry-store.ts';
import { EngineFailure } from '../../../src/emulator/engine-calls.ts';
import { LuauExecError } from '../../../src/errors.ts';

const PLACE = { universeId: '11', store: 'Players', scope: 'global' };
const NOW_MS = Date.parse('2026-11-21T09:00:00.000Z');
const ENTRY: StoredEntry = {
  key: 'Ada',
  version: '1.1',
  createdWallMs: NOW_MS,
  updatedWallMs: NOW_MS + 1500,
  userIds: [7],
  valueJson: '{"coins":5,"list":[1,null]}',
};
const FACES = '\u{1F600}'.repeat(50);

let directory: string;
let scope: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'data-stores-'));
  scope = join(directory, '11', '+players', 'global');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = () => new EntriesOnDisk(directory);
const fileOf = (name: string) => join(scope, name);

describe('a file', () => {
  it('can be read by people', () => {
    open().write(PLACE, ENTRY);
    expect(readFileSync(fileOf('+ada.json'), 'utf8')).toBe(`{
  "key": "Ada",
  "version": "1.1",
  "createdTime": "2026-11-21T09:00:00.000Z",
  "updatedTime": "2026-11-21T09:00:01.500Z",
  "userIds": [
    7
  ],
  "value": {
    "coins": 5,
    "list": [
      1,
      null
    ]
  }
}
`);
  });

  it('is found after a restart, and is the only one left of a write', () => {
    open().write(PLACE, { ...ENTRY, valueJson: '1' });
    open().write(PLACE, ENTRY);
    expect(open().read(PLACE, 'Ada')).toEqual(ENTRY);
    expect(readdirSync(scope)).toEqual(['+ada.json']);
    expect(readdirSync(directory)).toEqual(['11']);
  });

  it('of a removed key says so', () => {
    const removed = { ...ENTRY, valueJson: null, userIds: [] };
    open().write(PLACE, removed);
    expect(open().read(PLACE, 'Ada')).toEqual(removed);
    expect(readFileSync(fileOf('+ada.json'), 'utf8')).toContain('"isRemoved": true');
  });

  it('with a large value is not much larger than that', () => {
    const deep = `${'['.repeat(490)}${'1,'.repeat(2_000_000)}1${']'.repeat(490)}`;
    open().write(PLACE, { ...ENTRY, valueJson: deep });
    expect(open().read(PLACE, 'Ada')?.valueJson === deep).toBe(true);
    expect(statSync(fileOf('+ada.json')).size).toBeLessThan(deep.length + 1000);
  });

  it('may have been edited', () => {
    open().write(PLACE, ENTRY);
    const text = readFileSync(fileOf('+ada.json'), 'utf8');
    writeFileSync(fileOf('+ada.json'), text.replace('"coins": 5', '"coins": 6'));
    expect(open().read(PLACE, 'Ada')?.valueJson).toBe('{"coins":6,"list":[1,null]}');
  });

  it('that a kill left unfinished is nobody’s', () => {
    open().write(PLACE, ENTRY);
    writeFileSync(fileOf('+ada.json.tmp'), '{"key": "Ad');
    expect(open().read(PLACE, 'Ada')).toEqual(ENTRY);
    expect(open().listKeys(PLACE)).toEqual(['Ada']);
    open().write(PLACE, { ...ENTRY, valueJson: '2' });
    expect(readdirSync(scope)).toEqual(['+ada.json']);
  });
});

describe('places', () => {
  it.each([
    { ...PLACE, universeId: '12' },
    { ...PLACE, store: 'players' },
    { ...PLACE, scope: '..' },
    { ...PLACE, store: '' },
  ])('%j is another one', (other) => {
    const entries = open();
    entries.write(PLACE, ENTRY);
    expect(entries.read(other, 'Ada')).toBeNull();
    expect(entries.listKeys(other)).toEqual([]);
    entries.write(other, { ...ENTRY, valueJson: '"other"' });
    expect(entries.read(other, 'Ada')?.valueJson).toBe('"other"');
    expect(entries.read(PLACE, 'Ada')).toEqual(ENTRY);
    expect(readdirSync(directory).every((name) => name === '11' || name === '12')).toBe(true);
  });

  it('lists every key, also such as have a hash for a name, and nothing else', () => {
    const entries = open();
    const keys = ['a', 'A', 'con', '..', FACES];
    for (const key of keys) entries.write(PLACE, { ...ENTRY, key });
    for (const name of ['notes.json', 'Notes.json', 'readme.txt', `~${'0'.repeat(64)}.json`]) {
      writeFileSync(fileOf(name), JSON.stringify({ ...JSON.parse(readFileSync(fileOf('a.json'), 'utf8')) }));
    }
    expect(open().listKeys(PLACE).sort()).toEqual([...keys, 'notes'].sort());
    expect(open().read(PLACE, FACES)?.key).toBe(FACES);
  });
});

describe('a file that somebody broke', () => {
  const whole = {
    key: 'Ada',
    version: '1.1',
    createdTime: '2026-11-21T09:00:00Z',
    updatedTime: '2026-11-21T09:00:00Z',
    userIds: [],
    value: 1,
  };

  it.each([
    ['is not JSON in UTF-8', '{'],
    ['is not JSON in UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['is not a JSON object', '[]'],
    ['is about another key than its name says', JSON.stringify({ ...whole, key: 'Grace' })],
    ['has no text as "key"', JSON.stringify({ ...whole, key: 1 })],
    ['has no text as "version"', JSON.stringify({ ...whole, version: '' })],
    ['has no time as "createdTime"', JSON.stringify({ ...whole, createdTime: 'yesterday' })],
    ['has no text as "updatedTime"', JSON.stringify({ ...whole, updatedTime: 5 })],
    ['has no list as "userIds"', JSON.stringify({ ...whole, userIds: 5 })],
    ['has something other than whole numbers in "userIds"', JSON.stringify({ ...whole, userIds: ['7'] })],
    ['has no "value"', JSON.stringify({ ...whole, value: undefined })],
  ])('%s', (reason, content) => {
    const entries = open();
    entries.write(PLACE, ENTRY);
    writeFileSync(fileOf('+ada.json'), content);
    expect(() => entries.read(PLACE, 'Ada')).toThrow(
      new EngineFailure(`luau-exec emulator: the data file ${fileOf('+ada.json')} ${reason}`),
    );
  });

  it('but not one with the least that it needs', () => {
    open().write(PLACE, ENTRY);
    writeFileSync(fileOf('+ada.json'), JSON.stringify({ ...whole, userIds: undefined }));
    expect(open().read(PLACE, 'Ada')).toMatchObject({ valueJson: '1', userIds: [] });
  });

  it('or made a directory', async () => {
    await mkdir(fileOf('+ada.json'), { recursive: true });
    expect(() => open().read(PLACE, 'Ada')).toThrow(/\+ada\.json cannot be read: EISDIR/);
    expect(() => open().write(PLACE, ENTRY)).toThrow(/\+ada\.json cannot be written: EISDIR/);
  });

  it('or put in the place of a directory', () => {
    writeFileSync(join(directory, '12'), '');
    const place = { ...PLACE, universeId: '12' };
    expect(() => open().listKeys(place)).toThrow(/cannot be read: ENOTDIR/);
    expect(() => open().write(place, ENTRY)).toThrow(EngineFailure);
  });
});

describe('the directory', () => {
  it('is made, with those above it', () => {
    const deep = join(directory, 'a', 'b');
    new EntriesOnDisk(deep).write(PLACE, ENTRY);
    expect(new EntriesOnDisk(deep).read(PLACE, 'Ada')).toEqual(ENTRY);
  });

  it.each([['a file'], ['below a file']])('is refused where it is %s', (where) => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const path = where === 'a file' ? file : join(file, 'below');
    const make = () => new EntriesOnDisk(path);
    expect(make).toThrow(LuauExecError);
    expect(make).toThrow(`the data directory ${path} cannot be used: `);
  });
});
