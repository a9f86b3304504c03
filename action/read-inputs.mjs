// @ts-check

/** An input of the action that cannot be used. The message names it. */
export class InputError extends Error {}

/**
 * What to call luau-exec with.
 * @typedef {object} Call
 * @property {string[]} argv the words after the program's name
 * @property {string} apiKey empty where none was given
 * @property {string} workingDirectory as it was given; relative to the workspace
 */

/** Inputs that are one option each: the option's name. */
const VALUE_OPTIONS = {
  'universe-id': 'universe',
  'place-id': 'place',
  'place-version': 'place-version',
  target: 'target',
  timeout: 'timeout',
  concurrency: 'concurrency',
};
const SHOWN_LENGTH = 80;

/**
 * Makes the words of the command line of the inputs, which come as `INPUT_PLACE_ID` and so on. Every value stands behind
 * an equals sign or after `--`, so that none is taken for an option. Throws InputError.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Call}
 */
export function readInputs(env) {
  /** @param {string} name */
  const read = (name) => (env[nameVariable(name)] ?? '').trim();
  /** @param {string} name */
  const readLines = (name) =>
    read(name)
      .split(/\r\n|\r|\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const scripts = readLines('scripts');
  if (scripts.length === 0) throw new InputError('the input scripts is empty: name what to run, one a line');
  const values = Object.entries(VALUE_OPTIONS).flatMap(([name, option]) => {
    const value = read(name);
    return value === '' ? [] : [`--${option}=${value}`];
  });
  const junit = read('junit');
  const flags = ['local', 'bail'].filter((name) => parseBoolean(name, read(name)));
  return {
    argv: [
      'run',
      ...values,
      ...flags.map((name) => `--${name}`),
      ...readLines('arguments').map((line) => `--arg=${line}`),
      ...(junit === '' ? [] : [`--output=junit=${junit}`]),
      ...readLines('options'),
      '--',
      ...scripts,
    ],
    apiKey: env[nameVariable('api-key')] ?? '',
    workingDirectory: read('working-directory') || '.',
  };
}

/** @param {string} input */
function nameVariable(input) {
  return `INPUT_${input.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * Nothing is a mistake too: an expression that came to nothing must not decide whether live data is touched.
 * @param {string} name
 * @param {string} value
 */
function parseBoolean(name, value) {
  if (value === 'true') return true;
  if (value === 'false') return false;
  const shown = value === '' ? 'empty' : JSON.stringify(value.slice(0, SHOWN_LENGTH));
  throw new InputError(`the input ${name} is ${shown}: write true or false`);
}
