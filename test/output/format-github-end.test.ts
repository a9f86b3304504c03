import { expect, it } from 'vitest';
import { formatGithubSummary } from '../../src/output/format-github-end.ts';
import { MIXED_REPORTS } from './reports.ts';

it.each([1, 900, 2_000])('a summary of %d long rows is no longer than GitHub takes', (count) => {
  const script = { name: '😀'.repeat(1_000), sha256: null };
  const failed = MIXED_REPORTS.filter(({ exitCode }) => exitCode !== 0).slice(0, 1);
  const reports = Array.from({ length: count }, () => failed.map((report) => ({ ...report, script }))).flat();
  const summary = formatGithubSummary({ reports, exitCode: 1 });
  expect(Buffer.byteLength(summary) < 1024 * 1024).toBe(true);
  const shown = summary.match(/^\| ❌/gm)?.length ?? 0;
  expect(shown).toBeGreaterThan(count === 1 ? 0 : 400);
  expect(/\nand (\d+) more\n/.exec(summary)?.[1] ?? '0').toBe(String(count - shown));
});
