// Builds dist/: the command line as split CommonJS (it starts fastest), the library as ESM, the Luau worker as one
// file, the Luau wasm as it lies in its package, and the type declarations.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import license from 'rollup-plugin-license';
import { extractLuauWasm } from './luau-wasm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

// cosmiconfig can load TypeScript; we never let it, so the compiler stays out of the bundle.
const external = [/^node:/, 'typescript'];
const shared = {
  platform: 'node',
  external,
  moduleTypes: { '.luau': 'text' },
  checks: { circularDependency: true },
};
const notices = license({
  thirdParty: {
    output: { file: 'dist/THIRD-PARTY.txt' },
    includePrivate: false,
    allow: {
      test: '(MIT OR ISC OR BSD-2-Clause OR BSD-3-Clause OR Apache-2.0 OR Python-2.0)',
      failOnUnlicensed: true,
      failOnViolation: true,
    },
  },
});

async function bundle(input, output, plugins = []) {
  const build = await rolldown({ ...shared, input, plugins });
  await build.write({ minify: false, ...output });
  await build.close();
}

await Promise.all([
  bundle(
    { main: 'src/main.ts' },
    { dir: 'dist/cli', format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
    [notices],
  ),
  bundle(
    { index: 'src/index.ts' },
    { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'lib/[name].js' },
  ),
  bundle(
    { 'luau-worker': 'src/emulator/luau/worker.ts' },
    { dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs' },
  ),
]);
writeFileSync('dist/luau.wasm', extractLuauWasm());

const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
if (!existsSync(tsc)) throw new Error(`no TypeScript compiler at ${tsc}`);
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
process.stdout.write(`built luau-exec ${version}\n`);
