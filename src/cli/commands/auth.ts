import { readApiKeyFile } from '../../config/api-key-file.ts';
import { describeSettings } from '../../config/describe-settings.ts';
import { FIELDS } from '../../config/fields.ts';
import { parseApiKey } from '../../config/parse-setting.ts';
import { resolveBaseUrl } from '../../config/resolve-settings.ts';
import { describePrivacy } from '../../config/set-variable.ts';
import { createSettingError } from '../../config/setting-error.ts';
import { LOCAL_TARGET } from '../../config/settings.ts';
import { inspectStoredKey, type KeyPlace, removeStoredKey, storeKey } from '../../config/stored-key.ts';
import { formatSettings, type SettingLine } from '../../output/format-settings.ts';
import { loadInvocationSettings } from '../connect.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { readSecret } from '../read-secret.ts';
import { type GlobalOptions, readSettingFlags } from '../shared-options.ts';

const SCHEMA = 'luau-exec.auth/v1';

export type AuthAction = 'set' | 'status' | 'remove';

/** Stores the API key, says where it comes from, or removes what was stored. */
export function runAuth(invocation: Invocation, action: AuthAction, options: GlobalOptions): Promise<number> {
  const run = { set: setKey, status: showKeyStatus, remove: removeKey }[action];
  return run(invocation, options);
}

/** Stores a key for the API in use, from a prompt, standard input or a file. Throws LX002, LX014, LX074 and LX602. */
async function setKey(invocation: Invocation, options: GlobalOptions): Promise<number> {
  const { context, printer } = invocation;
  const baseUrl = readBaseUrl(invocation, options);
  const key = await readKey(invocation, { baseUrl, file: options.apiKeyFile });
  const { path, problem } = await storeKey(baseUrl, key, context);
  const stronger = FIELDS.apiKey.environment.find((name) => (context.env[name] ?? '').trim() !== '') ?? null;
  if (printer.isJson) {
    const stored = { baseUrl, storedIn: path === null ? 'keyring' : 'file', path, keyringProblem: problem };
    await printJson(invocation, { action: 'set', ...stored });
    return EXIT_CODES.ok;
  }
  await printer.printNotice(
    path === null
      ? `stored the API key for ${baseUrl} in the keyring`
      : `stored the API key for ${baseUrl} in ${path}, ${describePrivacy(context.platform)}: no keyring works here (${problem})`,
  );
  if (stronger !== null) {
    await printer.printNotice(
      `${stronger} is set and comes first; the stored key is used where it is not set`,
    );
  }
  return EXIT_CODES.ok;
}

/** Says where the key comes from, never what it is; exits 4 when there is none though the target takes one. */
async function showKeyStatus(invocation: Invocation, options: GlobalOptions): Promise<number> {
  const { context, printer } = invocation;
  const { settings, warnings } = await loadInvocationSettings(invocation, options);
  const baseUrl = settings.baseUrl.value;
  const { keyring, file, path } = await inspectStoredKey(baseUrl, context);
  const isSet = settings.apiKey.value !== null;
  const isNeeded = settings.target.value !== LOCAL_TARGET;
  if (printer.isJson) {
    const { origin } = settings.apiKey;
    await printJson(invocation, {
      action: 'status',
      baseUrl,
      isSet,
      isNeeded,
      origin,
      keyring,
      file: { ...file, path },
      warnings,
    });
  } else {
    const inUse = describeSettings(settings).filter(({ name }) => name === FIELDS.apiKey.name);
    const rows: SettingLine[] = [
      ...inUse.map((row) => (isNeeded ? row : { ...row, text: 'not needed', source: 'the target is local' })),
      describePlace(keyring, { name: 'keyring', source: `for ${baseUrl}` }),
      describePlace(file, { name: 'file', source: path ?? 'none' }),
    ];
    await printer.printData(formatSettings(rows, printer.stdoutStyle));
    await printer.printWarnings(warnings);
    if (isNeeded && !isSet) await printer.printNotice('hint: luau-exec auth set');
  }
  return isSet || !isNeeded ? EXIT_CODES.ok : EXIT_CODES.auth;
}

/** Removes the stored key for the API in use from keyring and file; that there was none is no failure. */
async function removeKey(invocation: Invocation, options: GlobalOptions): Promise<number> {
  const { context, printer } = invocation;
  const baseUrl = readBaseUrl(invocation, options);
  const { fromKeyring, filePath, keyringProblem } = await removeStoredKey(baseUrl, context);
  if (printer.isJson) {
    const removed = { baseUrl, fromKeyring, fromFile: filePath !== null, keyringProblem };
    await printJson(invocation, { action: 'remove', ...removed });
    return EXIT_CODES.ok;
  }
  const places = [...(fromKeyring ? ['the keyring'] : []), ...(filePath === null ? [] : [filePath])];
  const what =
    places.length === 0
      ? `no API key was stored for ${baseUrl}`
      : `removed the API key for ${baseUrl} from ${places.join(' and ')}`;
  await printer.printNotice(
    keyringProblem === null ? what : `${what}; no keyring works here (${keyringProblem})`,
  );
  return EXIT_CODES.ok;
}

function readBaseUrl({ context }: Invocation, options: GlobalOptions): string {
  const { baseUrl } = readSettingFlags(options);
  return resolveBaseUrl({ flags: { baseUrl }, env: context.env });
}

async function readKey(
  { context, protect }: Invocation,
  { baseUrl, file = '-' }: { baseUrl: string; file: string | undefined },
): Promise<string> {
  const { cwd, stdin, stderr, signal } = context;
  const given = { raw: '', source: file === '-' ? 'standard input' : FIELDS.apiKey.flag };
  if (file === '-' && stdin.isTTY && stdin.setRawMode) {
    const text = `API key for ${baseUrl} (what you type or paste is not shown): `;
    given.raw = await readSecret({ text, stdin, stderr, signal });
    given.source = 'the terminal';
  } else given.raw = await readApiKeyFile({ file, cwd, stdin });
  const parsed = parseApiKey(given.raw);
  if (!parsed.ok) {
    throw createSettingError({
      field: FIELDS.apiKey,
      raw: given.raw,
      origin: { kind: 'flag', name: given.source },
      reason: parsed.reason,
      hint: parsed.hint,
    });
  }
  protect(parsed.value);
  return parsed.value;
}

function describePlace(place: KeyPlace, row: { name: string; source: string }): SettingLine {
  const text = place.hasKey ? 'holds a key' : place.problem === null ? 'holds no key' : 'not usable';
  return { ...row, text, isSet: place.hasKey, source: place.problem ?? row.source };
}

function printJson({ printer }: Invocation, fields: object): Promise<void> {
  return printer.printData(`${JSON.stringify({ schema: SCHEMA, ...fields })}\n`);
}
