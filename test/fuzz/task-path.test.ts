import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { parseId } from '../../src/config/parse-setting.ts';
import { createTaskRequest, getTaskRequest, listLogsRequest } from '../../src/open-cloud/requests.ts';
import {
  formatTaskPath,
  isResourceId,
  parseTaskPath,
  type TaskPath,
} from '../../src/open-cloud/task-path.ts';
import { checkProperty } from './check-property.ts';
import { hostileText } from './hostile-values.ts';

const ORIGIN = 'https://apis.roblox.com';
const id = fc.stringMatching(/^[1-9][0-9]{0,19}$/);
const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/);
const taskPath: Arbitrary<TaskPath> = fc.record({
  universeId: id,
  placeId: id,
  versionId: fc.option(id),
  sessionId: fc.option(word),
  taskId: word,
});

/** A path that is nearly one: damaged, or with a part that is something else. */
const damagedPath = fc
  .tuple(taskPath, fc.nat({ max: 120 }), fc.nat({ max: 3 }), fc.oneof(hostileText, fc.constantFrom('/', '.')))
  .map(([path, at, size, piece]) => {
    const text = formatTaskPath(path);
    return text.slice(0, at) + piece + text.slice(at + size);
  });
const trailing = fc.constantFrom(
  '/',
  '.',
  '/.',
  '/..',
  '%2e',
  '?',
  '?a',
  '#',
  ';',
  '\\',
  ' ',
  '\n',
  '\0',
  '\u00e9',
);
const strangeWord = fc.oneof(
  hostileText,
  fc.tuple(word, trailing).map((parts) => parts.join('')),
  fc.tuple(trailing, word).map((parts) => parts.join('')),
);
const strangePath = fc
  .record({
    universeId: fc.oneof(id, hostileText),
    placeId: fc.oneof(id, hostileText),
    versionId: fc.option(fc.oneof(id, hostileText)),
    sessionId: fc.option(fc.oneof(word, strangeWord)),
    taskId: fc.oneof(word, strangeWord),
  })
  .map(formatTaskPath);

test('a path is read back as it was written', () =>
  checkProperty(
    fc.property(taskPath, (path) => {
      expect(parseTaskPath(formatTaskPath(path))).toEqual(path);
    }),
  ));

test('what is read as a path is written back the same, and is the same path in a URL', async () => {
  let accepted = 0;
  await checkProperty(
    fc.property(fc.oneof(hostileText, damagedPath, strangePath), (text) => {
      const path = parseTaskPath(text);
      if (!path) return;
      accepted++;
      expect(formatTaskPath(path)).toBe(text);
      for (const request of [getTaskRequest(path, 'BASIC'), listLogsRequest(path, 'FLAT', '')]) {
        const url = new URL(request.path, ORIGIN);
        expect(url.origin).toBe(ORIGIN);
        expect(url.pathname).toBe(request.path);
        expect(url.pathname.startsWith(`/cloud/v2/${text}`)).toBe(true);
        expect(url.search + url.hash).toBe('');
      }
      expect(isResourceId(path.universeId) && isResourceId(path.placeId)).toBe(true);
    }),
    // Few of them are paths, so that fewer runs would judge the generator by chance.
    { runs: 10_000 },
  );
  expect(accepted).toBeGreaterThan(200);
});

test('any page token and any script leave the path of the request alone', () =>
  checkProperty(
    fc.property(taskPath, hostileText, (path, text) => {
      const request = listLogsRequest(path, 'STRUCTURED', text);
      const url = new URL(request.path, ORIGIN);
      for (const [name, value] of Object.entries(request.query)) url.searchParams.set(name, value);
      expect(url.pathname).toBe(`/cloud/v2/${formatTaskPath(path)}/logs`);
      expect(url.searchParams.get('pageToken')).toBe(text === '' ? null : Buffer.from(text).toString());
      const { body } = createTaskRequest({ ...path, script: text, timeoutSeconds: null });
      expect(JSON.parse(String(body))).toEqual({ script: text });
    }),
  ));

test('an id is a positive whole number in ASCII, for the settings as for the client', () =>
  checkProperty(
    fc.property(fc.oneof(id, hostileText, fc.double().map(String), fc.bigInt().map(String)), (text) => {
      const isId = /^[0-9]{1,20}$/.test(text) && !text.startsWith('0');
      expect(isResourceId(text)).toBe(isId);
      const parsed = parseId(text);
      expect(parsed.ok).toBe(isId || isResourceId(text.trim()));
      if (parsed.ok) expect(new URL(`/u/${parsed.value}/x`, ORIGIN).pathname).toBe(`/u/${text.trim()}/x`);
      const create = () =>
        createTaskRequest({
          universeId: text,
          placeId: '1',
          versionId: null,
          script: '',
          timeoutSeconds: null,
        });
      if (isId)
        expect(create().path).toBe(`/cloud/v2/universes/${text}/places/1/luau-execution-session-tasks`);
      else expect(create).toThrow('positive whole number');
    }),
  ));
