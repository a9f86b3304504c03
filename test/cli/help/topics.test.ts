import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_CODE_MEANINGS, EXIT_CODES, SIGNAL_CODES } from '../../../src/cli/exit-codes.ts';
import { formatTopic } from '../../../src/cli/help/format-topic.ts';
import { TOPIC_SUMMARIES } from '../../../src/cli/help/topic-names.ts';
import { TOPICS } from '../../../src/cli/help/topics.ts';
import { FIELDS } from '../../../src/config/fields.ts';
import { SERVICE_LIMITS } from '../../../src/open-cloud/limits.ts';
import { OPERATIONS } from '../../../src/open-cloud/operations.ts';
import { ENVELOPE_KEYS, OTHER_DOCUMENTS } from '../../../src/output/envelope-keys.ts';
import { MAX_CHUNK_BYTES } from '../../../src/script/chunk-size.ts';
import { ROOT } from '../../helpers/bin.ts';

/** The rows of the table under a heading of a page in docs/, without marks for code. */
function readTable(page: string, heading: string): string[][] {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const [, section = ''] = text.split(`\n${heading}\n`);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  const rows = table.split('\n').map((line) => line.split('|').slice(1, -1));
  return rows.slice(2, -1).map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')));
}

const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'));

function findAll(pattern: RegExp): string[] {
  return [...new Set(SOURCES.flatMap((text) => [...text.matchAll(pattern)].map(([, word = '']) => word)))];
}

const textOf = (name: keyof typeof TOPICS) =>
  formatTopic(TOPICS[name](), { widthColumns: 80, bold: (text) => text });

describe.each(Object.keys(TOPICS))('the topic %s', (name) => {
  const topic = Object.entries(TOPICS).find(([key]) => key === name)?.[1]() ?? [];

  it.each([40, 80, 100])('fits into %i columns', (widthColumns) => {
    const lines = formatTopic(topic, { widthColumns, bold: (text) => text }).split('\n');
    expect(lines.filter((line) => line.length > widthColumns && / \S+ /.test(line))).toEqual([]);
    expect(lines.join('\n')).not.toMatch(/\n\n\n|undefined|\n\n$/);
  });
});

it('has a summary for each topic, and nothing else', () => {
  expect(Object.keys(TOPIC_SUMMARIES)).toEqual(Object.keys(TOPICS));
  expect(readTable('cli.md', '### Help').map(([name]) => name)).toEqual(Object.keys(TOPICS));
});

describe('exit-codes', () => {
  const numbers = [...Object.values(EXIT_CODES).map(String), [...SIGNAL_CODES.values()].join(', ')];
  const rows = Object.entries(EXIT_CODE_MEANINGS).map(([name, text], at) => [numbers[at], name, text]);

  it('says what docs/cli.md says', () => {
    expect(Object.keys(EXIT_CODE_MEANINGS)).toEqual([...Object.keys(EXIT_CODES), 'interrupted']);
    expect(readTable('cli.md', '## Exit codes')).toEqual(rows);
  });

  it('has every code', () => {
    for (const [code, name] of rows) expect(textOf('exit-codes')).toContain(`\n  ${code} ${name} `);
  });
});

