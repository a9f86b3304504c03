// The exact bytes of each format, for each kind of end. After a change that is meant, write them anew with
// `UPDATE_GOLDEN=1 npx vitest run test/output` and review the difference like code.
// No file ends in `.json`: a formatter would take it for one of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type RenderOptions, renderers } from '../../src/output/renderers.ts';
import { createStyle, plainStyle } from '../../src/output/style.ts';
import type { Piece } from '../../src/output/write-out.ts';
import { REPORTS } from './reports.ts';

const plain = { style: plainStyle, isTerminal: false };
const PLAIN: RenderOptions = {
  stdout: plain,
  stderr: plain,
  logsTo: 'stderr',
  isQuiet: false,
  verbosity: 0,
  hasHeadings: false,
};

function expectGolden(name: string, bytes: string): void {
  const file = new URL(`../golden/${name}`, import.meta.url);
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, bytes);
  expect(bytes).toBe(readFileSync(file, 'utf8'));
}

function join(pieces: readonly Piece[], to: Piece['to']): string {
  return pieces
    .filter((piece) => piece.to === to)
    .map(({ text }) => text)
    .join('');
}

describe.each(Object.entries(REPORTS))('%s', (name, report) => {
  test('human, on a pipe', () => {
    const pieces = renderers.human.renderEach(report, PLAIN);
    expectGolden(`${name}.stdout`, join(pieces, 'stdout'));
    expectGolden(`${name}.stderr`, join(pieces, 'stderr'));
  });

  test('human, on a terminal with colour', async () => {
    const style = await createStyle({ stream: { write: () => true }, env: {}, colorFlag: true });
    const screen = { style, isTerminal: true };
    const pieces = renderers.human.renderEach(report, { ...PLAIN, stdout: screen, stderr: screen });
    expectGolden(`${name}.color.stdout`, join(pieces, 'stdout'));
    expectGolden(`${name}.color.stderr`, join(pieces, 'stderr'));
  });

  test('json', () => {
    expect(renderers.json.renderEach(report, PLAIN)).toEqual([]);
    const pieces = renderers.json.renderEnd([report], report.exitCode);
    expect(pieces.map(({ to }) => to)).toEqual(['stdout']);
    expectGolden(`${name}.json.stdout`, join(pieces, 'stdout'));
  });

  test('status, on a pipe', () => {
    const pieces = renderers.human.renderStatus(report, PLAIN);
    expectGolden(`${name}.status.stdout`, join(pieces, 'stdout'));
  });
});
