import { execFileSync } from 'node:child_process';

/** The newest line that the npm package `node` carries and the project is tested on. */
const NEWEST = 'node@24';
const NPX_LIMIT_MS = 120_000;

/** `{ path, version, major }` of each Node: those that were named, else this one and the newest line where npx has it. */
export function findNodes(named) {
  const paths = named.length > 0 ? named : [process.execPath, findNewest()].filter((path) => path !== null);
  return paths.map((path) => {
    const version = execFileSync(path, ['-p', 'process.version'], {
      encoding: 'utf8',
      timeout: 10_000,
    }).trim();
    return { path, version, major: Number(/^v(\d+)\./.exec(version)?.[1]) };
  });
}

function findNewest() {
  const args = ['-y', '-p', NEWEST, 'node', '-p', 'process.execPath'];
  try {
    return execFileSync('npx', args, {
      encoding: 'utf8',
      timeout: NPX_LIMIT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
      // Windows has npx as a script, which only a shell runs.
      shell: process.platform === 'win32',
    }).trim();
  } catch {
    process.stderr.write(`${NEWEST} cannot be had through npx here; measuring without it\n`);
    return null;
  }
}
