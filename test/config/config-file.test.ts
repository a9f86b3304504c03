import { describe, expect, it } from 'vitest';
import { hasLiteralKey, parseConfigFile } from '../../src/config/config-file.ts';
import { catchError } from './catch-error.ts';

const PATH = '/work/.luauexecrc';

function parse(content: unknown, keyPrefix = '') {
  return parseConfigFile({ path: PATH, content, keyPrefix });
}

describe('parseConfigFile', () => {
  it('sorts values into the top and the targets, and passes over what is left empty', () => {
    const content = { universeId: 1, timeout: null, targets: { staging: { placeId: '2' }, empty: null } };
    const file = parse(content, 'luauexec.');
    expect(file.top).toEqual({ keyPrefix: 'luauexec.', values: new Map([['universeId', 1]]) });
    expect(file.targets).toEqual(
      new Map([
        ['staging', { keyPrefix: 'luauexec.targets.staging.', values: new Map([['placeId', '2']]) }],
        ['empty', { keyPrefix: 'luauexec.targets.empty.', values: new Map() }],
      ]),
    );
  });

  it.each([null, undefined, {}, { targets: null }])('%j holds no settings', (content) =>
    expect(parse(content)).toEqual({
      path: PATH,
      top: { keyPrefix: '', values: new Map() },
      targets: new Map(),
    }),
  );

  it.each([
    [{ univserId: 1 }, 'LX003', `unknown key "univserId" in ${PATH}`, 'did you mean universeId?'],
    [{ colour: 'secret' }, 'LX003', `unknown key "colour" in ${PATH}`, 'take the key out'],
    [{ $import: 'x.js' }, 'LX003', `unknown key "$import" in ${PATH}`, 'take the key out'],
    [
      JSON.parse('{"__proto__":{"apiKey":"x"}}'),
      'LX003',
      `unknown key "__proto__" in ${PATH}`,
      'take the key out',
    ],
    [
      { targets: { a: { placeid: 1 } } },
      'LX003',
      `unknown key "placeid" under targets.a in ${PATH}`,
      'did you mean placeId?',
    ],
    [
      { targets: { a: { target: 'b' } } },
      'LX003',
      `unknown key "target" under targets.a in ${PATH}`,
      'take the key out',
    ],
    [
      { targets: { local: {} } },
      'LX011',
      `the target name "local" is built in and cannot be defined (targets in ${PATH})`,
      'give the target another name',
    ],
    [
      { targets: { 'a\u001b[2J': {} } },
      'LX011',
      `the target name "a\\u{1b}[2J" holds more than letters, digits, dots, dashes and underscores (targets in ${PATH})`,
      'give the target another name',
    ],
    [
      { universeId: '12a' },
      'LX005',
      `universe id "12a" is not a number (from universeId in ${PATH})`,
      'copy the id from the Creator Dashboard',
    ],
    [
      { placeId: 1e20 },
      'LX005',
      `place id 100000000000000000000 is too large for a bare number (from placeId in ${PATH})`,
      'put it in quotes',
    ],
    [
      { targets: { a: { placeVersion: -1 } } },
      'LX005',
      `place version -1 is not a positive whole number (from targets.a.placeVersion in ${PATH})`,
      'copy the id from the Creator Dashboard',
    ],
    [
      { timeout: '5x' },
      'LX011',
      `timeout "5x" is not a duration (from timeout in ${PATH})`,
      'write it as 30s, 2m or 500ms; a bare number is seconds',
    ],
    [
      { timeout: 301 },
      'LX011',
      `timeout 301 is not between 1 s and 300 s, which is all that Open Cloud allows (from timeout in ${PATH})`,
      'write it as 30s, 2m or 500ms; a bare number is seconds',
    ],
    [
      { waitTimeout: 0 },
      'LX011',
      `wait timeout 0 is not longer than nothing (from waitTimeout in ${PATH})`,
      'use --detach to leave without waiting',
    ],
    [
      { placeId: ['1'] },
      'LX011',
      `placeId in ${PATH} is a list, not text or a number`,
      'write it as placeId: "…"',
    ],
    [
      { placeId: true },
      'LX011',
      `placeId in ${PATH} is true or false, not text or a number`,
      'write it as placeId: "…"',
    ],
    [
      { apiKey: { secret: 1 } },
      'LX011',
      `apiKey in ${PATH} is a mapping, not text or a number`,
      'write it as apiKey: "…"',
    ],
    [
      { placeId: new Date(0) },
      'LX011',
      `placeId in ${PATH} is a date, not text or a number`,
      'write it as placeId: "…"',
    ],
    [
      { targets: ['a'] },
      'LX011',
      `targets in ${PATH} is a list, not a mapping of settings`,
      'write it as targets: { staging: { placeId: "…" } }',
    ],
    [
      { targets: { a: 'secret' } },
      'LX011',
      `targets.a in ${PATH} is text, not a mapping of settings`,
      'write it as key: value lines',
    ],
    ['secret', 'LX011', `${PATH} is text, not a mapping of settings`, 'write it as key: value lines'],
    [['secret'], 'LX011', `${PATH} is a list, not a mapping of settings`, 'write it as key: value lines'],
    [
      { apiKey: 'secret secret' },
      'LX002',
      `the API key holds a space at position 7 (from apiKey in ${PATH})`,
      'copy the key again from the Creator Dashboard',
    ],
    [
      { apiKey: 123456 },
      'LX002',
      `the API key is a number (from apiKey in ${PATH})`,
      'put the key in quotes',
    ],
    [
      { baseUrl: 'https://evil.example' },
      'LX011',
      `baseUrl may not stand in a config file (${PATH})`,
      'use --base-url URL or the variable LUAU_EXEC_BASE_URL',
    ],
    [
      { targets: { a: { baseUrl: 'https://evil.example' } } },
      'LX011',
      `baseUrl may not stand in a config file (${PATH})`,
      'use --base-url URL or the variable LUAU_EXEC_BASE_URL',
    ],
    [
      { apiKeyFile: '/etc/passwd' },
      'LX011',
      `apiKeyFile may not stand in a config file (${PATH})`,
      'use --api-key-file FILE',
    ],
  ])('%j is refused', async (content, id, message, hint) => {
    const error = await catchError(() => parse(content));
    expect(error).toMatchObject({ id, kind: 'usage', message, hint });
    expect(JSON.stringify([error.message, error.hint, error.facts])).not.toMatch(/secret|123456/);
  });

  it('says why the base URL is refused', async () => {
    const error = await catchError(() => parse({ baseUrl: 'https://evil.example' }));
    expect(error.facts.join()).toContain('must not send your API key elsewhere');
  });

  it('leaves values with variables for the time when they are used', () => {
    expect(parse({ universeId: `\${NOT_SET}` }).top.values.get('universeId')).toBe(`\${NOT_SET}`);
  });
});

it.each([
  [{ apiKey: 'abc' }, true],
  [{ apiKey: `\${KEY}` }, false],
  [{ placeId: 1 }, false],
  [{ targets: { a: { apiKey: 'abc' } } }, true],
  [{}, false],
])('%j holds the key itself: %s', (content, expected) =>
  expect(hasLiteralKey(parse(content))).toBe(expected),
);
