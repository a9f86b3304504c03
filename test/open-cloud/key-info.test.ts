import { describe, expect, it } from 'vitest';
import { type KeyInfo, type KeyScope, parseKeyInfo, readGrant } from '../../src/open-cloud/key-info.ts';
import { WireError } from '../../src/open-cloud/wire.ts';

const LUAU = 'universe.place.luau-execution-session';
const NOTHING: KeyInfo = {
  name: null,
  authorizedUserId: null,
  isEnabled: null,
  isExpired: null,
  expiresAtMs: null,
  scopes: null,
};

/** The example of Roblox's page on API keys, with a scope of ours. */
const DOCUMENTED = {
  name: 'test key',
  authorizedUserId: 234,
  scopes: [
    {
      name: 'universe-datastores.objects',
      operations: ['create'],
      universeDatastores: [{ universeId: '123', datastoreName: 'playerData' }],
    },
    { name: 'asset', operations: ['write'], groupIds: ['*'], userIds: ['*'] },
    { name: LUAU, operations: ['write'], universeIds: ['123', '456'] },
  ],
  enabled: true,
  expired: false,
  expirationTimeUtc: '2026-01-01T12:00:00.000Z',
};

describe('parseKeyInfo', () => {
  it('reads the documented form', () => {
    expect(parseKeyInfo(JSON.stringify(DOCUMENTED))).toEqual({
      name: 'test key',
      authorizedUserId: '234',
      isEnabled: true,
      isExpired: false,
      expiresAtMs: Date.UTC(2026, 0, 1, 12),
      scopes: [
        { name: 'universe-datastores.objects', operations: ['create'], universeIds: ['123'] },
        { name: 'asset', operations: ['write'], universeIds: null },
        { name: LUAU, operations: ['write'], universeIds: ['123', '456'] },
      ],
    });
  });

  it.each<[text: string, expected: Partial<KeyInfo>]>([
    ['{}', {}],
    ['{"enabled":false,"expired":true}', { isEnabled: false, isExpired: true }],
    ['{"enabled":"yes","expired":1,"name":7,"scopes":{},"authorizedUserId":[]}', {}],
    ['{"name":"","authorizedUserId":"","expirationTimeUtc":"","enabled":null}', {}],
    ['{"authorizedUserId":"99"}', { authorizedUserId: '99' }],
    ['{"expirationTimeUtc":"never"}', {}],
    ['{"expirationTimeUtc":"2026-01-01T00:00:00Z"}', { expiresAtMs: Date.UTC(2026, 0, 1) }],
    ['{"scopes":[]}', { scopes: [] }],
    ['{"scopes":[null,3,"asset",[],{},{"name":null}]}', { scopes: [] }],
  ])('%s', (text, expected) => {
    expect(parseKeyInfo(text)).toEqual({ ...NOTHING, ...expected });
  });

  it.each<[fields: object, expected: Partial<KeyScope>]>([
    [{}, { operations: null, universeIds: null }],
    [{ operations: null }, { operations: null }],
    [{ operations: ['Read', 5, 'WRITE'] }, { operations: ['read', 'write'] }],
    [{ universeIds: ['*'] }, { universeIds: ['*'] }],
    [{ universeIds: [123, '', null] }, { universeIds: ['123'] }],
    [{ universeIds: [] }, { universeIds: [] }],
    [{ universeIds: null }, { universeIds: null }],
    [{ universeId: '123' }, { universeIds: ['123'] }],
    [{ universeId: 123 }, { universeIds: ['123'] }],
    [{ universePlaces: [{ universeId: '1', placeId: '2' }, null] }, { universeIds: ['1'] }],
    [{ target: { universeId: '1' } }, { universeIds: ['1'] }],
    [{ userIds: ['1'], groupIds: ['2'] }, { universeIds: null }],
  ])('a scope with %j', (fields, expected) => {
    const { scopes } = parseKeyInfo(JSON.stringify({ scopes: [{ name: 'x', ...fields }] }));
    expect(scopes).toEqual([{ name: 'x', operations: null, universeIds: null, ...expected }]);
  });

  it.each(['', '[]', 'null', '"key"', '<html>', '{"name":'])('%j is no answer', (text) => {
    expect(() => parseKeyInfo(text)).toThrow(WireError);
  });
});

describe('readGrant', () => {
  const scope = (name: string, operations: string[] | null, universeIds: string[] | null): KeyScope => ({
    name,
    operations,
    universeIds,
  });

  it.each<
    [
      name: string,
      scopes: KeyScope[] | null,
      universeId: string | null,
      isGranted: boolean | null,
      hasUniverse: boolean | null,
    ]
  >([
    ['nothing was said', null, '1', null, null],
    ['no scope at all', [], '1', false, null],
    ['another scope', [scope('asset', ['write'], ['*'])], '1', false, null],
    ['a scope with a longer name', [scope(`${LUAU}.more`, ['write'], ['*'])], '1', false, null],
    ['another operation', [scope(LUAU, ['read'], ['*'])], '1', false, null],
    ['operations were not said', [scope(LUAU, null, ['*'])], '1', null, null],
    ['this universe', [scope(LUAU, ['write'], ['1'])], '1', true, true],
    ['all universes', [scope(LUAU, ['write'], ['*'])], '1', true, true],
    ['another universe', [scope(LUAU, ['write'], ['12'])], '1', true, false],
    ['no universe', [scope(LUAU, ['write'], [])], '1', true, false],
    ['universes were not said', [scope(LUAU, ['write'], null)], '1', true, null],
    ['no universe was asked about', [scope(LUAU, ['write'], ['12'])], null, true, null],
    ['two entries', [scope(LUAU, ['write'], ['2']), scope(LUAU, ['write'], ['1'])], '1', true, true],
    ['two entries, one open', [scope(LUAU, ['write'], ['2']), scope(LUAU, ['write'], null)], '1', true, null],
    [
      'only the other operation here',
      [scope(LUAU, ['read'], ['1']), scope(LUAU, ['write'], ['2'])],
      '1',
      true,
      false,
    ],
    ["the dashboard's name", [scope('luau-execution-sessions', ['write'], ['1'])], '1', true, true],
    ['the short name', [scope('luau-execution-session', ['write'], ['1'])], '1', true, true],
  ])('%s', (_name, scopes, universeId, isGranted, hasUniverse) => {
    expect(readGrant(scopes, `${LUAU}:write`, universeId)).toEqual({ isGranted, hasUniverse });
  });
});
