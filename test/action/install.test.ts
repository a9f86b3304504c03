import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { readAsRunner } from '../helpers/actions-runner.ts';
import { NODE, ROOT } from '../helpers/bin.ts';
import { useActionJobs } from './action-job.ts';
import { checkOut } from './check-out.ts';

const open = useActionJobs();
const LOCAL = { scripts: 'a.luau', local: 'true' };

/** A directory for PATH with programs that are lines of shell. */
function makePrograms(directory: string, programs: Readonly<Record<string, string>>): string {
  const place = join(directory, 'programs');
  mkdirSync(place);
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(place, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(place, name), 0o755);
  }
  return place;
}

describe('what the action does before it runs', () => {
  it('builds below RUNNER_TEMP, once in a job, and leaves its own directory as it is', async () => {
    const outer = open();
    const actionDirectory = checkOut(outer.temp);
    const before = readdirSync(actionDirectory, { recursive: true });
    // Stands in for the registry: everything that npm would have brought is there already.
    const npm = `echo "$PWD: $* [$ROBLOX_API_KEY]" >> "${outer.temp}/calls"; ln -s "${ROOT}/node_modules" node_modules`;
    const programs = makePrograms(outer.temp, { npm });
    const PATH = [programs, join(NODE, '..'), process.env.PATH].join(delimiter);
    const job = open({ actionDirectory, env: { PATH, ROBLOX_API_KEY: 'key-of-the-job' } });
    job.write({ 'a.luau': 'return ARGS.n' });
    const first = await job.use({ ...LOCAL, arguments: 'n=1' });
    expect(first.outputs.results).toBe('["1"]');
    expect((await job.use({ ...LOCAL, arguments: 'n=2' })).outputs.results).toBe('["2"]');
    const [call = '', ...more] = readFileSync(join(outer.temp, 'calls'), 'utf8').trimEnd().split('\n');
    expect(more).toEqual([]);
    const built = readdirSync(job.temp).filter((name) => name.startsWith('luau-exec-'));
    expect(call).toBe(
      `${join(job.temp, built[0] ?? '')}: ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund --no-update-notifier []`,
    );
    expect(first.logs[0]).toBe(`luau-exec ${VERSION} in ${join(job.temp, built[0] ?? '')}\n`);
    expect(existsSync(join(job.temp, built[0] ?? '', 'node_modules'))).toBe(false);
    expect(readdirSync(actionDirectory, { recursive: true })).toEqual(before);
  });

  it('shows what npm said where it fails, obeys nothing of it, and runs nothing', async () => {
    const outer = open();
    const npm = 'echo "npm error ::set-output name=program::/tmp"; echo "::error::not ours" >&2; exit 7';
    const PATH = [makePrograms(outer.temp, { npm }), join(NODE, '..'), process.env.PATH].join(delimiter);
    const job = open({ actionDirectory: checkOut(outer.temp), env: { PATH } });
    job.write({ 'a.luau': 'return 1' });
    const end = await job.use(LOCAL);
    expect(end).toMatchObject({ exitCode: 2, outputs: { outcome: '', 'exit-code': '', results: '' } });
    expect(end.log).toContain('npm error ::set-output');
    expect(readAsRunner(end.log)).toEqual({
      commands: [
        expect.stringMatching(
          /^::error title=luau-exec::luau-exec could not be installed: "npm ci .*" ended with 7$/,
        ),
      ],
      suspects: ['::error::not ours'],
      isStopped: false,
    });
  });

  it.each([
    ['v18.20.8', 'Node 18.20 is too old, 20.19 is needed'],
    ['v20.18.3', 'Node 20.18 is too old, 20.19 is needed'],
    ['nonsense ::error::x', 'there is no Node on this runner'],
  ])('names the Node that is needed: %s', async (version, message) => {
    const outer = open();
    const programs = makePrograms(outer.temp, { node: `echo "${version}"` });
    const end = await open({ env: { PATH: [programs, process.env.PATH].join(delimiter) } }).use(LOCAL);
    expect(end.exitCode).toBe(2);
    expect(end.log).toBe(`::error title=luau-exec::${message}: put actions/setup-node before this step\n`);
  });

  it('says where there is no Node at all', async () => {
    const programs = makePrograms(open().temp, {});
    symlinkSync('/bin/bash', join(programs, 'bash'));
    const end = await open({ env: { PATH: programs } }).use(LOCAL);
    expect(end.exitCode).toBe(2);
    expect(readAsRunner(end.log).commands).toEqual([
      expect.stringContaining('there is no Node on this runner'),
    ]);
  });
});
