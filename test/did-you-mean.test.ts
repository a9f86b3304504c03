import { expect, it } from 'vitest';
import { suggestName } from '../src/did-you-mean.ts';

const NAMES = ['apiKey', 'universeId', 'placeId', 'placeVersion', 'timeout', 'waitTimeout'];

it.each([
  ['univserId', 'universeId'],
  ['universe', 'universeId'],
  ['universe-id', 'universeId'],
  ['PLACE_ID', 'placeId'],
  ['place', 'placeId'],
  ['api_key', 'apiKey'],
  ['timeot', 'timeout'],
  ['waitTimeuot', 'waitTimeout'],
  ['plcaeId', 'placeId'],
  ['colour', null],
  ['', null],
  ['x', null],
  ['universeId'.repeat(10), null],
])('%j suggests %j', (input, expected) => expect(suggestName(input, NAMES)).toBe(expected));

it('suggests nothing where there is nothing', () => expect(suggestName('placeId', [])).toBeNull());

it('prefers the nearest, then the first', () => {
  expect(suggestName('stagin', ['stage', 'staging'])).toBe('staging');
  expect(suggestName('aab', ['aaa', 'aac'])).toBe('aaa');
});

it.each([
  ['rnu', 'run'],
  ['nur', null],
  ['lgos', 'logs'],
])('two letters that changed places are one mistake: %j suggests %j', (input, expected) => {
  expect(suggestName(input, ['run', 'logs'])).toBe(expected);
});
