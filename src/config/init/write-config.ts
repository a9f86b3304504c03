import { LuauExecError, messageOf, systemCodeOf } from '../../errors.ts';
import { isTrackedByGit } from '../key-exposure.ts';
import { createFile, replaceFile } from '../replace-file.ts';
import { type ConfigContent, formatConfig } from './format-config.ts';
import { applyIgnore, type IgnorePlan, planIgnore } from './git-ignore.ts';
import { createTakenError, type Destination } from './inspect-destination.ts';

export interface ConfigWriting {
  destination: Pick<Destination, 'path' | 'mode'>;
  content: ConfigContent;
  /** Whether the text holds the API key itself. */
  holdsKey: boolean;
  /** Whether what has the name is replaced. */
  replaces: boolean;
}

const PRIVATE = 0o600;
const ORDINARY = 0o666;

/**
 * Writes the config file. One that holds the key can be read by its owner alone, and git is told to ignore it before it
 * is there; resolves to what that took, or null where there is no key. Throws LX017 and LX074; then there is no file, or
 * the old one.
 */
export async function writeConfig(writing: ConfigWriting): Promise<IgnorePlan | null> {
  const { destination, content, holdsKey, replaces } = writing;
  const { path, mode } = destination;
  const plan = holdsKey ? await planSecrecy(path) : null;
  if (plan !== null) await applyIgnore(plan);
  const file = { text: formatConfig(content), mode: holdsKey ? PRIVATE : (mode ?? ORDINARY) };
  try {
    await (replaces ? replaceFile(path, file) : createFile(path, file));
  } catch (cause) {
    if (systemCodeOf(cause) === 'EEXIST') throw createTakenError(path, []);
    throw new LuauExecError(`${path} could not be written: ${messageOf(cause)}`, {
      id: 'LX074',
      kind: 'io',
      hint: 'go to a directory that you may write to',
      cause,
    });
  }
  return plan;
}

async function planSecrecy(path: string): Promise<IgnorePlan> {
  if (!(await isTrackedByGit(path))) return planIgnore(path);
  throw new LuauExecError(`git tracks ${path}, so the API key in it would be in the next commit`, {
    id: 'LX017',
    kind: 'usage',
    hint: 'keep the key elsewhere: --key-source env',
  });
}
