// @ts-check
// The first step of the action: sees to it that luau-exec is built, and names its directory in the output `program`.
// Nothing is written where the action lies, which may be read-only, shared by several runners, or the user's checkout.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encloseText, formatErrorCommand } from './workflow-command.mjs';

/** What is left where it lies; whatever else there is may be something that the build reads. */
const NOT_COPIED = new Set(['.git', '.stryker-tmp', 'bench', 'coverage', 'dist', 'node_modules', 'test']);
/** Packages that the build does without: three quarters of the time that an install takes, and of its bytes. */
const NOT_FOR_THE_BUILD =
  /^(@arethetypeswrong|@biomejs|@lydell|@stryker-mutator|@xterm|ajv|fast-check|knip|oxlint|publint|vitest)\b/;
const INSTALL =
  'npm ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund --no-update-notifier';

/** npm can be told to say very much, and is stopped where that is more. */
const MAX_OUTPUT_BYTES = 268_435_456;

const actionDirectory = fileURLToPath(new URL('..', import.meta.url));

try {
  const program = isBuilt(actionDirectory) ? actionDirectory : install();
  process.stdout.write(`luau-exec ${readManifest(program).version} in ${program}\n`);
  appendFileSync(process.env.GITHUB_OUTPUT ?? '', `program=${program}\n`);
} catch (error) {
  process.stdout.write(formatErrorCommand(error instanceof Error ? error.message : String(error)));
  process.exitCode = 2;
}

/**
 * Builds in the runner's directory for one job, unless an earlier step has done so from the same sources.
 * @returns {string} the program's directory
 */
function install() {
  const directory = join(process.env.RUNNER_TEMP ?? '', `luau-exec-${hashSources()}`);
  if (isBuilt(directory)) return directory;
  rmSync(directory, { recursive: true, force: true });
  for (const name of listSources())
    cpSync(join(actionDirectory, name), join(directory, name), { recursive: true });
  trimManifest(directory);
  call(INSTALL, directory);
  call('node scripts/build.mjs', directory);
  // Everything is bundled; what cannot be loaded can do no harm beside an API key.
  rmSync(join(directory, 'node_modules'), { recursive: true, force: true });
  return directory;
}

/**
 * Whether what lies there is whole, starts, and is of the version that its manifest says.
 * @param {string} directory
 */
function isBuilt(directory) {
  const main = join(directory, 'dist', 'cli', 'main.cjs');
  if (!existsSync(main)) return false;
  const { version, imports } = readManifest(directory);
  const files = Object.values(imports).map((file) => join(directory, String(file)));
  if (!files.every((file) => existsSync(file))) return false;
  const { stdout } = spawnSync(process.execPath, [main, '--version'], { encoding: 'utf8' });
  return stdout.trim() === version;
}

/** @param {string} directory */
function readManifest(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}

function listSources() {
  return readdirSync(actionDirectory)
    .filter((name) => !NOT_COPIED.has(name))
    .sort();
}

function hashSources() {
  const hash = createHash('sha256');
  for (const name of listSources()) {
    const path = join(actionDirectory, name);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' })
      : [''];
    for (const file of files.sort()) {
      const whole = join(path, file);
      if (statSync(whole).isFile()) hash.update(`${name}/${file}\0`).update(readFileSync(whole)).update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The lockfile stays as it is, and npm leaves out of it what nothing asks for any more.
 * @param {string} directory
 */
function trimManifest(directory) {
  const manifest = readManifest(directory);
  for (const name of Object.keys(manifest.devDependencies)) {
    if (NOT_FOR_THE_BUILD.test(name)) delete manifest.devDependencies[name];
  }
  // The keyring, which has nothing to say on a runner.
  delete manifest.optionalDependencies;
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
}

/**
 * Runs a fixed command by the shell, which is what finds npm on Windows. It sees no API key, and its output is shown
 * only where it fails, when nothing in it is obeyed.
 * @param {string} command
 * @param {string} cwd
 */
function call(command, cwd) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/API_KEY$/i.test(name)));
  const { status, error, stdout, stderr } = spawnSync(command, {
    cwd,
    env,
    shell: true,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  if (status === 0) return;
  process.stdout.write(encloseText(`${stdout}${stderr}`));
  throw new Error(
    `luau-exec could not be installed: ${error?.message ?? `"${command}" ended with ${status}`}`,
  );
}
