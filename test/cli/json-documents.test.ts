import { describe, expect, it } from 'vitest';
import { TOPIC_SUMMARIES } from '../../src/cli/help/topic-names.ts';
import { createProgram } from '../../src/cli/program.ts';
import { OTHER_DOCUMENTS } from '../../src/output/envelope-keys.ts';
import { useCliSessions } from '../helpers/cli-session.ts';

// A session holds every document against the schema that it names.
const open = useCliSessions();

const RESULT = 'luau-exec.result/v1';
/** Every command in a state where it works and in one where it does not, after a run of `a.luau`. */
const CALLS: readonly [argv: string, schema: string, exitCode: number][] = [
  ['run a.luau', RESULT, 0],
  ['run b.luau', RESULT, 1],
  ['run a.luau b.luau --bail', 'luau-exec.results/v1', 1],
  ['run a.luau b.luau --detach', 'luau-exec.results/v1', 0],
  ['run none.luau', RESULT, 2],
  ['check a.luau', RESULT, 0],
  ['check bad.luau', RESULT, 2],
  ['check a.luau bad.luau', 'luau-exec.results/v1', 2],
  ['bundle a.luau', 'luau-exec.bundle/v1', 0],
  ['bundle none.luau', RESULT, 2],
  ['status', RESULT, 0],
  ['status @7', RESULT, 2],
  ['wait', RESULT, 0],
  ['wait universes/1/places/2', RESULT, 2],
  ['cancel', RESULT, 0],
  ['cancel nonsense', RESULT, 2],
  ['logs', RESULT, 0],
  ['logs --grep nothing', RESULT, 0],
  ['logs --tail x', RESULT, 2],
  ['list', 'luau-exec.list/v1', 0],
  ['list --refresh', 'luau-exec.list/v1', 0],
  ['list --local', RESULT, 2],
  ['emulate --port x', RESULT, 2],
  ['init', 'luau-exec.init/v1', 0],
  ['init --local', RESULT, 2],
  ['auth set --api-key-file key.txt', 'luau-exec.auth/v1', 0],
  ['auth status', 'luau-exec.auth/v1', 0],
  ['auth remove', 'luau-exec.auth/v1', 0],
  ['auth reset', RESULT, 2],
  ['config', 'luau-exec.config/v1', 0],
  ['config --target none', RESULT, 2],
  ['completion bash', 'luau-exec.completion/v1', 0],
  ['completion', RESULT, 2],
  ['doctor', 'luau-exec.doctor/v1', 0],
  ['doctor --base-url nonsense', RESULT, 2],
  ...Object.keys(TOPIC_SUMMARIES).map((topic): [string, string, number] => [
    `help ${topic}`,
    'luau-exec.help/v1',
    0,
  ]),
  ['help nothing', RESULT, 2],
  ['nothing', RESULT, 2],
  ['', RESULT, 2],
];

describe('--json', () => {
  it.each(CALLS)('%s: %s, exit code %i', async (argv, schema, exitCode) => {
    const session = await open({
      files: { 'a.luau': 'return 1', 'b.luau': 'error(1)', 'bad.luau': 'if', 'key.txt': 'k'.repeat(40) },
      scripts: {
        'return 1': {
          logs: [{ level: 'OUTPUT', message: 'hi' }],
          result: { kind: 'complete', results: [1] },
        },
        'error(1)': { result: { kind: 'failed', code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' } },
      },
    });
    await session.run('run', 'a.luau');
    const result = await session.run(...argv.split(' ').filter(Boolean), '--json');
    expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode, stderr: '' });
    expect(result.stdout).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(result.stdout).schema).toBe(schema);
  });

  it('is tried with every command, and comes to every document', () => {
    const names = createProgram(async () => undefined).commands.map((command) => command.name());
    const tried = new Set(CALLS.map(([argv]) => argv.split(' ')[0]));
    expect(names.filter((name) => !tried.has(name))).toEqual([]);
    // The map of `bundle --map` goes into a file.
    const documents = OTHER_DOCUMENTS.map(([schema]) => schema).filter((name) => name !== 'luau-exec.map/v1');
    const met = new Set(CALLS.map(([, schema]) => schema));
    expect(documents.filter((schema) => !met.has(schema))).toEqual([]);
  });
});
