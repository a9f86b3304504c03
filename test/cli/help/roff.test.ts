import { describe, expect, it } from 'vitest';
import { escapeRoff, formatRoffEntry, formatRoffText, formatRoffUsage } from '../../../src/cli/help/roff.ts';

describe('escapeRoff', () => {
  it.each([
    ['plain words', 'plain words'],
    ['--json', '\\-\\-json'],
    ['%APPDATA%\\x', '%APPDATA%\\ex'],
    [`'a' "b" \`c\` ^~`, '\\(aqa\\(aq \\(dqb\\(dq \\(gac\\(ga \\(ha\\(ti'],
    ['FAILED, …', 'FAILED, ...'],
    ['—', '\\[u2014]'],
    ['é😀', '\\[u00E9]\\[u1F600]'],
  ])('%j', (text, roff) => expect(escapeRoff(text)).toBe(roff));
});

describe('formatRoffText', () => {
  it('breaks long lines, and begins each sentence on a line of its own', () => {
    const lines = formatRoffText(`One. Two e.g. three. ${'word '.repeat(20).trim()}`);
    expect(lines.slice(0, 2)).toEqual([
      'One.',
      'Two e.g. three. word word word word word word word word word word',
    ]);
    expect(lines.every((line) => line.length <= 66)).toBe(true);
  });

  it('lets no line look like a request', () => {
    expect(formatRoffText('.luaurc is read')).toEqual(['\\&.luaurc is read']);
    expect(formatRoffText("'quoted'")).toEqual(['\\(aqquoted\\(aq']);
  });
});

it.each([
  ['luau-exec run [options] [scripts...]', '\\fBluau\\-exec run\\fR [\\fIoptions\\fR] [\\fIscripts...\\fR]'],
  ['--arg <name=value>', '\\fB\\-\\-arg\\fR \\fIname=value\\fR'],
  ['-q', '\\fB\\-q\\fR'],
])('formatRoffUsage(%j)', (usage, roff) => expect(formatRoffUsage(usage)).toBe(roff));

it('gives an entry without words no line of its own', () => {
  expect(formatRoffEntry({ term: '.luaurc', text: '' })).toEqual(['.TP', '\\fB.luaurc\\fR']);
  expect(formatRoffEntry({ term: 'a', text: 'b' })).toEqual(['.TP', '\\fBa\\fR', 'b']);
});
