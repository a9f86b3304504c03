import type { RawValue } from '../../config/parse-setting.ts';

/** Where the API key shall come from, with what that takes. */
export type KeyChoice =
  /** A variable that the file names, or null for those that are read anyway. */
  | { source: 'env'; variable: string | null }
  /** Null where the key that is stored already stays. */
  | { source: 'keyring'; key: string | null }
  | { source: 'file'; key: string }
  | { source: 'none' }
  /** As it stands in the file that is replaced. */
  | { source: 'kept'; raw: RawValue };

/** All that a new config file needs to know. */
export interface InitAnswers {
  universeId: string;
  placeId: string;
  key: KeyChoice;
}

const NAME_HINT = 'write it as ROBLOX_API_KEY, without the $';

/** The name of an environment variable, also where it was written as `$NAME` or `${NAME}`. */
export function parseVariableName(
  text: string,
): { ok: true; value: string } | { ok: false; reason: string; hint: string } {
  const name = text.trim().replace(/^\$\{?|\}$/g, '');
  if (/^[A-Za-z_]\w{0,127}$/.test(name)) return { ok: true, value: name };
  return { ok: false, reason: 'is not the name of an environment variable', hint: NAME_HINT };
}

/** Of a key that is to stand in a config file: there `${` begins the name of a variable. Null where all is well. */
export function describeFileProblem(key: string): string | null {
  return key.includes('${') ? 'holds ${, which a config file takes for a variable' : null;
}
