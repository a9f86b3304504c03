import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDataFile, parseDataFile } from '../../src/emulator/data-stores/data-file.ts';
import { formatDataFileName, parseDataFileName } from '../../src/emulator/data-stores/data-file-name.ts';
import { checkProperty } from './check-property.ts';

const MAX_TIME_MS = Date.parse('9999-12-31T23:59:59.999Z');

const key = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }),
  fc.string({ unit: fc.constantFrom('a', 'A', '.', ' ', '%', '+', '~', '/', '\\', 'é'), maxLength: 50 }),
);
const wallMs = fc.integer({ min: 0, max: MAX_TIME_MS });
const entry = fc.record({
  key: key.filter((text) => text !== ''),
  version: fc.string({ minLength: 1 }),
  createdWallMs: wallMs,
  updatedWallMs: wallMs,
  userIds: fc.array(fc.integer()),
  valueJson: fc.option(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    { nil: null },
  ),
});

test('the names of two keys differ wherever the file system sees no letter case', async () => {
  await checkProperty(
    fc.property(key, key, (one, other) => {
      const names = [one, other].map((text) => formatDataFileName(text).toUpperCase());
      expect(names[0] === names[1]).toBe(one === other);
    }),
  );
});

test('a name is safe, and tells the key unless it is a hash', async () => {
  await checkProperty(
    fc.property(key, (text) => {
      const name = formatDataFileName(text);
      expect(name).toMatch(/^(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9_%+~-]{1,200}$/);
      expect(parseDataFileName(name)).toBe(name.startsWith('~') ? null : text);
    }),
  );
});

test('what was written to a file is read from it', async () => {
  await checkProperty(
    fc.property(entry, (written) => {
      const { valueJson, ...rest } = parseDataFile(Buffer.from(formatDataFile(written)));
      const { valueJson: writtenJson, ...writtenRest } = written;
      expect(rest).toEqual(writtenRest);
      // The order of keys that are numbers may change.
      expect(JSON.parse(valueJson ?? '"removed"')).toEqual(JSON.parse(writtenJson ?? '"removed"'));
      expect(valueJson === null).toBe(writtenJson === null);
    }),
  );
});
