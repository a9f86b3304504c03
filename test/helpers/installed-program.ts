import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type BinResult, collect, NODE } from './bin.ts';
import { packProgram, runNpm } from './pack-program.ts';

/** What a new user has: the packed program, installed, and a directory with nothing else in it. */
export interface InstalledProgram {
  directory: string;
  /** Of shells in which `luau-exec` is a command, and which know nothing of the developer's. */
  environment: Record<string, string>;
  /** Absolute path of the package that was installed. */
  tarball: string;
  /** Absolute path of npm's prefix; nothing is there where the program is in the project. */
  prefix: string;
  write(files: Readonly<Record<string, string>>): void;
  /** Has bash run a line as it would be typed there. */
  type(line: string): Promise<BinResult>;
  /** Takes everything away. Processes that were left running are the test's own. */
  remove(): void;
}

const INSTALL = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=optional'];

/** Installs the program offline, from a tarball: into the empty project itself, or for all of them as `npm -g` does. */
export function installProgram(how: 'in the project' | 'globally'): InstalledProgram {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'luau-exec-journey-')));
  const [directory, home, prefix] = [join(root, 'game'), join(root, 'home'), join(root, 'prefix')];
  for (const path of [directory, home]) mkdirSync(path);
  const { tarball } = packProgram(root);
  if (how === 'globally') runNpm([...INSTALL, '--global', `--prefix=${prefix}`, tarball], root);
  else {
    runNpm(['init', '--yes'], directory);
    runNpm([...INSTALL, tarball], directory);
  }
  const binaries = how === 'globally' ? join(prefix, 'bin') : join(directory, 'node_modules', '.bin');
  const environment = {
    PATH: [binaries, dirname(NODE), process.env.PATH ?? ''].join(delimiter),
    HOME: home,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
  };
  return {
    directory,
    environment,
    tarball,
    prefix,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), text);
      }
    },
    type(line) {
      const child = spawn('bash', ['-c', line], { cwd: directory, env: environment });
      child.stdin.end();
      return collect(child);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
