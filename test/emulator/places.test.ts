import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createV1Refusal, Refusal } from '../../src/emulator/api-answers.ts';
import type { ApiRequest } from '../../src/emulator/api-request.ts';
import { readPlaceFile } from '../../src/emulator/place-file.ts';
import { uploadPlace } from '../../src/emulator/place-handler.ts';
import { type PlaceAddress, Places, type PlaceUpload } from '../../src/emulator/places.ts';
import { FakeClock } from '../helpers/fake-clock.ts';

const PLACE: PlaceAddress = { universeId: '11', placeId: '22' };

function createPlaces({ headVersion = 1, warmServers = false } = {}) {
  const clock = new FakeClock();
  return { clock, places: new Places({ clock, headVersion, warmServers }) };
}

/** A file that is as good as another where the text is the same. */
function file(text: string, isPublished = false): PlaceUpload {
  return { sha256: `sha of ${text}`, sizeBytes: text.length, isPublished };
}

/** The path's version and the script's, as `7 7`, or the status of the refusal. */
function resolve(places: Places, versionId: string | null = null, place = PLACE): string | number {
  try {
    const { versionId: named, bootedVersion } = places.resolveVersion({ ...place, versionId });
    return `${named} ${bootedVersion}`;
  } catch (error) {
    return error instanceof Refusal ? error.answer.status : String(error);
  }
}

describe('the versions of a place', () => {
  it('are those of the emulator until something is uploaded', () => {
    const { places } = createPlaces({ headVersion: 7 });
    expect(places.findNewest(PLACE)).toBe(null);
    expect(['1', '7', null, '8', '9007199254740993'].map((id) => resolve(places, id))).toEqual([
      '1 1',
      '7 7',
      '7 7',
      404,
      404,
    ]);
  });

  it('go up by one with each upload of other bytes', () => {
    const { places, clock } = createPlaces({ headVersion: 7 });
    expect(places.upload(PLACE, file('a'))).toBe(8);
    expect(places.upload(PLACE, file('bb'))).toBe(9);
    expect(places.findNewest(PLACE)).toEqual({
      number: 9,
      sha256: 'sha of bb',
      sizeBytes: 2,
      isPublished: false,
      uploadedAtMs: clock.now(),
    });
    expect(['7', '8', '9', null, '10'].map((id) => resolve(places, id))).toEqual([
      '7 7',
      '8 8',
      '9 9',
      '9 9',
      404,
    ]);
  });

  it('stay where the bytes are those of the newest, and of no older one', () => {
    const { places } = createPlaces();
    const uploads = ['a', 'a', 'b', 'a', 'a'].map((text) => places.upload(PLACE, file(text)));
    expect(uploads).toEqual([2, 2, 3, 4, 4]);
  });

  it('are counted for each place of each universe by itself', () => {
    const { places } = createPlaces();
    const others = [
      { universeId: '11', placeId: '23' },
      { universeId: '12', placeId: '22' },
      { universeId: '1', placeId: '122' },
    ];
    places.upload(PLACE, file('a'));
    places.upload(PLACE, file('b'));
    expect(others.map((place) => resolve(places, null, place))).toEqual(['1 1', '1 1', '1 1']);
    expect(others.map((place) => places.upload(place, file('b')))).toEqual([2, 2, 2]);
    expect(resolve(places)).toBe('3 3');
  });
});

describe('publishing', () => {
  const isPublished = (places: Places) => places.findNewest(PLACE)?.isPublished;

  it('is of the version that was uploaded with it', () => {
    const { places } = createPlaces();
    places.upload(PLACE, file('a', true));
    expect(isPublished(places)).toBe(true);
    places.upload(PLACE, file('b'));
    expect(isPublished(places)).toBe(false);
  });

  it('comes with the same bytes again, and does not go with them', () => {
    const { places } = createPlaces();
    places.upload(PLACE, file('a'));
    expect(places.upload(PLACE, file('a', true))).toBe(2);
    expect(isPublished(places)).toBe(true);
    expect(places.upload(PLACE, file('a'))).toBe(2);
    expect(isPublished(places)).toBe(true);
  });
});

describe('the type of an upload', () => {
  const request = (versionType: string): ApiRequest => ({
    resource: '',
    params: { ...PLACE },
    query: new URLSearchParams({ versionType }),
    headers: {},
    readBody: () => Promise.reject(new Error('a place is not read whole')),
    readPieces: async (take) => take(Buffer.from('<roblox/>')),
    refuse: createV1Refusal,
  });

  it.each([
    ['Saved', false],
    ['Published', true],
  ])('%s says whether the version is published', async (versionType, isPublished) => {
    const { places } = createPlaces();
    const { status } = await uploadPlace({ places }, request(versionType));
    expect(status).toBe(200);
    expect(places.findNewest(PLACE)).toMatchObject({ number: 2, sizeBytes: 9, isPublished });
  });
});

