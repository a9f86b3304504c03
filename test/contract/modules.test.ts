import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { describeOutcome } from '../../src/output/describe-outcome.ts';
import { mapLogs } from '../../src/output/script-position.ts';
import { composeScript } from '../../src/script/compose-script.ts';
import type { ScriptArguments } from '../../src/script/load-arguments.ts';
import { loadSource } from '../../src/script/load-source.ts';
import { CONTRACT_TARGETS, CONTRACT_TIMEOUT_MS, useConnection } from './contract-targets.ts';

const FILES = {
  'main.luau':
    '--!strict\nlocal lib = require("./lib")\nlocal again = require("./lib")\nlib.count += 1\nreturn again.count, ARGS.day, require("./data.json")\n',
  'lib.luau':
    'export type Lib = { count: number }\nloaded = (loaded or 0) + 1\nlocal lib: Lib = { count = loaded }\nreturn lib\n',
  'data.json': '{ "list": [1, 2], "text": "ä" }',
  'failing.luau': 'local deep = require("./deep")\n\nwarn("TaskScript:1 is in no file")\ndeep.fail({})\n',
  'deep.luau': '\n\nlocal deep = {}\nfunction deep.fail(value: any)\n\treturn value.a.b\nend\nreturn deep\n',
};

const directory = mkdtempSync(join(tmpdir(), 'luau-exec-contract-'));
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function compose(name: string, scriptArguments: ScriptArguments | null = null) {
  const { signal } = new AbortController();
  const source = await loadSource(name, {
    cwd: directory,
    stdin: { async *[Symbol.asyncIterator]() {} },
    signal,
  });
  const options = { cwd: directory, root: directory, scriptArguments, clock: systemClock, signal };
  return composeScript(source, options);
}

// That a chunk of several modules is to the service what it is to the Luau that is built in.
describe.each(CONTRACT_TARGETS)('$name', { timeout: CONTRACT_TIMEOUT_MS }, (target) => {
  const service = useConnection(target);

  it('runs the modules of a script as one chunk, with its arguments', async () => {
    const script = await compose('main.luau', new Map([['day', 'monday']]));
    expect(await service().run(script.text)).toMatchObject({
      verdict: 'ok',
      task: { results: [2, 'monday', { list: [1, 2], text: 'ä' }] },
    });
  });

  it('reports an error in a module at a line from which the file is found', async () => {
    const script = await compose('failing.luau');
    const outcome = await service().run(script.text);
    expect(describeOutcome(outcome, script)).toMatchObject({
      id: 'LX101',
      message: expect.stringMatching(/^deep\.luau:5: attempt to index nil with 'b'/),
      file: 'deep.luau',
      line: 5,
      traceback: [
        { file: 'deep.luau', line: 5, function: 'fail' },
        { file: 'failing.luau', line: 4, function: null },
      ],
    });
    const warning = mapLogs(outcome.logs.messages, script).find(({ level }) => level === 'WARNING');
    expect(warning?.message).toBe('TaskScript:1 is in no file');
  });
});
