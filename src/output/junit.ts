import type { Clock } from '../clock.ts';
import { formatError } from './format-error.ts';
import type { Renderer } from './renderer.ts';
import { findTaskPath, type Report } from './report.ts';
import { plainStyle } from './style.ts';
import { formatXml, type XmlElement } from './xml.ts';

const SUITE = 'luau-exec';

/**
 * JUnit XML as build servers read it: a test case for each script; `failure` where the script failed, `skipped` where
 * it was not run, `error` where anything else went wrong.
 */
export function createJunitRenderer({ clock }: { clock: Clock }): Renderer {
  const startMs = clock.now();
  const startedAt = new Date(clock.wallNow()).toISOString().replace(/\.\d+Z$/, '');
  return {
    renderEvent: () => [],
    renderEach: () => [],
    renderLogs: () => [],
    renderStatus: () => [],
    renderEnd: (reports) => {
      const time = formatTime(clock.now() - startMs);
      return [{ to: 'stdout', text: formatXml(createSuites(reports, { startedAt, time })) }];
    },
  };
}

function createSuites(
  reports: readonly Report[],
  { startedAt, time }: { startedAt: string; time: string },
): XmlElement {
  const cases = reports.map(createCase);
  const count = (name: string) => String(cases.filter(({ verdict }) => verdict?.name === name).length);
  const counts = {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time,
  };
  const suite = {
    name: 'testsuite',
    attributes: { name: SUITE, timestamp: startedAt, ...counts },
    content: cases.map(({ element }) => element),
  };
  return { name: 'testsuites', attributes: { name: SUITE, ...counts }, content: [suite] };
}

function createCase(report: Report): { element: XmlElement; verdict: XmlElement | null } {
  const { script, timing, logs } = report;
  const path = findTaskPath(report);
  const verdict = createVerdict(report);
  const messages = (logs?.messages ?? []).map(({ message }) => `${message}\n`).join('');
  const notes = [
    ...(path === null ? [] : [`task: ${path}`]),
    ...report.warnings.map(({ id, message }) => `warning: ${message} (${id})`),
  ];
  const content = [
    ...(verdict ? [verdict] : []),
    ...(messages === '' ? [] : [{ name: 'system-out', content: messages }]),
    ...(notes.length === 0 ? [] : [{ name: 'system-err', content: `${notes.join('\n')}\n` }]),
  ];
  const name = script?.name ?? path ?? SUITE;
  const file = script === null || /^-e?$/.test(script.name) ? null : script.name;
  const attributes = { name, classname: SUITE, file, time: formatTime(timing?.totalMs ?? 0) };
  return { element: { name: 'testcase', attributes, content }, verdict };
}

function createVerdict({ exitCode, outcome, error }: Report): XmlElement | null {
  if (exitCode === 0) return null;
  const message = error?.message ?? outcome;
  if (outcome === 'skipped') return { name: 'skipped', attributes: { message } };
  const text = error ? formatError(error, { style: plainStyle, verbosity: 1 }) : `${outcome}\n`;
  const name = outcome === 'script_failed' ? 'failure' : 'error';
  return { name, attributes: { message, type: error?.id ?? outcome }, content: text };
}

function formatTime(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(3);
}
