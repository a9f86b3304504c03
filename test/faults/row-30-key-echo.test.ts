import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { type CliSession, type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';
import { readJournalText } from '../helpers/journal-files.ts';
import type { ScriptedRun } from '../helpers/scripted-luau.ts';

const open = useCliSessions();
// Of the letters that a real one has, some of which JSON, URLs and patterns write in a way of their own.
const KEY = 'Zk9xQ+b/7Row30=KEY+9f8E7d6C5b4A3z2Y1x0W/vUtSrQpOnMl==';
// Of letters that may stand in a path, too.
const PLAIN_KEY = 'Zk9xQb7Row30KEY-9f8E7d6C5b4A_3z2Y1x0W';
const PLACE_PATH = 'universes/11/places/22';

type Sink = 'stdout' | 'stderr' | 'json' | 'logs file' | 'id file' | 'journal';

interface Row {
  /** Where the key comes back from. */
  name: string;
  key?: string;
  /** Of the script. */
  text?: string;
  script?: ScriptedRun;
  faults?: Fault[];
  exitCode: number;
  /** Where a mask must be seen: there the key would be, were it not hidden. */
  masked: Sink[];
}

const logs = (key: string) => [{ level: 'OUTPUT', message: `key=${key}` } as const];
const base64 = (text: string) => Buffer.from(text).toString('base64');
const always = (request: Fault['request'], action: Fault['do']): Fault[] => [
  { request, times: 'always', do: action },
];

const rows: Row[] = [
  {
    name: 'results, as they are and in the disguises of JSON, URLs and base64',
    script: {
      result: {
        kind: 'complete',
        results: [
          KEY,
          { [KEY]: [`a${KEY}b`] },
          JSON.stringify({ key: KEY }),
          encodeURIComponent(KEY),
          base64(KEY),
          base64(`user:${KEY}`),
        ],
      },
    },
    exitCode: 0,
    masked: ['stdout', 'json'],
  },
  {
    name: 'log messages',
    script: { logs: logs(KEY) },
    exitCode: 0,
    masked: ['stderr', 'json', 'logs file'],
  },
  {
    name: 'the error of the script, its stack and its source',
    text: `local key = "${KEY}"\nerror(key)`,
    script: {
      logs: [
        {
          level: 'ERROR',
          message: `TaskScript:2: ${KEY}\nStack Begin\nScript 'TaskScript', Line 2 - function ${KEY}\nStack End`,
        },
      ],
      result: { kind: 'failed', code: 'SCRIPT_ERROR', message: `TaskScript:2: ${KEY}` },
    },
    exitCode: 1,
    masked: ['stderr', 'json', 'logs file'],
  },
  {
    name: 'a refusal of the create',
    faults: always('createTask', {
      answer: { status: 403, body: { code: 'PERMISSION_DENIED', message: `no scope for ${KEY}` } },
    }),
    exitCode: 4,
    masked: ['stderr', 'json'],
  },
  {
    name: 'a refusal that is cut off in the middle of the key',
    faults: always('createTask', {
      answer: { status: 400, body: { code: 'INVALID', message: `${'a '.repeat(237)}${KEY} ${KEY}` } },
    }),
    exitCode: 2,
    masked: [],
  },
  {
    name: 'the title of a web page',
    faults: always('getTask', {
      answer: {
        headers: { 'content-type': 'text/html' },
        body: `<html><title>no such key: ${KEY}</title></html>`,
      },
    }),
    exitCode: 10,
    masked: ['stderr', 'json'],
  },
  {
    name: 'rate headers, which are shown at -vv',
    faults: always('getTask', {
      headers: { 'x-ratelimit-limit': KEY, 'x-ratelimit-remaining': KEY, 'x-ratelimit-reset': KEY },
    }),
    exitCode: 0,
    masked: [],
  },
  {
    name: 'the address of a redirect',
    faults: always('createTask', { redirect: `https://portal.example/?key=${encodeURIComponent(KEY)}` }),
    exitCode: 10,
    masked: [],
  },
  {
    name: 'the token of the next page, which is in a URL that -vv shows',
    faults: [
      { request: 'listLogs', do: { patch: { nextPageToken: KEY } } },
      { request: 'listLogs', nth: 3, do: { patch: { nextPageToken: KEY } } },
    ],
    exitCode: 0,
    masked: ['stderr'],
  },
  {
    name: 'an unknown state',
    faults: always('getTask', { state: KEY }),
    exitCode: 10,
    masked: ['stderr', 'json'],
  },
  {
    name: 'the times of the task',
    faults: always('getTask', { patch: { createTime: KEY, updateTime: KEY } }),
    exitCode: 0,
    masked: ['json'],
  },
  {
    name: 'the path of the task',
    key: PLAIN_KEY,
    faults: always('createTask', {
      answer: { body: { path: `${PLACE_PATH}/luau-execution-session-tasks/${PLAIN_KEY}` } },
    }),
    exitCode: 5,
    masked: ['stderr', 'json', 'id file', 'journal'],
  },
];

/** Runs the script twice, for people and for programs, and gathers all that was written anywhere. */
async function runEverywhere(
  session: CliSession,
): Promise<{ exitCodes: number[]; sinks: Record<Sink, string> }> {
  const files = ['--logs', 'logs.txt', '--id-file', 'ids.txt'];
  const argv = ['run', 'a.luau', '--wait-timeout', '150s'];
  const human = await session.run(...argv, '-vv');
  const json = await session.run(...argv, '--json', '-vv', ...files);
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  return {
    exitCodes: [human.exitCode, json.exitCode],
    sinks: {
      stdout: human.stdout,
      stderr: human.stderr + json.stderr,
      json: json.stdout,
      'logs file': read(join(session.cwd, 'logs.txt')),
      'id file': read(join(session.cwd, 'ids.txt')),
      journal: readJournalText(session.stateDirectory),
    },
  };
}

/** The key as it is, and as much of its beginning as nobody should see. */
function listForms(key: string): string[] {
  return [
    key.slice(0, 16),
    key.slice(-16),
    JSON.stringify(key).slice(1, -1),
    encodeURIComponent(key),
    base64(key).slice(0, 20),
    key.toLowerCase(),
  ];
}

describe('row 30: the key comes back', () => {
  it.each(rows)(
    'row 30: in $name',
    async ({ key = KEY, text = 'A', script = {}, faults = [], exitCode, masked }) => {
      const options: CliSessionOptions = {
        files: { 'a.luau': text },
        scripts: { [text]: script },
        faults,
        emulator: { apiKey: key },
        env: { ROBLOX_API_KEY: key },
      };
      const { exitCodes, sinks } = await runEverywhere(await open(options));
      expect(exitCodes).toEqual([exitCode, exitCode]);
      for (const [sink, written] of Object.entries(sinks)) {
        for (const form of listForms(key))
          expect({ sink, written }).not.toMatchObject({ written: expect.stringContaining(form) });
      }
      const shown = Object.entries(sinks).flatMap(([sink, written]) =>
        written.includes('***') ? [sink] : [],
      );
      expect(shown).toEqual(expect.arrayContaining(masked));
      expect(JSON.parse(sinks.json)).toMatchObject({ exitCode });
      // The mask leaves each line of the journal one that can be read.
      for (const line of sinks.journal.split('\n').filter(Boolean))
        expect(() => JSON.parse(line)).not.toThrow();
    },
  );
});
