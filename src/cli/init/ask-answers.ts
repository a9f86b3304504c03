import type { KnownId } from '../../config/init/known-ids.ts';
import { COPY_HINT, describeClash, type NamedIds, parseIdAnswer } from '../../config/init/parse-id-answer.ts';
import { parseApiKey } from '../../config/parse-setting.ts';
import { inspectStoredKey } from '../../config/stored-key.ts';
import type { Context } from '../../context.ts';
import { sanitizeLine } from '../../output/sanitize.ts';
import type { Dialogue } from '../terminal-dialogue.ts';
import { describeFileProblem, type InitAnswers, type KeyChoice, parseVariableName } from './init-answers.ts';
import type { InitFacts } from './init-facts.ts';
import {
  describeChoice,
  describeIntroduction,
  describeKeyInFile,
  KEY_QUESTION,
  listChoices,
} from './questions.ts';

export interface Asking {
  context: Context;
  dialogue: Dialogue;
  facts: InitFacts;
  /** Prints lines on the terminal, broken at blanks. */
  say(text: string): void;
  /** From now on this text appears in no output. */
  protect(secret: string): void;
}

const HIDDEN = 'what you type or paste is not shown';

/** Asks for everything, each until there is a good answer. Throws LX602 when the user stops. */
export async function askAnswers(asking: Asking): Promise<InitAnswers> {
  const { facts, say } = asking;
  say(describeIntroduction(facts.destination.path));
  const universe = await askId(asking, {
    name: 'universeId',
    label: 'Universe id',
    known: facts.known.universeId,
  });
  const place = await askId(asking, {
    name: 'placeId',
    label: 'Place id',
    known: readPlace(universe.named) ?? facts.known.placeId,
    universeId: universe.value,
  });
  return { universeId: universe.value, placeId: place.value, key: await askKey(asking) };
}

interface IdQuestion {
  name: keyof NamedIds;
  label: string;
  known: KnownId | null;
  /** What a URL must not contradict. */
  universeId?: string;
}

/** Resolves to the id and to all that URLs have named on the way to it. */
async function askId(
  { dialogue, say }: Asking,
  { name, label, known, universeId }: IdQuestion,
): Promise<{ value: string; named: NamedIds | null }> {
  let named: NamedIds | null = null;
  const question =
    known === null ? `${label}: ` : `${label} (Enter: ${known.value}, ${sanitizeLine(known.source)}): `;
  for (;;) {
    const text = await dialogue.askLine(question);
    if (text.trim() === '' && known !== null) return { value: known.value, named };
    const answer = parseIdAnswer(name, text);
    const clash = describeClash(answer.named, universeId ?? null);
    if (clash !== null) {
      say(`That ${clash}; ${COPY_HINT}.`);
      continue;
    }
    named = mergeIds(answer.named, named);
    if (answer.ok) {
      if (answer.named !== null) say(`In the URL: ${describeIds(answer.named)}`);
      return { value: answer.value, named };
    }
    say(`That ${answer.reason}; ${answer.hint}.`);
  }
}

async function askKey(asking: Asking): Promise<KeyChoice> {
  const { dialogue, say, facts } = asking;
  const choices = listChoices(facts);
  say(KEY_QUESTION);
  say(choices.map((choice, index) => `  ${index + 1}. ${describeChoice(choice, facts)}`).join('\n'));
  for (;;) {
    const text = (await dialogue.askLine(`1 to ${choices.length} (Enter: 1): `)).normalize('NFKC').trim();
    const choice =
      text === '' ? choices[0] : choices.find((name, index) => text === name || text === `${index + 1}`);
    if (choice === undefined) {
      say(`That is not a number from 1 to ${choices.length}.`);
      continue;
    }
    const key = await askKeyDetails(choice, asking);
    if (key !== null) return key;
  }
}

/** Null where the user goes back to the choice. */
async function askKeyDetails(
  choice: ReturnType<typeof listChoices>[number],
  asking: Asking,
): Promise<KeyChoice | null> {
  const { facts, say } = asking;
  switch (choice) {
    case 'kept':
      return facts.keptKey === null ? null : { source: 'kept', raw: facts.keptKey };
    case 'env':
      return { source: 'env', variable: null };
    case 'variable':
      return { source: 'env', variable: await askVariable(asking) };
    case 'keyring':
      return askStoredKey(asking);
    case 'file': {
      say(describeKeyInFile({ platform: asking.context.platform, isInGit: facts.isInGit }));
      const key = await askSecretKey(asking, { ifEmpty: 'goes back', check: describeFileProblem });
      return key === '' ? null : { source: 'file', key };
    }
    default:
      return { source: 'none' };
  }
}

async function askVariable({ dialogue, say, facts }: Asking): Promise<string> {
  const usual = facts.keyVariable ?? 'ROBLOX_API_KEY';
  for (;;) {
    const text = await dialogue.askLine(`Name of the variable (Enter: ${usual}): `);
    const parsed = parseVariableName(text.trim() === '' ? usual : text);
    if (parsed.ok) return parsed.value;
    say(`That ${parsed.reason}; ${parsed.hint}.`);
  }
}

async function askStoredKey(asking: Asking): Promise<KeyChoice | null> {
  const { context, facts } = asking;
  const { keyring, file } = await inspectStoredKey(facts.baseUrl, context);
  const hasKey = keyring.hasKey || file.hasKey;
  const key = await askSecretKey(asking, { ifEmpty: hasKey ? 'keeps the stored one' : 'goes back' });
  if (key !== '') return { source: 'keyring', key };
  return hasKey ? { source: 'keyring', key: null } : null;
}

/** The key; empty where nothing was typed. */
async function askSecretKey(
  { dialogue, say, protect }: Asking,
  { ifEmpty, check }: { ifEmpty: string; check?: (key: string) => string | null },
): Promise<string> {
  say(`API key: ${HIDDEN}; Enter alone ${ifEmpty}.`);
  for (;;) {
    const text = await dialogue.askSecret('API key: ');
    if (text.trim() === '') return '';
    const parsed = parseApiKey(text);
    const problem = parsed.ok ? (check?.(parsed.value) ?? null) : parsed.reason;
    if (parsed.ok && problem === null) {
      protect(parsed.value);
      return parsed.value;
    }
    say(`The key ${problem}; copy it again.`);
  }
}

function readPlace(named: NamedIds | null): KnownId | null {
  return named?.placeId ? { value: named.placeId, source: 'from the URL' } : null;
}

function mergeIds(newer: NamedIds | null, older: NamedIds | null): NamedIds | null {
  if (newer === null || older === null) return newer ?? older;
  return {
    universeId: newer.universeId ?? older.universeId,
    placeId: newer.placeId ?? older.placeId,
  };
}

/** `universe 123, place 456`; only what is there. */
function describeIds({ universeId, placeId }: NamedIds): string {
  return [
    ...(universeId === null ? [] : [`universe ${universeId}`]),
    ...(placeId === null ? [] : [`place ${placeId}`]),
  ].join(', ');
}
