import type { Keyring } from '../context.ts';
import { type KeyInput, readApiKeyFile } from './api-key-file.ts';
import { type ConfigFile, hasLiteralKey, parseConfigFile } from './config-file.ts';
import {
  describeKeyExposure,
  isReadableByOthers,
  isTrackedByGit,
  type SettingsWarning,
} from './key-exposure.ts';
import { type ConfigSearch, loadConfig } from './load-config.ts';
import { resolveSettings } from './resolve-settings.ts';
import { findShell, type Shell } from './set-variable.ts';
import { type Environment, type FlagValues, LOCAL_TARGET, type Settings } from './settings.ts';

export interface LoadSettingsOptions {
  /** What flags gave, as text under the names that a file uses; `apiKeyFile` names a file, or `-`. */
  flags: Omit<FlagValues, 'apiKey'> & { readonly apiKeyFile?: string | undefined };
  env: Environment;
  cwd: string;
  homeDirectory: string | null;
  platform: string;
  /** Read only when `apiKeyFile` is `-`, so that it may be a getter. */
  readonly stdin: KeyInput;
  /** Asked only when nothing else gives a key and the target takes one. */
  keyring: Keyring;
  /** The value of `--config`. */
  configFile?: string | undefined;
}

/** Where settings were looked for, and in whose words to say how to set them. */
export interface SettingsSearch extends ConfigSearch {
  /** Where a stored key was looked for in vain, one sentence each. */
  storedKeyFacts: readonly string[];
  shell: Shell;
}

export interface LoadedSettings {
  settings: Settings;
  warnings: SettingsWarning[];
  searched: SettingsSearch;
}

/** Reads all sources and resolves them. Throws usage errors LX002, LX003, LX005, LX011, LX012 and LX014. */
export async function loadSettings(options: LoadSettingsOptions): Promise<LoadedSettings> {
  const { env, platform } = options;
  const shell = findShell(options);
  const { file: loaded, mode, searched } = await loadConfig(options);
  const file = loaded === null ? null : parseConfigFile(loaded);
  const { apiKeyFile, ...flags } = options.flags;
  const apiKey = apiKeyFile === undefined ? undefined : await readApiKey(apiKeyFile, options);
  const input = { flags: { ...flags, apiKey }, env, file };
  const settings = resolveSettings(input);
  const warnings = await findWarnings(file, { mode, platform, shell });
  if (settings.apiKey.value !== null || settings.target.value === LOCAL_TARGET) {
    return { settings, warnings, searched: { ...searched, storedKeyFacts: [], shell } };
  }
  // Most calls end above and do not need it.
  const { findStoredKey } = await import('./stored-key.ts');
  const stored = await findStoredKey(settings.baseUrl.value, options);
  return {
    settings: resolveSettings({ ...input, storedKey: stored.key }),
    warnings: [...warnings, ...stored.warnings],
    searched: { ...searched, storedKeyFacts: stored.facts, shell },
  };
}

async function readApiKey(file: string, options: LoadSettingsOptions): Promise<string> {
  return readApiKeyFile({
    file,
    cwd: options.cwd,
    get stdin() {
      return options.stdin;
    },
  });
}

async function findWarnings(
  file: ConfigFile | null,
  known: { mode: number | null; platform: string; shell: Shell },
): Promise<SettingsWarning[]> {
  if (file === null || !hasLiteralKey(file)) return [];
  const warning = describeKeyExposure(file.path, {
    isTracked: await isTrackedByGit(file.path),
    isReadableByOthers: known.mode !== null && isReadableByOthers(known.mode, known.platform),
    shell: known.shell,
  });
  return warning === null ? [] : [warning];
}
