import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfigFile } from '../../src/config/config-file.ts';
import { FIELDS } from '../../src/config/fields.ts';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import type { InputName, Origin, Resolved, SettingName } from '../../src/config/settings.ts';
import { LuauExecError } from '../../src/errors.ts';
import { checkProperty } from './check-property.ts';
import { hostileJson, hostileText } from './hostile-values.ts';

const PATH = '/work/.luauexecrc';
const TARGET = 'staging';
const STORED: Extract<Origin, { kind: 'keyring' }> = { kind: 'keyring', account: 'https://apis.roblox.com' };

const NAMES = Object.keys(FIELDS).filter((name): name is Exclude<SettingName, 'target'> => {
  return Object.hasOwn(FIELDS, name) && name !== 'target';
});

/** Good values of each setting as text, and what becomes of them. */
const VALUES: Record<(typeof NAMES)[number], Arbitrary<[text: string, value: unknown]>> = {
  apiKey: fc.stringMatching(/^[a-z0-9]{8,12}$/).map((key) => [key, key]),
  universeId: fc.stringMatching(/^[1-9][0-9]{0,9}$/).map((id) => [id, id]),
  placeId: fc.stringMatching(/^[1-9][0-9]{0,9}$/).map((id) => [id, id]),
  placeVersion: fc.stringMatching(/^[1-9][0-9]{0,4}$/).map((id) => [id, id]),
  timeoutSeconds: fc.integer({ min: 1, max: 300 }).map((seconds) => [`${seconds}s`, seconds]),
  waitTimeoutSeconds: fc.integer({ min: 1, max: 9e5 }).map((seconds) => [`${seconds}`, seconds]),
  queueTimeoutSeconds: fc.integer({ min: 0, max: 9e5 }).map((ms) => [`${ms}ms`, ms / 1_000]),
  isCancellable: fc.boolean().map((isOn) => [String(isOn), isOn]),
  cancelPollSeconds: fc.integer({ min: 500, max: 60_000 }).map((ms) => [`${ms}ms`, ms / 1_000]),
  isLive: fc.boolean().map((isOn) => [isOn ? '1' : '0', isOn]),
  baseUrl: fc.stringMatching(/^[a-z]{1,9}$/).map((host) => [`https://${host}.test`, `https://${host}.test`]),
};

interface Source {
  text: string;
  value: unknown;
  origin: Origin;
}

/** What each place says of each setting, the strongest place first; a place is missing where it says nothing. */
const sourcesOf = (name: (typeof NAMES)[number]): Arbitrary<Source[]> => {
  const { flag, environment, fileKey } = FIELDS[name];
  const origins: Origin[] = [
    { kind: 'flag', name: flag },
    ...environment.map((variable): Origin => ({ kind: 'environment', name: variable })),
    ...(fileKey === null ? [] : [`targets.${TARGET}.${fileKey}`, fileKey]).map(
      (key): Origin => ({ kind: 'file', path: PATH, key }),
    ),
    ...(name === 'apiKey' ? [STORED] : []),
  ];
  return fc
    .subarray(origins)
    .chain((some) =>
      fc.tuple(...some.map((origin) => VALUES[name].map(([text, value]) => ({ text, value, origin })))),
    );
};

const allSources = fc.tuple(...NAMES.map((name) => sourcesOf(name).map((sources) => ({ name, sources }))));

/** The sources in the form that `resolveSettings` takes. */
function createInput(all: readonly { name: SettingName; sources: Source[] }[]) {
  const flags: Partial<Record<InputName, string>> = { target: TARGET };
  const env: Record<string, string> = {};
  const top: Record<string, string> = {};
  const target: Record<string, string> = {};
  let storedKey: { value: string; origin: typeof STORED } | null = null;
  for (const { name, sources } of all) {
    for (const { text, origin } of sources) {
      if (origin.kind === 'flag') flags[FIELDS[name].name] = text;
      if (origin.kind === 'environment') env[origin.name] = text;
      if (origin.kind === 'file') (origin.key.startsWith('targets') ? target : top)[FIELDS[name].name] = text;
      if (origin.kind === 'keyring') storedKey = { value: text, origin };
    }
  }
  const content = { ...top, targets: { [TARGET]: target } };
  return { flags, env, file: parseConfigFile({ path: PATH, content, keyPrefix: '' }), storedKey };
}

test('flag over environment over target over file over stored key over default, for each setting by itself', () =>
  checkProperty(
    fc.property(allSources, (all) => {
      const settings = resolveSettings(createInput(all));
      for (const { name, sources } of all) {
        const [strongest] = sources;
        const expected: Resolved<unknown> = strongest
          ? { value: strongest.value, origin: strongest.origin }
          : { value: FIELDS[name].fallback, origin: { kind: 'default' } };
        expect(settings[name]).toEqual(expected);
      }
    }),
  ));

test('any words in any place give settings or a usage error that does not hold the key', () =>
  checkProperty(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.values(FIELDS).map(({ name }) => name)), hostileText),
      fc.dictionary(
        fc.constantFrom(...Object.values(FIELDS).flatMap(({ environment }) => environment)),
        hostileText,
      ),
      fc.oneof(
        hostileJson,
        fc.dictionary(fc.constantFrom('universeId', 'timeout', 'target', 'targets', 'apiKey'), hostileJson),
      ),
      fc.stringMatching(/^[a-z]{12}$/),
      (flags, variables, content, secret) => {
        const env = { ...variables, ROBLOX_API_KEY: `${secret}\n${secret}` };
        try {
          resolveSettings({ flags, env, file: parseConfigFile({ path: PATH, content, keyPrefix: '' }) });
        } catch (error) {
          if (!(error instanceof LuauExecError)) throw error;
          expect(error.kind).toBe('usage');
          expect([error.message, error.hint, ...error.facts].join('\n')).not.toContain(secret);
        }
      },
    ),
  ));
