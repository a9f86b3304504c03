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
import type { Environment, FlagValues, Settings } from './settings.ts';

export interface LoadSettingsOptions {
  /** What flags gave, as text under the names that a file uses; `apiKeyFile` names a file, or `-`. */
  flags: Omit<FlagValues, 'apiKey'> & { readonly apiKeyFile?: string | undefined };
  env: Environment;
  cwd: string;
  homeDirectory: string | null;
  platform: string;
  /** Read only when `apiKeyFile` is `-`, so that it may be a getter. */
  readonly stdin: KeyInput;
  /** The value of `--config`. */
  configFile?: string | undefined;
}

export interface LoadedSettings {
  settings: Settings;
  warnings: SettingsWarning[];
  searched: ConfigSearch;
}

/** Reads all sources and resolves them. Throws usage errors LX002, LX003, LX005, LX011 and LX012. */
export async function loadSettings(options: LoadSettingsOptions): Promise<LoadedSettings> {
  const { env, platform } = options;
  const { file: loaded, mode, searched } = await loadConfig(options);
  const file = loaded === null ? null : parseConfigFile(loaded);
  const { apiKeyFile, ...flags } = options.flags;
  const apiKey = apiKeyFile === undefined ? undefined : await readApiKey(apiKeyFile, options);
  const settings = resolveSettings({ flags: { ...flags, apiKey }, env, file });
  return { settings, warnings: await findWarnings(file, { mode, platform }), searched };
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
  known: { mode: number | null; platform: string },
): Promise<SettingsWarning[]> {
  if (file === null || !hasLiteralKey(file)) return [];
  const warning = describeKeyExposure(file.path, {
    isTracked: await isTrackedByGit(file.path),
    isReadableByOthers: known.mode !== null && isReadableByOthers(known.mode, known.platform),
  });
  return warning === null ? [] : [warning];
}
