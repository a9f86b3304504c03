import { describe, expect, test } from 'vitest';
import { humanRenderer } from '../../src/output/human.ts';
import type { RenderOptions } from '../../src/output/renderer.ts';
import { plainStyle } from '../../src/output/style.ts';
import { REPORTS } from './reports.ts';

const OPTIONS: RenderOptions = {
  stdout: { style: plainStyle, isTerminal: false },
  stderr: { style: plainStyle, isTerminal: false },
  logsTo: 'stderr',
  isQuiet: false,
  verbosity: 0,
  hasHeadings: false,
  redact: (text) => text,
};

function findReport(name: string) {
  const report = REPORTS[name];
  if (report === undefined) throw new Error(`no report ${name}`);
  return report;
}

function render(name: string, options: Partial<RenderOptions> = {}): string {
  const pieces = humanRenderer.renderEach(findReport(name), { ...OPTIONS, ...options }, 0);
  return pieces
    .filter(({ text }) => text !== '')
    .map(({ to, text }) => `<${to}>${text}`)
    .join('');
}

describe('log messages', () => {
  test('come before the results, the rest after them', () => {
    expect(render('logs-truncated')).toMatch(/^<stderr>late message\n<stdout>true\n<stderr>warning: /);
  });

  test('can go to stdout, whole', () => {
    const text = render('script-error', { logsTo: 'stdout' });
    expect(text).toMatch(/^<stdout>before\n\[error\] src\/a\.luau:4: attempt/);
    expect(text).toContain('Stack Begin');
  });

  test('can be left out', () => {
    expect(render('script-error', { logsTo: 'none' })).toMatch(/^<stderr>error: src\/a\.luau:4: /);
  });

  test('do not repeat the error block, unless it says less', () => {
    expect(render('script-error')).not.toContain('Stack Begin');
    const report = findReport('script-error');
    const error = report.error && { ...report.error, sameAsLog: null };
    const pieces = humanRenderer.renderEach({ ...report, error }, OPTIONS, 0);
    expect(pieces[0]?.text).toContain('Stack Begin');
  });

  test('are cut on a terminal only, and never on stdout of `logs` through a pipe', () => {
    const message = 'word '.repeat(200_000);
    const report = {
      ...findReport('nothing-returned'),
      logs: {
        messages: [{ time: null, level: 'OUTPUT' as const, message: `a\n${message}\nb` }],
        complete: true,
        lost: null,
      },
    };
    const terminal = { style: plainStyle, isTerminal: true };
    const [onTerminal] = humanRenderer.renderLogs(report, { ...OPTIONS, stdout: terminal });
    const [onPipe] = humanRenderer.renderLogs(report, OPTIONS);
    expect(onTerminal?.text).toMatch(
      /^a\n(word )+wor?d?… \(99000\d more characters, all of them with --json\)\nb\n$/,
    );
    expect(onPipe).toEqual({ to: 'stdout', text: `a\n${message}\nb\n`, isRemote: true });
  });
});

describe('options', () => {
  test('-q drops the summary, and nothing that matters', () => {
    expect(render('logs-truncated')).toContain('complete in 8.1 s');
    const quiet = render('logs-truncated', { isQuiet: true });
    expect(quiet).not.toContain('complete in');
    expect(quiet).toContain('late message');
    expect(quiet).toContain('warning: ');
    expect(render('auth', { isQuiet: true })).toBe(render('auth'));
  });

  test('-v adds identifier and tries', () => {
    expect(render('auth')).not.toContain('LX401');
    const verbose = render('auth', { verbosity: 1 });
    expect(verbose).toContain('\n  try after 0.0 s: HTTP 401\n  id: LX401\n');
  });

  test('a heading names the script where there are several', () => {
    expect(render('nothing-returned', { hasHeadings: true })).toMatch(/^<stderr>src\/a\.luau\n/);
  });
});

test('a long traceback is cut', () => {
  const report = findReport('script-error');
  const traceback = Array.from({ length: 200 }, (_, index) => ({
    file: 'a.luau',
    line: index + 1,
    function: 'f',
  }));
  const error = report.error && { ...report.error, traceback };
  const pieces = humanRenderer.renderEach({ ...report, error }, { ...OPTIONS, logsTo: 'none' }, 0);
  const text = pieces.map((piece) => piece.text).join('');
  expect(text).toContain('  at a.luau:20 in f\n  and 180 more\n');
  expect(text).not.toContain('a.luau:21 ');
});

test('every text that goes to a terminal is printable', () => {
  for (const report of Object.values(REPORTS)) {
    const pieces = [
      ...humanRenderer.renderEach(report, OPTIONS, 0),
      ...humanRenderer.renderLogs(report, OPTIONS),
      ...humanRenderer.renderStatus(report, OPTIONS),
    ];
    for (const { text } of pieces) expect(text).toMatch(/^(?:\n|\t|\P{C})*$/u);
  }
});
