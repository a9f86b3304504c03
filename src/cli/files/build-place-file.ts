import { FIELDS } from '../../config/fields.ts';
import { sanitize } from '../../output/sanitize.ts';
import { buildWithRojo, type RojoBuild } from '../../place/build-with-rojo.ts';
import type { Invocation } from '../invocation.ts';

/** Characters; the end of it says what is wrong. */
const MOST_SHOWN = 100_000;

/**
 * Builds a place with the user's own rojo. What rojo prints is shown where it fails, as it is. It is not given the API
 * key, for which it has no use. Throws what `buildWithRojo` throws.
 */
export async function buildPlaceFile(
  project: string,
  { context }: Invocation,
  secret: string | null,
): Promise<RojoBuild> {
  const env = Object.fromEntries(Object.entries(context.env).filter((entry) => !isSecret(entry, secret)));
  let printed = '';
  const onOutput = (text: string) => {
    printed = (printed + text).slice(-MOST_SHOWN);
  };
  try {
    return await buildWithRojo(project, { ...context, env, onOutput });
  } catch (error) {
    if (printed !== '' && !context.signal.aborted) context.stderr.write(endWithLine(sanitize(printed)));
    throw error;
  }
}

function endWithLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** By its name, which Windows takes in any case, or because it holds the key under a name of the user's. */
function isSecret([name, value]: [string, string | undefined], secret: string | null): boolean {
  if (FIELDS.apiKey.environment.includes(name.toUpperCase())) return true;
  return secret !== null && secret !== '' && value?.includes(secret) === true;
}
