import { basename } from 'node:path';
import { parseConfigFile } from '../../config/config-file.ts';
import { loadConfig } from '../../config/load-config.ts';
import { LOCAL_TARGET } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import type { Candidate } from './answer.ts';

/** `local`, and the targets of the config file, which is found as every command finds it. */
export async function findTargetCandidates(
  context: Context,
  configFile: string | undefined,
): Promise<Candidate[]> {
  const local = { value: LOCAL_TARGET, description: 'the emulator on this machine' };
  try {
    const { file } = await loadConfig({ ...context, configFile });
    if (file === null) return [local];
    const { targets, path } = parseConfigFile(file);
    return [local, ...[...targets.keys()].map((value) => ({ value, description: basename(path) }))];
  } catch {
    // What is wrong with the file is told by the command that reads it.
    return [local];
  }
}
