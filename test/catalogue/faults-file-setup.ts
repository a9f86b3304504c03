import type { CliSessionOptions } from '../helpers/cli-session.ts';

export const line = 'emulate --faults f.json';

/** A file with one fault of this kind. */
export function fault(request: string, action: unknown, further: object = {}): CliSessionOptions {
  return { files: { 'f.json': JSON.stringify({ faults: [{ request, do: action, ...further }] }) } };
}

export function file(text: string | Uint8Array): CliSessionOptions {
  return { files: { 'f.json': text } };
}