describe('environment', () => {
  const text = textOf('environment');
  const names = new Set(text.match(/\b[A-Z][A-Z_]+\b/g));

  it('has every variable that sets a setting', () => {
    const ofSettings = Object.values(FIELDS).flatMap(({ environment }) => environment);
    expect(ofSettings.filter((name) => !names.has(name))).toEqual([]);
  });

  it('has every other variable that the source reads', () => {
    const read = [...findAll(/\benv\??\.([A-Za-z_]+)/g), ...findAll(/\bread\('(\w+_proxy)'\)/g)];
    expect(read).toContain('LUAU_EXEC_STATE_DIR');
    expect(read).toContain('no_proxy');
    expect(read.filter((name) => !names.has(name.toUpperCase()))).toEqual([]);
  });

  it('misses none that is read in another way', () => {
    // Every setting, what a config file names, and the proxies.
    expect(findAll(/(\benv\??(?:\.\[|\[).*?\])/g).sort()).toEqual([
      'env[WORDS_VARIABLE]',
      'env[name.toLowerCase()]',
      'env[name.toUpperCase()]',
      'env[name]',
      'env[variable]',
    ]);
    expect(findAll(/(\{[^{}]*\}) = (?:\w+\.)*env;/g)).toEqual([]);
  });

  it('has none that nothing reads', () => {
    const code = SOURCES.filter((source) => !source.includes('SYSTEM_VARIABLES')).join('\n');
    // The two that Node reads to find the home directory.
    const own = [...names].filter((name) => /_|^(?:CI|TERM|APPDATA|LOCALAPPDATA|PWD)$/.test(name));
    expect(own.length).toBeGreaterThan(20);
    expect(own.filter((name) => !code.includes(name) && !code.includes(name.toLowerCase()))).toEqual([]);
  });
});

describe('limits', () => {
  it('says what docs/open-cloud.md says', () => {
    const rows = SERVICE_LIMITS.map(({ what, limit, source }) => [what, limit, source ?? '']);
    expect(readTable('open-cloud.md', '### Limits')).toEqual(rows);
  });

  it('says what the code goes by', () => {
    expect(MAX_CHUNK_BYTES).toBe(4 * 1024 * 1024);
    expect(FIELDS.timeoutSeconds.fallback).toBe(5 * 60);
    const text = textOf('limits');
    for (const { title, limitPerMinute, keyPlace } of Object.values(OPERATIONS)) {
      const isTold = keyPlace !== 'none';
      const line = `\n  ${title}.* ${limitPerMinute ?? 'not known'}(?: \\(spec\\))?\n`;
      expect({ title, isTold: new RegExp(line).test(text) }).toEqual({ title, isTold });
    }
  });
});

describe('json', () => {
  const known = ENVELOPE_KEYS.map(([path]) => path);
  const golden = readdirSync(join(ROOT, 'test', 'golden')).filter((name) => name.endsWith('.json.stdout'));
  const met = golden
    .map((name) => JSON.parse(readFileSync(join(ROOT, 'test', 'golden', name), 'utf8')))
    .flatMap((document) => document.runs ?? [document])
    .map((document) => listKeys(document));

  it('has every key of every envelope, in the order in which they are written', () => {
    expect(golden.length).toBeGreaterThan(8);
    const unknown = met.flat().filter((path) => !known.includes(path));
    expect(unknown).toEqual([]);
    for (const keys of met) expect(keys).toEqual(known.filter((path) => keys.includes(path)));
  });

  it('says of every key what it is', () => {
    expect([...ENVELOPE_KEYS, ...OTHER_DOCUMENTS].filter(([, meaning]) => meaning.length < 8)).toEqual([]);
  });

  it('has no key that no envelope has', () => {
    expect(known.filter((path) => !met.flat().includes(path))).toEqual([]);
  });

  it('has every schema that the source writes, and no other', () => {
    const schemas = OTHER_DOCUMENTS.map(([schema]) => schema);
    expect(findAll(/'(luau-exec\.\w+\/v\d+)'/g).sort()).toEqual([...schemas, 'luau-exec.result/v1'].sort());
  });
});

/** Paths of the keys of one envelope; what a script returned is its own affair. */
function listKeys(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => listKeys(entry, path));
  if (typeof value !== 'object' || value === null || path === 'results') return [];
  return [
    ...new Set(
      Object.entries(value).flatMap(([key, below]) => {
        const name = path === '' ? key : `${path}.${key}`;
        const own = Array.isArray(below) && name !== 'results' ? `${name}[]` : name;
        return [own, ...listKeys(below, own)];
      }),
    ),
  ];
}
