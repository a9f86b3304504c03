import { defaultLoaders } from 'cosmiconfig';
import { describe, expect, it } from 'vitest';
import { formatConfig } from '../../../src/config/init/format-config.ts';

const PLAIN = { universeId: '1', placeId: '2', apiKey: null, keyComment: 'None.', kept: {} };
const load = (text: string): unknown => defaultLoaders['.yaml']('.luauexecrc', text);

describe('the text of a config file', () => {
  it('is short and says what it is', () => {
    expect(formatConfig({ ...PLAIN, apiKey: `\${MY_KEY}` })).toBe(
      [
        '# Settings of luau-exec here and in the directories below; `luau-exec config` shows what counts.',
        'universeId: "1"',
        'placeId: "2"',
        '# None.',
        `apiKey: "\${MY_KEY}"`,
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['a long id', { ...PLAIN, universeId: '12345678901234567890' }],
    ['a key of every character that a key may have', { ...PLAIN, apiKey: allPrintable() }],
    ['a key that looks like a number', { ...PLAIN, apiKey: '1e5' }],
  ])('reads back as it was meant: %s', (_, content) => {
    const { universeId, placeId, apiKey } = content;
    const expected = { universeId, placeId, ...(apiKey === null ? {} : { apiKey }) };
    expect(load(formatConfig(content))).toEqual(expected);
  });

  it('keeps settings of every kind, whatever a target is called', () => {
    const kept = {
      timeout: 60,
      waitTimeout: '10m',
      target: 'null',
      placeVersion: null,
      targets: {
        null: { placeId: '3' },
        1: { placeId: `\${P}` },
        'a.b-c': { timeout: '5s', universeId: 4 },
        empty: {},
        none: null,
        odd: { target: 'ä\u2028\u007f\u{1f600}"\\' },
      },
    };
    expect(load(formatConfig({ ...PLAIN, kept }))).toEqual({ universeId: '1', placeId: '2', ...kept });
  });
});

function allPrintable(): string {
  return Array.from({ length: 0x7e - 0x20 }, (_, index) => String.fromCharCode(0x21 + index)).join('');
}
