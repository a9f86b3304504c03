import { FIELDS } from '../../config/fields.ts';
import { findSetVariable } from '../../config/init/known-ids.ts';
import type { SettingsWarning } from '../../config/key-exposure.ts';
import type { RawValue } from '../../config/parse-setting.ts';
import { describeSetVariables, describeUnsetVariable, type Shell } from '../../config/set-variable.ts';
import type { Environment } from '../../config/settings.ts';
import type { NextStep } from '../../output/format-init.ts';
import type { InitAnswers, KeyChoice } from './init-answers.ts';
import type { InitFacts } from './init-facts.ts';

const USUAL_VARIABLE = 'ROBLOX_API_KEY';

/** Of a key that the config file says nothing of. */
const ELSEWHERE = {
  env: `The API key comes from the environment: ${USUAL_VARIABLE}.`,
  keyring: 'The API key is in the keyring of each user: luau-exec auth set.',
  none: `No API key yet: ${USUAL_VARIABLE} in the environment, or luau-exec auth set.`,
} as const;

/** What the config file says of the key, and whether it then holds the key itself. */
export function describeKey(key: KeyChoice): { apiKey: RawValue | null; comment: string; holdsKey: boolean } {
  switch (key.source) {
    case 'kept':
      return describeInFile(key.raw);
    case 'file':
      return describeInFile(key.key);
    case 'env':
      if (key.variable !== null) return describeInFile(`\${${key.variable}}`);
      break;
  }
  return { apiKey: null, comment: ELSEWHERE[key.source], holdsKey: false };
}

function describeInFile(apiKey: RawValue) {
  const holdsKey = typeof apiKey === 'string' && !apiKey.includes('${');
  const comment = holdsKey
    ? 'The API key itself: keep this file to yourself, and out of git.'
    : 'The API key comes from the environment.';
  return { apiKey, comment, holdsKey };
}

/** What of the environment and of other files the user may not expect beside the new file. */
export function findInitWarnings(known: {
  answers: InitAnswers;
  facts: InitFacts;
  env: Environment;
  shell: Shell;
}): SettingsWarning[] {
  const { answers, facts, env, shell } = known;
  const { destination } = facts;
  return [
    ...(['universeId', 'placeId'] as const).flatMap((name) => {
      const variable = findSetVariable(FIELDS[name].environment, env);
      if (variable === null || env[variable]?.trim() === answers[name]) return [];
      return [
        createWarning(
          `${variable} is set to something else and comes before the file`,
          describeUnsetVariable(variable, shell),
        ),
      ];
    }),
    ...warnOfStrongerKey(answers.key, { keyVariable: facts.keyVariable, shell }),
    ...destination.shadowed.map((file) =>
      createWarning(
        `${file} is not read here: one config file counts, and ${destination.path} comes first`,
        'move what you need of it into the new file',
      ),
    ),
    ...(destination.problem === null || destination.kind === 'nothing'
      ? []
      : [createWarning(`nothing was kept of the old file: ${destination.problem}`, null)]),
  ];
}

/** What to type now; the key first, where there is none yet. */
export function listNextSteps({
  answers,
  facts,
  shell,
}: {
  answers: InitAnswers;
  facts: InitFacts;
  shell: Shell;
}): NextStep[] {
  return [
    ...listKeySteps(answers.key, { keyVariable: facts.keyVariable, shell }),
    { command: 'luau-exec doctor', what: 'is everything there that a run needs' },
    { command: 'luau-exec run SCRIPT', what: 'run a script on Roblox' },
    { command: 'luau-exec run SCRIPT --local', what: 'run it on this machine, which needs none of this' },
  ];
}

function listKeySteps(
  key: KeyChoice,
  { keyVariable, shell }: { keyVariable: string | null; shell: Shell },
): NextStep[] {
  const what = 'the API key, which is not there yet';
  if (key.source === 'none' && keyVariable === null) return [{ command: 'luau-exec auth set', what }];
  if (key.source !== 'env') return [];
  if (key.variable === null) {
    return keyVariable === null ? [{ command: describeSetVariables([USUAL_VARIABLE], shell), what }] : [];
  }
  return [
    { command: describeSetVariables([key.variable], shell), what: 'the API key, unless it is set already' },
  ];
}

function warnOfStrongerKey(
  key: KeyChoice,
  { keyVariable, shell }: { keyVariable: string | null; shell: Shell },
): SettingsWarning[] {
  if (keyVariable === null || key.source === 'none') return [];
  if (key.source === 'env' && (key.variable === null || key.variable === keyVariable)) return [];
  return [
    createWarning(
      `${keyVariable} is set and comes first as the API key`,
      describeUnsetVariable(keyVariable, shell),
    ),
  ];
}

function createWarning(message: string, hint: string | null): SettingsWarning {
  return { id: 'LX019', message, hint };
}
