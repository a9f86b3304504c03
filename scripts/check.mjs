// All static checks, each whole, so that one run shows everything that is wrong.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const env = { ...process.env, NO_COLOR: '1', PATH: `${binaries}${delimiter}${process.env.PATH}` };

const checks = [
  ['types', 'tsc --noEmit -p tsconfig.json'],
  ['lint and format', 'biome ci --colors=off .'],
  ['promises', 'oxlint --type-aware --tsconfig tsconfig.json src test action'],
  ['dead code', 'knip'],
  ['build', 'node scripts/build.mjs'],
  ['package', 'publint --strict'],
  ['type exports', 'attw --pack . --profile esm-only'],
];

const failed = checks.filter(([name, command]) => {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(command, { cwd: root, env, shell: true, encoding: 'utf8' });
  const verdict = status === 0 ? 'ok  ' : 'FAIL';
  process.stdout.write(`${verdict} ${name} (${Math.round(performance.now() - startedAt)} ms)\n`);
  if (status !== 0) process.stdout.write(`${stdout}${stderr}\n`);
  return status !== 0;
});
if (failed.length > 0) {
  process.stdout.write(`failed: ${failed.map(([name]) => name).join(', ')}\n`);
  process.exitCode = 1;
}
