import { FIELDS } from '../../config/fields.ts';
import { findGitRoot } from '../../config/init/git-ignore.ts';
import { type Destination, inspectDestination } from '../../config/init/inspect-destination.ts';
import { findKnownIds, findSetVariable, type KnownIds } from '../../config/init/known-ids.ts';
import type { RawValue } from '../../config/parse-setting.ts';
import { resolveBaseUrl } from '../../config/resolve-settings.ts';
import type { Context } from '../../context.ts';

/** What is known before anybody is asked. */
export interface InitFacts {
  destination: Destination;
  known: KnownIds;
  /** The API's origin, which a stored key is for. */
  baseUrl: string;
  /** The variable that gives a key now; null where none does. */
  keyVariable: string | null;
  /** The key, or `${NAME}`, in the file that is to be replaced; null where there is none. */
  keptKey: RawValue | null;
  /** What else stands in that file, and stays. */
  kept: Readonly<Record<string, unknown>>;
  keptHoldsKey: boolean;
  isInGit: boolean;
}

/** Looks at the environment and the files. Throws LX011 for a bad base URL and LX017. */
export async function findInitFacts(
  context: Context,
  flags: { baseUrl: string | undefined },
): Promise<InitFacts> {
  const { env } = context;
  const baseUrl = resolveBaseUrl({ flags, env });
  const destination = await inspectDestination(context);
  const { inUse, path } = destination;
  const replaced = inUse?.path === path ? inUse : null;
  return {
    destination,
    known: findKnownIds(env, inUse),
    baseUrl,
    keyVariable: findSetVariable(FIELDS.apiKey.environment, env),
    keptKey: replaced?.apiKey ?? null,
    kept: replaced?.further ?? {},
    keptHoldsKey: replaced?.hasKeyInTargets ?? false,
    isInGit: (await findGitRoot(context.cwd)) !== null,
  };
}
