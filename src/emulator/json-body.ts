import type { JsonValue } from '../open-cloud/task.ts';
import { createV2Refusal } from './api-answers.ts';

/** Reads a request body that must be one JSON object in UTF-8; throws a refusal (400) for anything else. */
export function parseJsonObject(body: Uint8Array): { [name: string]: JsonValue } {
  const value = parseJson(body);
  if (!isObject(value)) throw createV2Refusal('INVALID_ARGUMENT', 'The request body must be a JSON object.');
  return value;
}

function parseJson(body: Uint8Array): JsonValue {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw createV2Refusal('INVALID_ARGUMENT', 'The request body is not valid JSON.');
  }
}

function isObject(value: JsonValue): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