describe('warm servers', () => {
  it('run the version before the newest for 60 s', async () => {
    const { places, clock } = createPlaces({ headVersion: 7, warmServers: true });
    expect(resolve(places)).toBe('7 7');
    places.upload(PLACE, file('a'));
    expect(resolve(places)).toBe('8 7');
    await clock.advance(59_999);
    expect(resolve(places)).toBe('8 7');
    await clock.advance(1);
    expect(resolve(places)).toBe('8 8');
  });

  it('are not for those who name a version, nor for other places', () => {
    const { places } = createPlaces({ warmServers: true });
    places.upload(PLACE, file('a'));
    expect(resolve(places, '2')).toBe('2 2');
    expect(resolve(places, null, { universeId: '11', placeId: '23' })).toBe('1 1');
  });

  it('do not begin again with the same bytes, but with others', async () => {
    const { places, clock } = createPlaces({ warmServers: true });
    places.upload(PLACE, file('a'));
    await clock.advance(60_000);
    places.upload(PLACE, file('a'));
    expect(resolve(places)).toBe('2 2');
    places.upload(PLACE, file('b'));
    expect(resolve(places)).toBe('3 2');
  });

  it('are there only where that is wanted', () => {
    const { places } = createPlaces();
    places.upload(PLACE, file('a'));
    expect(resolve(places)).toBe('2 2');
  });
});

describe('a place file', () => {
  const read = (bytes: Uint8Array, pieceBytes: number) =>
    readPlaceFile({
      readPieces: async (take) => {
        for (let at = 0; at < bytes.length; at += pieceBytes) take(bytes.subarray(at, at + pieceBytes));
      },
    });
  const prolog = '<?xml version="1.0" encoding="utf-8"?>';

  it.each([
    ['binary', '<roblox!\x89\xFF\r\n\x1A\n'],
    ['XML', '<roblox version="4"></roblox>'],
    ['XML without attributes', '<roblox></roblox>'],
    ['XML without content', '<roblox/>'],
    ['XML with a prolog', `${prolog}\r\n<roblox version="4"/>`],
    ['XML behind white space', ` \t\r\n${prolog} \t\r\n<roblox/>`],
    ['XML behind a byte order mark', `\xEF\xBB\xBF<roblox\n/>`],
    ['XML behind all of them', `\xEF\xBB\xBF\n${prolog}\n<roblox/>`],
    ['XML that begins late', `${' '.repeat(4000)}<roblox/>`],
    ['more than its head', `<roblox!${'x'.repeat(10_000)}`],
  ])('is %s', async (_name, text) => {
    const bytes = Buffer.from(text, 'latin1');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    for (const pieceBytes of [1, 7, bytes.length]) {
      expect(await read(bytes, pieceBytes)).toEqual({ sha256, sizeBytes: bytes.length });
    }
  });

  it.each([
    ['nothing', ''],
    ['other text', 'print("a script")'],
    ['the beginning of a tag', '<roblox'],
    ['half of the binary mark', '<roblo'],
    ['another element', '<html></html>'],
    ['an element with a longer name', '<robloxes></robloxes>'],
    ['a name in capitals', '<ROBLOX></ROBLOX>'],
    ['another element before it', `${prolog}<a/><roblox/>`],
    ['a prolog without an end', '<?xml version="1.0"<roblox/>'],
    ['a prolog alone', prolog],
    ['the binary mark behind white space', ' <roblox!'],
    ['the binary mark behind a byte order mark', '\xEF\xBB\xBF<roblox!'],
    ['UTF-16', '\xFF\xFE<\0r\0o\0b\0l\0o\0x\0>\0'],
    ['JSON', '{"versionNumber":1}'],
  ])('is not %s', async (_name, text) => {
    const bytes = Buffer.from(text, 'latin1');
    for (const pieceBytes of [1, 7, bytes.length || 1]) expect(await read(bytes, pieceBytes)).toBe(null);
  });

  it('is none where its body is cut off', async () => {
    const gone = new Error('gone');
    const reading = readPlaceFile({
      readPieces: async (take) => {
        take(Buffer.from('<roblox/>'));
        throw gone;
      },
    });
    await expect(reading).rejects.toBe(gone);
  });
});
