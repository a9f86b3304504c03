import { describe, expect, it } from 'vitest';
import { InputError, readInputs } from '../../action/read-inputs.mjs';

const LEAST = { INPUT_SCRIPTS: 'a.luau', INPUT_LOCAL: 'false', INPUT_BAIL: 'false' };

describe('the command line that inputs make', () => {
  it.each<[name: string, env: Record<string, string>, argv: string[]]>([
    ['the least', {}, ['run', '--', 'a.luau']],
    [
      'every input',
      {
        INPUT_SCRIPTS: 'a.luau\ntests/**/*.luau\n',
        INPUT_UNIVERSE_ID: '1',
        INPUT_PLACE_ID: '2',
        INPUT_PLACE_VERSION: '3',
        INPUT_TARGET: 'staging',
        INPUT_LOCAL: 'true',
        INPUT_TIMEOUT: '60s',
        INPUT_CONCURRENCY: '5',
        INPUT_BAIL: 'true',
        INPUT_ARGUMENTS: 'day=monday\nnote=a = b',
        INPUT_JUNIT: 'out/report.xml',
        INPUT_OPTIONS: '--require-logs\n--logs\nscript log.txt\n',
      },
      [
        'run',
        '--universe=1',
        '--place=2',
        '--place-version=3',
        '--target=staging',
        '--timeout=60s',
        '--concurrency=5',
        '--local',
        '--bail',
        '--arg=day=monday',
        '--arg=note=a = b',
        '--output=junit=out/report.xml',
        '--require-logs',
        '--logs',
        'script log.txt',
        '--',
        'a.luau',
        'tests/**/*.luau',
      ],
    ],
    [
      'line ends of Windows, empty lines, blanks around lines',
      { INPUT_SCRIPTS: '\r\n  a.luau\t\r\n\r\n \nb c.luau\r\n', INPUT_ARGUMENTS: ' x=1 \r\n\r\n' },
      ['run', '--arg=x=1', '--', 'a.luau', 'b c.luau'],
    ],
    [
      'words of a shell, which stay words',
      { INPUT_SCRIPTS: '$(id).luau\n"; echo pwned', INPUT_ARGUMENTS: 'x=`id`' },
      ['run', '--arg=x=`id`', '--', '$(id).luau', '"; echo pwned'],
    ],
    [
      'values that look like options, which stay values',
      {
        INPUT_SCRIPTS: '--json',
        INPUT_PLACE_ID: '2\n--json',
        INPUT_TARGET: '--local',
        INPUT_ARGUMENTS: '--json',
      },
      ['run', '--place=2\n--json', '--target=--local', '--arg=--json', '--', '--json'],
    ],
  ])('%s', (_name, env, argv) => {
    expect(readInputs({ ...LEAST, ...env })).toEqual({ argv, apiKey: '', workingDirectory: '.' });
  });

  it('hands on the key as it came, and the directory', () => {
    const env = { ...LEAST, INPUT_API_KEY: ' key\n', INPUT_WORKING_DIRECTORY: 'my game ' };
    expect(readInputs(env)).toMatchObject({ apiKey: ' key\n', workingDirectory: 'my game' });
  });

  it.each<[env: Record<string, string>, message: string]>([
    [{ INPUT_SCRIPTS: ' \r\n' }, 'the input scripts is empty: name what to run, one a line'],
    [{ INPUT_LOCAL: 'yes' }, 'the input local is "yes": write true or false'],
    [{ INPUT_LOCAL: 'True' }, 'the input local is "True": write true or false'],
    [{ INPUT_LOCAL: '' }, 'the input local is empty: write true or false'],
    [{ INPUT_BAIL: 'a\n::error::b' }, 'the input bail is "a\\n::error::b": write true or false'],
    [{ INPUT_BAIL: 'x'.repeat(100) }, `the input bail is "${'x'.repeat(80)}": write true or false`],
  ])('refuses %o', (env, message) => {
    expect(() => readInputs({ ...LEAST, ...env })).toThrow(new InputError(message));
  });
});
