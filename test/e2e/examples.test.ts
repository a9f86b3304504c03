import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BinResult, ROOT, useWorkplaces } from '../helpers/bin.ts';
import { EXAMPLE_OUTCOMES, type ExampleOutcome, type LoggedMessage } from './example-outcomes.ts';

const DIRECTORY = join(ROOT, 'examples');
const FILES = readdirSync(DIRECTORY, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => statSync(join(DIRECTORY, name)).isFile());
/** A directory is one example; its script is called main. */
const NAMES = FILES.filter((name) => !name.includes('/') || name.endsWith('/main.luau')).sort();
const AT_ONCE = 3;

const open = useWorkplaces();

/** What is added to a script must not change what comes of it. */
const WAYS: readonly [name: string, flags: readonly string[]][] = [
  ['as they are', []],
  [
    'with a harness, behind a version guard',
    ['--cancellable', '--live', '--place-version', '1', '--pin', 'auto'],
  ],
];

describe.each(WAYS)('the examples %s', (_, flags) => {
  const results = new Map<string, BinResult>();

  // Three at a time, because each is a process that may use a whole processor.
  beforeAll(async () => {
    const place = open();
    place.write(
      Object.fromEntries(
        FILES.map((name) => [`examples/${name}`, readFileSync(join(DIRECTORY, name), 'utf8')]),
      ),
    );
    const waiting = NAMES.values();
    const runInTurn = async () => {
      for (const name of waiting) {
        const { argv = [] } = EXAMPLE_OUTCOMES[name] ?? {};
        results.set(
          name,
          await place.run(['run', `examples/${name}`, '--local', '--json', ...flags, ...argv]),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runInTurn));
  }, 120_000);

  it('are all in the table', () => {
    expect(Object.keys(EXAMPLE_OUTCOMES).sort()).toEqual(NAMES);
  });

  it.each(Object.entries(EXAMPLE_OUTCOMES))('%s', (name, expected) => {
    const { exitCode, signal, stdout, stderr } = results.get(name) ?? {};
    expect({ exitCode, signal, stderr }).toEqual({ exitCode: expected.exitCode, signal: null, stderr: '' });
    const envelope = JSON.parse(stdout ?? '');
    expect(envelope).toMatchObject({
      schema: 'luau-exec.result/v1',
      ok: expected.exitCode === 0,
      exitCode: expected.exitCode,
      outcome: OUTCOMES[expected.exitCode],
      script: expected.logs && { name: `examples/${name}` },
      task: expected.logs && { state: expected.error === null ? 'COMPLETE' : 'FAILED' },
    });
    expect(envelope.results).toEqual(expected.results);
    expect(pickError(envelope.error)).toEqual(expected.error);
    expect(envelope.warnings.map(({ id }: { id: string }) => id)).toEqual(expected.warnings);
    expectLogs(envelope.logs, expected.logs);
  });
});

it('hello.luau in plain words: its value on stdout, the rest on stderr', async () => {
  const { exitCode, stdout, stderr } = await open().run(['run', join(DIRECTORY, 'hello.luau'), '--local']);
  const id = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '42\n' });
  expect(stderr.replaceAll(new RegExp(id, 'g'), '<id>').replace(/\d+\.\d s/, '<n> s')).toBe(
    [
      'submitting',
      'created universes/1/places/1/versions/1/luau-execution-sessions/<id>/tasks/<id>',
      'processing',
      'complete',
      'Hello from Luau!',
      'complete in <n> s',
      '',
    ].join('\n'),
  );
});

const OUTCOMES = ['ok', 'script_failed', 'usage'];

interface EnvelopeLogs {
  messages: { level: string; message: string }[];
  complete: boolean;
  truncatedHead: boolean;
}

function expectLogs(logs: EnvelopeLogs | null, expected: ExampleOutcome['logs']): void {
  if (logs === null || expected === null) return expect(logs).toBe(expected);
  const messages = logs.messages.map(({ level, message }): LoggedMessage => [level, message]);
  expect(logs.complete).toBe(true);
  expect(logs.truncatedHead).toBe(!Array.isArray(expected));
  if (Array.isArray(expected)) {
    expect(messages).toEqual(expected);
    return;
  }
  expect({ count: messages.length, first: messages[0], last: messages.at(-1) }).toEqual(expected);
}

/** What the table says of an error; the wording of facts and hints is held by the golden files. */
function pickError(error: Record<string, unknown> | null): object | null {
  if (error === null) return null;
  const { id, code, message, file, line, traceback } = error;
  return { id, code, message, file, line, traceback };
}
