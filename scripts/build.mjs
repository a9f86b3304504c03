// Builds dist/: the command line as split CommonJS (it starts fastest), the library as ESM, each of the two threads
// that run Luau as one file, the Luau wasm as it lies in its package, the manual, and the type declarations.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import license from 'rollup-plugin-license';
import { lazyBuiltins } from './lazy-builtins.mjs';
import { extractLuauWasm } from './luau-wasm.mjs';
import { createManPage } from './man-page.mjs';
import { isUnreached, unreachedModules } from './unreached-modules.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

// cosmiconfig can load TypeScript; we never let it, so the compiler stays out of the bundle. The keyring is native.
const EXTERNAL = ['typescript', '@napi-rs/keyring'];
const external = (id, importer) =>
  EXTERNAL.includes(id) || (id.startsWith('node:') && !isUnreached(id, importer));
const shared = {
  platform: 'node',
  external,
  moduleTypes: { '.luau': 'text', '.bash': 'text', '.zsh': 'text', '.fish': 'text', '.ps1': 'text' },
  checks: { circularDependency: true },
};
const notices = license({
  thirdParty: {
    output: { file: 'dist/THIRD-PARTY.txt' },
    includePrivate: false,
    allow: {
      test: '(MIT OR ISC OR BSD-2-Clause OR BSD-3-Clause OR Apache-2.0 OR Python-2.0 OR BlueOak-1.0.0)',
      failOnUnlicensed: true,
      failOnViolation: true,
    },
  },
});

// A file costs more to find and open than its size costs, so what `run` needs beyond `--help` is one file, and HTTP,
// which is loaded by the first request, another. Everything else follows its dynamic import.
const NOT_IN_RUN =
  'emulator|luau[\\\\/]|place[\\\\/]|script[\\\\/](check-syntax|encode-results|harness|version-guard)|task[\\\\/](attach-control|live-|stop-task)|history[\\\\/](live-relay|place-versions)|config[\\\\/](init|stored-key|credentials-file|replace-file)|cli[\\\\/](completion|files[\\\\/]|terminal-dialogue|find-run-control|live-reader|share-live-source|github-files|doctor|init|logs[\\\\/]|watch|help|read-secret|secret-line|refresh-states|commands[\\\\/](auth|completion|doctor|emulate|help|init|list|cancel))|output[\\\\/](ndjson|junit|xml|github\\.|format-github-end|format-init|wrap-words|envelope-keys|display-width|fit-table|format-list)|open-cloud[\\\\/](limits|byte-|download|part-file|place-source|presigned-uri|spool-bytes|transfer|upload)';
const HTTP =
  'open-cloud[\\\\/](transport|dispatcher|parser-tiering|pending-exchange|pending-stream|exchange-failure)';
const chunks = {
  groups: [
    { name: 'start', tags: ['$initial'], priority: 3 },
    { name: 'run', test: new RegExp(`[\\\\/]src[\\\\/](?!${NOT_IN_RUN}|${HTTP})`), priority: 2 },
    { name: 'transport', test: new RegExp(`[\\\\/]src[\\\\/]${HTTP}`), priority: 1 },
  ],
};

async function bundle(input, output, plugins = []) {
  const build = await rolldown({ ...shared, input, plugins: [unreachedModules(), ...plugins] });
  // Comments would be read at every start; V8 also holds a file of plain ASCII in half the memory.
  await build.write({ minify: false, comments: { legal: true, annotation: false, jsdoc: false }, ...output });
  await build.close();
}

await Promise.all([
  bundle(
    { main: 'src/main.ts' },
    {
      dir: 'dist/cli',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name].cjs',
      // The keyring comes by require(), which takes 3 ms where import() takes 15.
      dynamicImportInCjs: false,
      codeSplitting: chunks,
    },
    [notices, lazyBuiltins(['node:crypto', 'node:fs/promises'])],
  ),
  bundle(
    { index: 'src/index.ts' },
    { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'lib/[name].js' },
  ),
  bundle(
    { 'luau-worker': 'src/emulator/luau/worker.ts' },
    { dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs' },
  ),
  bundle(
    { 'luau-evaluate-worker': 'src/luau/evaluate-worker.ts' },
    { dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs' },
  ),
]);
writeFileSync('dist/luau.wasm', extractLuauWasm());
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync('dist/luau-exec.1', await createManPage({ version }));

const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
if (!existsSync(tsc)) throw new Error(`no TypeScript compiler at ${tsc}`);
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
process.stdout.write(`built luau-exec ${version}\n`);
