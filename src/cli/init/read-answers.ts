import { readApiKeyFile } from '../../config/api-key-file.ts';
import { FIELDS } from '../../config/fields.ts';
import { COPY_HINT, describeClash, parseIdAnswer } from '../../config/init/parse-id-answer.ts';
import { parseApiKey } from '../../config/parse-setting.ts';
import { createSettingError } from '../../config/setting-error.ts';
import { inspectStoredKey } from '../../config/stored-key.ts';
import type { Context } from '../../context.ts';
import { LuauExecError } from '../../errors.ts';
import type { InitOptions } from '../shared-options.ts';
import { describeFileProblem, type InitAnswers, type KeyChoice, parseVariableName } from './init-answers.ts';
import type { InitFacts } from './init-facts.ts';

export interface Reading {
  context: Context;
  options: InitOptions;
  facts: InitFacts;
  protect(secret: string): void;
}

/** Whether the flags answer a question, in which case none is asked. */
export function hasAnswers(options: InitOptions): boolean {
  const { universe, place, keySource, keyVariable, apiKeyFile } = options;
  return [universe, place, keySource, keyVariable, apiKeyFile].some((flag) => flag !== undefined);
}

/**
 * All answers from flags and what is known already. Throws LX001 that names everything that is missing, LX003 for flags
 * that do not go together, and LX002, LX005 or LX011 for a bad value.
 */
export async function readAnswers(reading: Reading): Promise<InitAnswers> {
  const { options, facts } = reading;
  checkFlags(options);
  const ids = readIds(reading);
  const needsKey = await isKeyMissing(reading);
  if (ids.universeId === null || ids.placeId === null || needsKey) {
    throw createMissingError({ ...ids, needsKey, options, facts });
  }
  return { universeId: ids.universeId, placeId: ids.placeId, key: await readKeyChoice(reading) };
}

function checkFlags({ keySource, keyVariable, apiKeyFile }: InitOptions): void {
  const takesKey = keySource === 'keyring' || keySource === 'file';
  if (apiKeyFile !== undefined && !takesKey) {
    throw createConflict(
      '--api-key-file gives a key that would go nowhere',
      'add --key-source keyring or --key-source file',
    );
  }
  if (keyVariable !== undefined && keySource !== undefined && keySource !== 'env') {
    throw createConflict(
      `--key-variable does not go with --key-source ${keySource}`,
      'leave one of them out',
    );
  }
}

interface ReadIds {
  universeId: string | null;
  placeId: string | null;
}

function readIds({ options, facts }: Reading): ReadIds {
  const universe = readId('universeId', options.universe);
  const place = readId('placeId', options.place);
  const universeId = universe?.value ?? facts.known.universeId?.value ?? null;
  const clash = describeClash(place?.named ?? null, universeId);
  if (clash !== null)
    throw createIdError('placeId', { raw: options.place ?? '', reason: clash, hint: COPY_HINT });
  return {
    universeId,
    placeId: place?.value ?? universe?.named?.placeId ?? facts.known.placeId?.value ?? null,
  };
}

function readId(name: keyof ReadIds, raw: string | undefined) {
  if (raw === undefined) return null;
  const answer = parseIdAnswer(name, raw);
  if (answer.ok) return answer;
  throw createIdError(name, { raw, ...answer });
}

function createIdError(
  name: keyof ReadIds,
  bad: { raw: string; reason: string; hint: string },
): LuauExecError {
  const field = FIELDS[name];
  const { raw, reason, hint } = bad;
  return createSettingError({ field, raw, origin: { kind: 'flag', name: field.flag }, reason, hint });
}

/** A key that is stored already will do for the keyring; a file needs one that is given. */
async function isKeyMissing({ context, options, facts }: Reading): Promise<boolean> {
  const { keySource, apiKeyFile } = options;
  if (apiKeyFile !== undefined || (keySource !== 'keyring' && keySource !== 'file')) return false;
  if (keySource === 'file') return true;
  const { keyring, file } = await inspectStoredKey(facts.baseUrl, context);
  return !keyring.hasKey && !file.hasKey;
}

async function readKeyChoice({ context, options, facts, protect }: Reading): Promise<KeyChoice> {
  const { keySource, keyVariable, apiKeyFile } = options;
  if (keyVariable !== undefined) return { source: 'env', variable: readVariable(keyVariable) };
  if (keySource === undefined) {
    return facts.keptKey === null
      ? { source: 'env', variable: null }
      : { source: 'kept', raw: facts.keptKey };
  }
  if (keySource === 'env') return { source: 'env', variable: null };
  if (keySource === 'none') return { source: 'none' };
  if (apiKeyFile === undefined) return { source: 'keyring', key: null };
  const raw = await readApiKeyFile({ file: apiKeyFile, cwd: context.cwd, stdin: context.stdin });
  const parsed = parseApiKey(raw);
  const problem = parsed.ok
    ? keySource === 'file'
      ? describeFileProblem(parsed.value)
      : null
    : parsed.reason;
  if (!parsed.ok || problem !== null) {
    throw createSettingError({
      field: FIELDS.apiKey,
      raw,
      origin: { kind: 'flag', name: apiKeyFile === '-' ? 'standard input' : FIELDS.apiKey.flag },
      reason: problem ?? '',
      ...(parsed.ok ? { hint: 'use --key-source keyring' } : { hint: parsed.hint }),
    });
  }
  protect(parsed.value);
  return { source: keySource, key: parsed.value };
}

function readVariable(text: string): string {
  const parsed = parseVariableName(text);
  if (parsed.ok) return parsed.value;
  // Not quoted: it can be the key itself.
  throw new LuauExecError(`what --key-variable says ${parsed.reason}`, {
    id: 'LX011',
    kind: 'usage',
    hint: parsed.hint,
  });
}

function createMissingError(
  missing: ReadIds & { needsKey: boolean; options: InitOptions; facts: InitFacts },
): LuauExecError {
  const { universeId, placeId, needsKey, options, facts } = missing;
  const fields = [
    ...(universeId === null ? [FIELDS.universeId] : []),
    ...(placeId === null ? [FIELDS.placeId] : []),
    ...(needsKey ? [FIELDS.apiKey] : []),
  ];
  const names = fields.map(({ label }) => `no ${label}`);
  const words = [
    'luau-exec init',
    `--universe ${universeId ?? 'ID'}`,
    `--place ${placeId ?? 'ID'}`,
    ...(options.keySource === undefined ? [] : [`--key-source ${options.keySource}`]),
    ...(needsKey ? ['--api-key-file FILE'] : []),
    ...(options.keyVariable === undefined ? [] : [`--key-variable ${options.keyVariable}`]),
    ...(options.force ? ['--force'] : []),
  ];
  return new LuauExecError(names.join(names.length === 2 ? ' and ' : ', '), {
    id: 'LX001',
    kind: 'usage',
    facts: [
      ...fields.map(({ label, flag, environment }) =>
        label === FIELDS.apiKey.label
          ? `${flag} gives the ${label}, and none is stored for ${facts.baseUrl}`
          : `looked for the ${label} at ${[flag, ...environment].join(', ')} and in a config file`,
      ),
      'nothing is asked without a terminal, with --json, or where a flag has answered',
    ],
    hint: words.join(' '),
  });
}

function createConflict(message: string, hint: string): LuauExecError {
  return new LuauExecError(message, { id: 'LX003', kind: 'usage', hint });
}
