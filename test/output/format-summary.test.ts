import { describe, expect, it } from 'vitest';
import { measureWidth } from '../../src/output/display-width.ts';
import { formatSummary } from '../../src/output/format-summary.ts';
import type { Report } from '../../src/output/report.ts';
import { plainStyle } from '../../src/output/style.ts';
import { MIXED_REPORTS } from './reports.ts';

const NAMES = [
  'tests/integration/a-long-way-down/shop/purchase/refund.luau',
  'tests/統合テスト/レシート/とても長い名前のスクリプト.luau',
  'secret-key-secret-key-secret-key-secret-key/last.luau',
];
const reports: Report[] = NAMES.flatMap((name) =>
  MIXED_REPORTS.map((report) => ({ ...report, script: { name, sha256: null } })),
);
const redact = (text: string) => text.replaceAll('secret-key', '***');

function listLines(columns: number | undefined): string[] {
  const stderr = { style: plainStyle, isTerminal: columns !== undefined, columns };
  return formatSummary(reports, { stderr, redact }).trim().split('\n');
}

describe('the summary of several scripts', () => {
  it('has whole names where there is no terminal', () => {
    const text = listLines(undefined).join('\n');
    for (const name of NAMES) expect(text).toContain(redact(name));
  });

  it.each([20, 40, 60, 100])('keeps to %d columns, and to the ends of names', (columns) => {
    const lines = listLines(columns);
    for (const line of lines.slice(0, -1)) {
      expect(measureWidth(line)).toBeLessThan(columns);
      expect(line).not.toMatch(/secret|cret-|-key/);
    }
    if (columns >= 40) expect(lines[0]).toContain('refund.luau');
  });

  it('lines up what stands behind names of wide characters', () => {
    const ends = listLines(undefined)
      .slice(0, -1)
      .map((line) => /^.*? {2}(?=complete|failed|not sent|may be)/.exec(line)?.[0] ?? '');
    expect(new Set(ends.map(measureWidth)).size).toBe(1);
  });
});
