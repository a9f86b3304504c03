import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OTHER_DOCUMENTS } from '../../src/output/envelope-keys.ts';
import { describeSchemaProblems, SCHEMA_FILES } from '../helpers/schemas.ts';

const documents = ['luau-exec.result/v1', ...OTHER_DOCUMENTS.map(([schema]) => schema)];
const fileOf = (schema: string) => `${schema.replace('luau-exec.', '').replace('/', '.')}.schema.json`;

describe('the schemas that ship with the package', () => {
  it('are one for each document, and one for an event', () => {
    expect([...SCHEMA_FILES].sort()).toEqual([...documents.map(fileOf), 'event.v1.schema.json'].sort());
  });

  it.each(SCHEMA_FILES)('%s names itself, and lets a document grow', (file) => {
    const text = readFileSync(new URL(`../../schemas/${file}`, import.meta.url), 'utf8');
    const { $id, $schema, title, description } = JSON.parse(text);
    expect({ $id, $schema }).toEqual({ $id: file, $schema: 'https://json-schema.org/draft/2020-12/schema' });
    expect(title).toBeTruthy();
    expect(description).toMatch(/\.$/);
    expect(text).not.toContain('additionalProperties": false');
  });

  it('say what is wrong with a document', () => {
    expect(
      describeSchemaProblems({ schema: 'luau-exec.results/v1', ok: 1, exitCode: 0, runs: [{}] }),
    ).toContain('results.v1/ok: must be boolean');
    expect(describeSchemaProblems({ schema: 'luau-exec.nothing/v1' })).toEqual([
      'there is no schema nothing.v1',
    ]);
    expect(describeSchemaProblems(null)).toEqual(['there is no schema (none)']);
  });
});
