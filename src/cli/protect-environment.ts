import { FIELDS } from '../config/fields.ts';
import type { Invocation } from './invocation.ts';

/** No key of the environment appears in any output, whichever of them counts, and whether one is needed or not. */
export function protectEnvironment({ context, protect }: Pick<Invocation, 'context' | 'protect'>): void {
  for (const name of FIELDS.apiKey.environment) protect(context.env[name]?.trim() ?? '');
}
