import { sanitizeLine } from '../../output/sanitize.ts';
import type { InitFacts } from './init-facts.ts';

/** The ways to give a key, in the words that a flag or an answer names them by. */
export type ChoiceName = 'kept' | 'env' | 'variable' | 'keyring' | 'file' | 'none';

const IDS_URL = 'https://create.roblox.com/dashboard/creations';
const KEYS_URL = 'https://create.roblox.com/dashboard/credentials';
const SCOPE = 'universe.place.luau-execution-session:write';

export function describeIntroduction(path: string): string {
  return [
    `This writes ${sanitizeLine(path)}, for scripts that run on Roblox. Ctrl-C leaves everything as it is.`,
    '',
    'Which experience, and which place of it? Type the id, or paste the URL of its page:',
    IDS_URL,
  ].join('\n');
}

export const KEY_QUESTION = [
  '',
  'Where shall the API key come from? It needs the scope',
  SCOPE,
  'for your experience. To make one:',
  KEYS_URL,
].join('\n');

/** In the order in which they are offered: the best first, the key as plain text last but one. */
export function listChoices({ keptKey }: InitFacts): readonly ChoiceName[] {
  const choices: ChoiceName[] = ['env', 'variable', 'keyring', 'file', 'none'];
  return keptKey === null ? choices : ['kept', ...choices];
}

export function describeChoice(choice: ChoiceName, { keyVariable }: InitFacts): string {
  switch (choice) {
    case 'kept':
      return 'as it is in the file now';
    case 'env':
      return keyVariable === null
        ? 'env: the environment variable ROBLOX_API_KEY, which is not set yet'
        : `env: the environment variable ${keyVariable}, which is set`;
    case 'variable':
      return 'variable: an environment variable with a name of your own';
    case 'keyring':
      return 'keyring: stored on this machine now, as auth set does';
    case 'file':
      return 'file: the key itself in the file, as plain text';
    default:
      return 'none: later';
  }
}

/** What to know before a key is typed that is to stand in the file. Windows has no permission bits to promise. */
export function describeKeyInFile({ platform, isInGit }: { platform: string; isInGit: boolean }): string {
  return [
    'Warning: whoever can read the file can use the key.',
    ...(platform === 'win32' ? [] : ['It is made readable for you alone.']),
    ...(isInGit ? ['Git is told to ignore it.'] : []),
  ].join(' ');
}
