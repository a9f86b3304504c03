import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const DIRECTORY = new URL('../../schemas/', import.meta.url);
/** File names of the schemas that the package ships. */
export const SCHEMA_FILES = readdirSync(DIRECTORY).filter((name) => name.endsWith('.schema.json'));

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
for (const name of SCHEMA_FILES)
  ajv.addSchema(JSON.parse(readFileSync(new URL(name, DIRECTORY), 'utf8')), name);

/** What is wrong with a document by the schema that it names (`luau-exec.result/v1`), or by the one of this name. */
export function describeSchemaProblems(document: unknown, name = nameOf(document)): string[] {
  const validate = findSchema(name);
  if (validate === undefined) return [`there is no schema ${name}`];
  validate(document);
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${name}${instancePath}: ${message ?? ''}`,
  );
}

function findSchema(name: string): ValidateFunction | undefined {
  return ajv.getSchema(`${name}.schema.json`);
}

function nameOf(document: unknown): string {
  if (typeof document !== 'object' || document === null || !('schema' in document)) return '(none)';
  return String(document.schema)
    .replace(/^luau-exec\./, '')
    .replace('/', '.');
}
