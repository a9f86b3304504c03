import { createV2Refusal, type Refusal } from './api-answers.ts';
import { parseJsonObject } from './json-body.ts';

/** What the body of a create asks for, validated. */
export interface NewTask {
  script: string;
  timeoutSeconds: number;
  /** Resource path of a binary input; empty for none. */
  binaryInput: string;
  enableBinaryOutput: boolean;
}

const MAX_SCRIPT_BYTES = 4 * 1024 * 1024;
const MIN_TIMEOUT_SECONDS = 1;
const MAX_TIMEOUT_SECONDS = 300;

/** Reads the body of a create. Throws a refusal (400) that names the field at fault. */
export function parseNewTask(body: Uint8Array): NewTask {
  const { script, timeout, binaryInput, enableBinaryOutput } = parseJsonObject(body);
  return {
    script: parseScript(script),
    timeoutSeconds: parseTimeout(timeout),
    binaryInput: parseBinaryInput(binaryInput),
    enableBinaryOutput: parseEnableBinaryOutput(enableBinaryOutput),
  };
}

function parseScript(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw invalid('script must be a non-empty string.');
  const sizeBytes = Buffer.byteLength(value);
  if (sizeBytes > MAX_SCRIPT_BYTES) {
    throw invalid(`script is ${sizeBytes} bytes long, at most ${MAX_SCRIPT_BYTES} are allowed.`);
  }
  return value;
}

function parseTimeout(value: unknown): number {
  if (isUnset(value)) return MAX_TIMEOUT_SECONDS;
  const digits = typeof value === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(value)?.[1] : undefined;
  const seconds = Number(digits ?? Number.NaN);
  if (!(seconds >= MIN_TIMEOUT_SECONDS && seconds <= MAX_TIMEOUT_SECONDS)) {
    throw invalid(`timeout must be a duration from ${MIN_TIMEOUT_SECONDS}s to ${MAX_TIMEOUT_SECONDS}s.`);
  }
  return seconds;
}

function parseBinaryInput(value: unknown): string {
  if (isUnset(value)) return '';
  if (typeof value !== 'string') throw invalid('binaryInput must be a resource path.');
  return value;
}

function parseEnableBinaryOutput(value: unknown): boolean {
  if (isUnset(value)) return false;
  if (typeof value !== 'boolean') throw invalid('enableBinaryOutput must be true or false.');
  return value;
}

// In JSON made from protocol buffers, null is the same as absent.
function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}

function invalid(message: string): Refusal {
  return createV2Refusal('INVALID_ARGUMENT', message);
}
