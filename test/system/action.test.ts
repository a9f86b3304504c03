import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useActionJobs } from '../action/action-job.ts';
import { checkOut } from '../action/check-out.ts';

const open = useActionJobs();

/** As on this machine, where npm finds its registry, but with nothing of a runner that these tests run on. */
function inheritEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value === undefined || /^(GITHUB_|RUNNER_)/.test(name) ? [] : [[name, value]],
  );
  return Object.fromEntries(entries);
}

it('the action installs itself from the registry, and runs', async () => {
  const actionDirectory = checkOut(open().temp);
  const before = readdirSync(actionDirectory, { recursive: true });
  // As some jobs are set up; the build needs packages for development all the same.
  const env = { ...inheritEnvironment(), NODE_ENV: 'production' };
  const job = open({ actionDirectory, env });
  job.write({ 'a.luau': 'print("hello") return 6 * 7' });
  const end = await job.use({ scripts: 'a.luau', local: 'true' });
  expect(end).toMatchObject({ exitCode: 0, outputs: { outcome: 'ok', results: '[42]' } });
  expect(readdirSync(actionDirectory, { recursive: true })).toEqual(before);
  const [program = ''] = readdirSync(job.temp).filter((name) => name.startsWith('luau-exec-'));
  expect(readdirSync(join(job.temp, program))).not.toContain('node_modules');
}, 300_000);
