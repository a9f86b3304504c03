import { expect, it } from 'vitest';
import { parseConfigFile } from '../../src/config/config-file.ts';
import { describeSettings } from '../../src/config/describe-settings.ts';
import { FIELDS } from '../../src/config/fields.ts';
import { resolveSettings } from '../../src/config/resolve-settings.ts';

it('shows every setting with its source, and of the key only that it is set', () => {
  const file = parseConfigFile({
    path: '/w/.luauexecrc',
    content: { placeId: 7, timeout: '90s' },
    keyPrefix: '',
  });
  const env = { ROBLOX_API_KEY: 'hidden-key-1234' };
  const rows = describeSettings(resolveSettings({ flags: { universeId: '5' }, env, file }));
  expect(rows.map((row) => [row.name, row.text, row.value, row.source])).toEqual([
    ['apiKey', 'set (hidden)', null, 'ROBLOX_API_KEY'],
    ['universeId', '5', '5', '--universe'],
    ['placeId', '7', '7', 'placeId in /w/.luauexecrc'],
    ['placeVersion', 'latest saved', null, 'default'],
    ['timeout', '1 m 30 s', 90, 'timeout in /w/.luauexecrc'],
    ['waitTimeout', 'from timeout', null, 'default'],
    ['queueTimeout', '5 m', 300, 'default'],
    ['cancellable', 'false', false, 'default'],
    ['cancelPoll', '2 s', 2, 'default'],
    ['live', 'false', false, 'default'],
    ['baseUrl', 'https://apis.roblox.com', 'https://apis.roblox.com', 'default'],
    ['target', 'not set', null, 'default'],
  ]);
  expect(rows.filter((row) => row.isSet).map((row) => row.name)).toEqual([
    'apiKey',
    'universeId',
    'placeId',
    'timeout',
    'queueTimeout',
    'cancellable',
    'cancelPoll',
    'live',
    'baseUrl',
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/hidden-key|1234/);
  expect(rows[2]?.origin).toEqual({ kind: 'file', path: '/w/.luauexecrc', key: 'placeId' });
});

it('leaves no setting out', () => {
  const rows = describeSettings(resolveSettings({ flags: {}, env: {}, file: null }));
  expect(rows.map((row) => row.name)).toEqual(Object.values(FIELDS).map((field) => field.name));
  expect(rows[0]).toMatchObject({ text: 'not set', isSet: false });
});
