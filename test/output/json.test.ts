import { expect, test } from 'vitest';
import { createEnvelope } from '../../src/output/json.ts';
import { renderers } from '../../src/output/renderers.ts';
import { REPORTS } from './reports.ts';

const KEYS = [
  'schema',
  'ok',
  'exitCode',
  'outcome',
  'script',
  'task',
  'results',
  'error',
  'logs',
  'timing',
  'warnings',
];

test.each(Object.entries(REPORTS))('%s has every key, and reads back exactly', (_name, report) => {
  const [piece] = renderers.json.renderEnd([report], report.exitCode);
  const text = piece?.text ?? '';
  expect(text.indexOf('\n')).toBe(text.length - 1);
  const envelope = JSON.parse(text);
  expect(Object.keys(envelope)).toEqual(KEYS);
  expect(envelope.results).toEqual(report.results);
  expect(envelope.logs?.messages).toEqual(report.logs?.messages);
  expect(envelope.ok).toBe(report.exitCode === 0);
});

test('several runs are one document', () => {
  const reports = Object.values(REPORTS).slice(0, 3);
  const pieces = renderers.json.renderEnd(reports, 9);
  expect(pieces).toHaveLength(1);
  expect(JSON.parse(pieces[0]?.text ?? '')).toEqual({
    schema: 'luau-exec.results/v1',
    ok: false,
    exitCode: 9,
    runs: JSON.parse(JSON.stringify(reports.map(createEnvelope))),
  });
});

test('no run at all is one document too', () => {
  expect(JSON.parse(renderers.json.renderEnd([], 2)[0]?.text ?? '')).toEqual({
    schema: 'luau-exec.results/v1',
    ok: false,
    exitCode: 2,
    runs: [],
  });
});
