import { describe, expect, it } from 'vitest';
import { describeClash, parseIdAnswer } from '../../../src/config/init/parse-id-answer.ts';

const BOTH = { universeId: '123', placeId: '456' };
const UNIVERSE = { universeId: '123', placeId: null };
const PLACE = { universeId: null, placeId: '456' };
const NEITHER = { universeId: null, placeId: null };

describe('an answer that is an id', () => {
  it.each([
    ['123', '123'],
    ['  123\t', '123'],
    ['"123"', '123'],
    ['\u00a0\u200b123\u200e\ufeff', '123'],
    ['１２３', '123'],
    ['12345678901234567890', '12345678901234567890'],
  ])('%j is %s', (text, value) => {
    expect(parseIdAnswer('universeId', text)).toEqual({ ok: true, value, named: null });
  });

  it.each([
    ['', 'is empty'],
    ['   ', 'is empty'],
    ['12a', 'is not a number'],
    ['1 2', 'is not a number'],
    ['0', 'is not a positive whole number'],
    ['-5', 'is not a positive whole number'],
    ['1.5', 'is not a positive whole number'],
    ['٣٤', 'is not a number'],
    ['universe', 'is not a number'],
    ['universes/', 'is not a number'],
  ])('%j %s', (text, reason) => {
    expect(parseIdAnswer('placeId', text)).toEqual({
      ok: false,
      reason,
      hint: 'copy the id from the Creator Dashboard',
      named: null,
    });
  });
});

describe('an answer that is a URL', () => {
  it.each([
    ['https://create.roblox.com/dashboard/creations/experiences/123/places/456/configure', BOTH],
    ['https://create.roblox.com/dashboard/creations/experiences/123/places/456', BOTH],
    ['create.roblox.com/dashboard/creations/experiences/123/places/456?activeTab=1#top', BOTH],
    ['<https://create.roblox.com/dashboard/creations/experiences/123/overview>', UNIVERSE],
    ['https://CREATE.roblox.com/creations/experiences/123', UNIVERSE],
    ['https://create.roblox.com/dashboard/creations/experiences/123/places', UNIVERSE],
    ['https://www.roblox.com/games/456/Crossroads-2', PLACE],
    ['http://roblox.com/games/456', PLACE],
    ['https://www.roblox.com/de/games/456/Name', PLACE],
    ['https://www.roblox.com/games/start?placeId=456&launchData=9', PLACE],
    ['https://apis.roblox.com/cloud/v2/universes/123/places/456/versions/7', BOTH],
    ['https://apis.roblox.com/universes/v1/123/places/456/versions', BOTH],
    ['universes/123/places/456/luau-execution-session-tasks', BOTH],
    ['/universes/123', UNIVERSE],
    ['https://create.roblox.com/dashboard/creations', NEITHER],
    ['https://create.roblox.com/store/asset/123/places/456', NEITHER],
    ['https://create.roblox.com/dashboard/creations/experiences/0/places/456', PLACE],
    ['https://create.roblox.com/dashboard/creations/experiences/123x/places/456', NEITHER],
    ['https://www.roblox.com/games/456abc', NEITHER],
    ['https://www.roblox.com/games/start', NEITHER],
    ['https://www.roblox.com/users/456/profile', NEITHER],
    ['https://www.roblox.com/share?code=123&type=ExperienceDetails', NEITHER],
    ['https://create.roblox.com.example.org/dashboard/creations/experiences/123/places/456', NEITHER],
    ['https://example.org/games/456', NEITHER],
    ['https://www.roblox.com/games/99999999999999999999999', NEITHER],
  ])('%s', (text, named) => {
    for (const name of ['universeId', 'placeId'] as const) {
      const answer = parseIdAnswer(name, text);
      expect(answer.named).toEqual(named);
      expect(answer.ok && answer.value).toBe(named[name] ?? false);
    }
  });

  it('says which id is in it instead', () => {
    expect(parseIdAnswer('universeId', 'https://www.roblox.com/games/456/Name')).toMatchObject({
      reason: 'is a URL that names a place id (456) and no universe id',
    });
    expect(parseIdAnswer('placeId', 'https://example.org/1')).toMatchObject({
      reason: 'is a URL that names no id for certain',
    });
    expect(parseIdAnswer('placeId', 'https://[')).toMatchObject({ reason: 'is not a number' });
  });

  it('clashes with another universe only', () => {
    expect(describeClash(BOTH, '9')).toBe('is a URL of universe 123, not of 9');
    for (const [named, universeId] of [
      [BOTH, '123'],
      [BOTH, null],
      [PLACE, '9'],
      [null, '9'],
    ] as const) {
      expect(describeClash(named, universeId)).toBeNull();
    }
  });
});
