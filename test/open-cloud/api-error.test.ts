import { expect, test } from 'vitest';
import { parseRefusal } from '../../src/open-cloud/api-error.ts';
import { answer } from './answers.ts';

test.each<[name: string, body: unknown, code: string | null, message: string | null, isHtml?: boolean]>([
  ['gateway', { errors: [{ code: 0, message: 'Invalid API Key' }] }, '0', 'Invalid API Key'],
  ['v2', { code: 'PERMISSION_DENIED', message: 'no', details: [] }, 'PERMISSION_DENIED', 'no'],
  ['v1', { error: 'INSUFFICIENT_SCOPE', message: 'm', errorDetails: [] }, 'INSUFFICIENT_SCOPE', 'm'],
  ['errorCode', { errorCode: 'E', errorMessage: 'm' }, 'E', 'm'],
  ['an empty list of errors', { errors: [], message: 'm' }, null, 'm'],
  ['errors that are words', { errors: ['x'] }, null, null],
  ['an object that says nothing', {}, null, null],
  ['fields of other kinds', { code: {}, message: [] }, null, null],
  ['empty', '', null, null],
  ['plain text', ' upstream gone \n', null, 'upstream gone'],
  ['a list', '[1]', null, '[1]'],
  ['null', 'null', null, 'null'],
  ['a byte order mark', '\uFEFF{"code":"X","message":"m"}', 'X', 'm'],
  ['HTML', '<!DOCTYPE html><head><title>\n 502  Bad\nGateway </title>', null, '502 Bad Gateway', true],
  ['HTML without a title', '  <html><body>x', null, null, true],
])('%s', (_name, body, code, message, isHtml = false) => {
  expect(parseRefusal(answer(403, body))).toEqual({ status: 403, code, message, isHtml });
});

test('a web page is known by its type, and a body of a gigabyte is not read whole', () => {
  expect(parseRefusal(answer(502, 'gone', { 'content-type': 'text/html; charset=utf-8' })).isHtml).toBe(true);
  expect(parseRefusal(answer(500, 'x'.repeat(200_000))).message?.length).toBe(64 * 1024);
});
