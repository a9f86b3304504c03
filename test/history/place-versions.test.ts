import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PlaceVersions } from '../../src/history/place-versions.ts';
import { FakeClock } from '../helpers/fake-clock.ts';

let directory: string;
let clock: FakeClock;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'luau-exec-versions-'));
  clock = new FakeClock();
});
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true, force: true });
});

const SHA = (digit: string) => digit.repeat(64);
const version = (versionId: string, digit: string) => ({ versionId, sha256: SHA(digit), sizeBytes: 9 });

function open(options: Partial<ConstructorParameters<typeof PlaceVersions>[0]> = {}): PlaceVersions {
  return new PlaceVersions({
    ...{ directory, origin: 'https://apis.roblox.com', universeId: '11', placeId: '22' },
    wallNow: clock.wallNow,
    ...options,
  });
}

test('what was uploaded is known to every process of the machine', () => {
  open().add(version('7', 'a'));
  expect(open().find(SHA('a'))).toEqual({ ...version('7', 'a'), isSuperseded: false });
  expect(open().find(SHA('b'))).toBeNull();
});

test('a version is superseded where a newer one is known, by number and not by text, whatever came last', () => {
  const versions = open();
  for (const [id, digit] of [
    ['10', '0'],
    ['9', '1'],
    ['100', '2'],
    ['19', '3'],
    ['18', '4'],
  ] as const) {
    versions.add(version(id, digit));
  }
  expect(versions.find(SHA('2'))).toMatchObject({ versionId: '100', isSuperseded: false });
  for (const digit of ['0', '1', '3', '4']) {
    expect(versions.find(SHA(digit))).toMatchObject({ isSuperseded: true });
  }
  versions.forget('100');
  expect(versions.find(SHA('3'))).toMatchObject({ versionId: '19', isSuperseded: false });
  expect(versions.find(SHA('4'))).toMatchObject({ versionId: '18', isSuperseded: true });
  versions.add(version('18446744073709551615', '0'));
  versions.add(version('18446744073709551614', '5'));
  expect(versions.find(SHA('0'))).toMatchObject({ versionId: '18446744073709551615', isSuperseded: false });
});

test('of two versions that hold one file it is the newer one', () => {
  const versions = open();
  versions.add(version('12', 'a'));
  versions.add(version('11', 'a'));
  versions.add(version('9', 'a'));
  expect(versions.find(SHA('a'))).toMatchObject({ versionId: '12', isSuperseded: false });
});

test('a version that is there already holds what was uploaded last', () => {
  const versions = open();
  versions.add(version('7', 'a'));
  versions.add(version('7', 'b'));
  expect(versions.find(SHA('a'))).toBeNull();
  expect(versions.find(SHA('b'))).toMatchObject({ versionId: '7' });
});

test('nobody else may read what was written', () => {
  const versions = open();
  versions.claim(SHA('a'));
  versions.add(version('7', 'a'));
  const names = readdirSync(join(directory, 'places'));
  expect(names).toHaveLength(2);
  for (const name of names) {
    expect(statSync(join(directory, 'places', name)).mode & 0o777).toBe(0o600);
  }
});

test('places, experiences and APIs know nothing of each other', () => {
  open().add(version('7', 'a'));
  for (const other of [{ placeId: '23' }, { universeId: '12' }, { origin: 'http://127.0.0.1:9' }])
    expect(open(other).find(SHA('a'))).toBeNull();
});

test('one that the service does not know is forgotten', () => {
  const versions = open();
  versions.add(version('7', 'a'));
  versions.add(version('8', 'b'));
  versions.forget('7');
  expect(versions.find(SHA('a'))).toBeNull();
  expect(versions.find(SHA('b'))).not.toBeNull();
});

test('no more than fifty are kept, the latest', () => {
  const versions = open();
  for (let id = 1; id <= 60; id++)
    versions.add({ versionId: String(id), sha256: String(id).padStart(64, '0'), sizeBytes: 1 });
  expect(versions.find('10'.padStart(64, '0'))).toBeNull();
  expect(versions.find('11'.padStart(64, '0'))).not.toBeNull();
  expect(readdirSync(join(directory, 'places'))).toHaveLength(1);
});

test('one process uploads at a time, and one that is gone holds up nobody', () => {
  const [one, other] = [open(), open()];
  expect(one.claim(SHA('a'))).toBe(true);
  expect(other.claim(SHA('a'))).toBe(false);
  clock.jumpWall(29_000);
  expect(other.claim(SHA('a'))).toBe(false);
  one.keepClaim();
  clock.jumpWall(29_000);
  expect(other.claim(SHA('a'))).toBe(false);
  clock.jumpWall(2_000);
  expect(other.claim(SHA('a'))).toBe(true);
  other.release();
  expect(open().claim(SHA('a'))).toBe(true);
});

