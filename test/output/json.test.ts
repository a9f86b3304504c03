import { expect, test } from 'vitest';
import { createDocument, createEnvelope } from '../../src/output/json.ts';
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
  'placeFile',
  'binaryInput',
  'binaryOutput',
  'warnings',
];

test.each(Object.entries(REPORTS))('%s has every key, and reads back exactly', (_name, report) => {
  const envelope = JSON.parse(JSON.stringify(createDocument([report], report.exitCode)));
  expect(Object.keys(envelope)).toEqual(KEYS);
  expect(envelope.results).toEqual(report.results);
  expect(envelope.logs?.messages).toEqual(report.logs?.messages);
  expect(envelope.ok).toBe(report.exitCode === 0);
});

test('several runs are one document', () => {
  const reports = Object.values(REPORTS).slice(0, 3);
  expect(JSON.parse(JSON.stringify(createDocument(reports, 9)))).toEqual({
    schema: 'luau-exec.results/v1',
    ok: false,
    exitCode: 9,
    runs: JSON.parse(JSON.stringify(reports.map(createEnvelope))),
  });
});

test('no run at all is one document too', () => {
  expect(createDocument([], 2)).toEqual({
    schema: 'luau-exec.results/v1',
    ok: false,
    exitCode: 2,
    runs: [],
  });
});
