// The exact bytes of each format, for each kind of end. After a change that is meant, write them anew with
// `UPDATE_GOLDEN=1 npx vitest run test/output` and review the difference like code.
// No file ends in `.json`: a formatter would take it for one of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRenderer } from '../../src/output/create-renderer.ts';
import { formatGithubOutputs, formatGithubSummary } from '../../src/output/format-github-end.ts';
import type { OutputFormat } from '../../src/output/output-choice.ts';
import type { RenderOptions, Screen } from '../../src/output/renderer.ts';
import type { Report } from '../../src/output/report.ts';
import { createStyle, plainStyle } from '../../src/output/style.ts';
import type { Piece } from '../../src/output/write-out.ts';
import type { RunEvent } from '../../src/task/run-event.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { describeSchemaProblems } from '../helpers/schemas.ts';
import { createTaskFields } from './outcomes.ts';
import { MIXED_REPORTS, REPORTS } from './reports.ts';

const plain: Screen = { style: plainStyle, isTerminal: false };
const PLAIN: RenderOptions = {
  stdout: plain,
  stderr: plain,
  logsTo: 'stderr',
  isQuiet: false,
  verbosity: 0,
  hasHeadings: false,
  redact: (text) => text,
};
const ATTEMPT = { atMs: 12_000, httpStatus: 503, reason: 'HTTP 503', waitMs: 800 };
/** One of each that a program can meet before the end. */
const EVENTS: readonly RunEvent[] = [
  { type: 'submitting' },
  { type: 'waiting', operation: 'creating', reason: 'rate_limit', waitMs: 38_200.4, attempt: null },
  { type: 'created', task: { ...createTaskFields(), phase: 'unfinished', state: 'PROCESSING' } },
  { type: 'resumed', path: createTaskFields().path },
  { type: 'waiting', operation: 'reading the task', reason: 'retry', waitMs: 800, attempt: ATTEMPT },
  { type: 'state', state: 'PROCESSING', elapsedMs: 1000.4 },
  { type: 'heartbeat', state: 'PROCESSING', elapsedMs: 30_000 },
];

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

/** Everything that a call with these reports would write in the format. */
async function render(
  format: OutputFormat,
  reports: readonly Report[],
  options: Partial<RenderOptions> & { events?: readonly RunEvent[] } = {},
): Promise<Piece[]> {
  const { events = [], ...rest } = options;
  const whole = { ...PLAIN, hasHeadings: reports.length > 1, ...rest };
  const clock = new FakeClock();
  const env = { GITHUB_WORKSPACE: '/work' };
  const renderer = await createRenderer(format, { clock, cwd: '/work/game', env });
  await clock.advance(1_500);
  return [
    ...events.flatMap((event) => renderer.renderEvent(event, { index: 0, script: 'src/a.luau' }, whole, {})),
    ...reports.flatMap((report, run) => renderer.renderEach(report, whole, run)),
    ...renderer.renderEnd(reports, Math.max(...reports.map(({ exitCode }) => exitCode)), whole),
  ];
}

const ENDS: readonly [name: string, reports: readonly Report[]][] = [
  ...Object.entries(REPORTS).map(([name, report]): [string, Report[]] => [name, [report]]),
  ['three-scripts', MIXED_REPORTS],
];

describe.each(ENDS)('%s', (name, reports) => {
  test('human, on a pipe', async () => {
    const pieces = await render('human', reports);
    expectGolden(`${name}.stdout`, join(pieces, 'stdout'));
    expectGolden(`${name}.stderr`, join(pieces, 'stderr'));
  });

  test('human, on a terminal with colour', async () => {
    const style = await createStyle({ stream: { write: () => true }, env: {}, colorFlag: true });
    const screen = { style, isTerminal: true, columns: 80 };
    const pieces = await render('human', reports, { stdout: screen, stderr: screen });
    expectGolden(`${name}.color.stdout`, join(pieces, 'stdout'));
    expectGolden(`${name}.color.stderr`, join(pieces, 'stderr'));
  });

  test('json', async () => {
    const pieces = await render('json', reports);
    expect(pieces.map(({ to }) => to)).toEqual(['stdout']);
    const text = join(pieces, 'stdout');
    expect(describeSchemaProblems(JSON.parse(text))).toEqual([]);
    expectGolden(`${name}.json.stdout`, text);
  });

  test('ndjson', async () => {
    const pieces = await render('ndjson', reports, { events: EVENTS });
    expect(join(pieces, 'stderr')).toBe('');
    const text = join(pieces, 'stdout');
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.flatMap((event) => describeSchemaProblems(event, 'event.v1'))).toEqual([]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(events.map(({ type }) => type).indexOf('result')).toBe(events.length - 1);
    expectGolden(`${name}.ndjson.stdout`, text);
  });

  test('junit', async () => {
    const pieces = await render('junit', reports, { events: EVENTS });
    expect(join(pieces, 'stderr')).toBe('');
    expectGolden(`${name}.junit.stdout`, join(pieces, 'stdout'));
  });

  test('github', async () => {
    const pieces = await render('github', reports);
    expectGolden(`${name}.github.stderr`, join(pieces, 'stderr'));
    expect(join(pieces, 'stdout')).toBe(join(await render('human', reports), 'stdout'));
    const exitCode = Math.max(...reports.map((report) => report.exitCode));
    expectGolden(`${name}.github-output`, formatGithubOutputs({ reports, exitCode }, 'END'));
    expectGolden(`${name}.github-summary`, formatGithubSummary({ reports, exitCode }));
  });
});

describe.each(Object.entries(REPORTS))('%s', (name, report) => {
  test('status, on a pipe', async () => {
    const renderer = await createRenderer('human', { clock: new FakeClock(), cwd: '/', env: {} });
    expectGolden(`${name}.status.stdout`, join(renderer.renderStatus(report, PLAIN), 'stdout'));
  });
});