test('a file that another process has uploaded meanwhile is not uploaded again', () => {
  const [one, other] = [open(), open()];
  expect(one.find(SHA('a'))).toBeNull();
  expect(other.claim(SHA('a'))).toBe(true);
  other.add(version('7', 'a'));
  other.release();
  expect(one.claim(SHA('a'))).toBe(false);
  expect(one.claim(SHA('b'))).toBe(true);
  expect(other.claim(SHA('b'))).toBe(false);
});

test('who holds no claim keeps none', () => {
  const [one, other] = [open(), open()];
  one.claim(SHA('a'));
  clock.jumpWall(29_000);
  other.keepClaim();
  clock.jumpWall(2_000);
  expect(open().claim(SHA('a'))).toBe(true);
});

test('of two who find an old claim at the same time one uploads', () => {
  const [other, places] = [open(), join(directory, 'places')];
  let isBegun = false;
  const wallNow = () => {
    if (!isBegun) {
      isBegun = true;
      for (const name of readdirSync(places)) utimesSync(join(places, name), 0, 0);
      expect(other.claim(SHA('a'))).toBe(true);
    }
    return clock.wallNow();
  };
  const one = open({ wallNow });
  expect(one.claim(SHA('a'))).toBe(false);
  one.release();
  expect(open().claim(SHA('a'))).toBe(false);
});

test('a claim from a clock that was ahead holds up nobody', () => {
  open().claim(SHA('a'));
  clock.jumpWall(-31_000);
  expect(open().claim(SHA('a'))).toBe(true);
});

test('who holds no claim gives none back', () => {
  const [one, other] = [open(), open()];
  one.claim(SHA('a'));
  other.release();
  expect(other.claim(SHA('a'))).toBe(false);
  one.release();
  expect(other.claim(SHA('a'))).toBe(true);
});

test.each(['/dev/null/state', 'unwritable'])(
  'without a directory (%s) nothing is known, and nothing fails',
  (where) => {
    if (where === 'unwritable') chmodSync(directory, 0o500);
    const versions = open({ directory: where === 'unwritable' ? directory : where });
    const isRoot = process.getuid?.() === 0 && where === 'unwritable';
    expect(versions.claim(SHA('a'))).toBe(true);
    versions.add(version('7', 'a'));
    expect(versions.find(SHA('a')) !== null).toBe(isRoot);
    versions.keepClaim();
    versions.release();
    versions.forget('7');
  },
);

const KNOWN = version('7', 'a');
test.each([
  '',
  'null',
  '{}',
  '"text"',
  '[[',
  '[null]',
  JSON.stringify([{ ...KNOWN, versionId: '0' }]),
  JSON.stringify([{ ...KNOWN, versionId: '07' }]),
  JSON.stringify([{ ...KNOWN, versionId: '-7' }]),
  JSON.stringify([{ ...KNOWN, versionId: '7/x' }]),
  JSON.stringify([{ ...KNOWN, versionId: 7 }]),
  JSON.stringify([{ ...KNOWN, versionId: '1'.repeat(21) }]),
  JSON.stringify([{ ...KNOWN, sizeBytes: '9' }]),
  JSON.stringify([{ ...KNOWN, sizeBytes: 1.5 }]),
  JSON.stringify([{ versionId: '7', sizeBytes: 9 }]),
])('a file that holds %j holds nothing', (text) => {
  open().add(version('6', 'b'));
  const [name = ''] = readdirSync(join(directory, 'places'));
  writeFileSync(join(directory, 'places', name), text);
  expect(open().find(SHA('a'))).toBeNull();
  // What cannot be read is not in the way of what can.
  open().add(version('5', 'c'));
  expect(open().find(SHA('c'))).toEqual({ ...version('5', 'c'), isSuperseded: false });
});

test('one bad entry takes no good one with it', () => {
  open().add(version('6', 'b'));
  const [name = ''] = readdirSync(join(directory, 'places'));
  writeFileSync(join(directory, 'places', name), JSON.stringify([null, 7, 'text', {}, KNOWN]));
  expect(open().find(SHA('a'))).toEqual({ ...KNOWN, isSuperseded: false });
});

test.each([`b${SHA('a')}`, `${SHA('a')}b`, SHA('a').toUpperCase()])('%s is no SHA-256', (sha256) => {
  open().add(version('7', 'a'));
  const [name = ''] = readdirSync(join(directory, 'places'));
  writeFileSync(join(directory, 'places', name), JSON.stringify([{ ...KNOWN, sha256 }]));
  expect(open().find(sha256)).toBeNull();
});

test('a directory in the way is no reason to fail', () => {
  open().add(version('7', 'a'));
  const [name = ''] = readdirSync(join(directory, 'places'));
  rmSync(join(directory, 'places', name));
  mkdirSync(join(directory, 'places', name));
  open().add(version('7', 'a'));
  expect(open().find(SHA('a'))).toBeNull();
  expect(readdirSync(join(directory, 'places'))).toEqual([name]);
});
