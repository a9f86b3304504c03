import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { RojoOptions } from '../../src/place/build-with-rojo.ts';
import { writeProgram } from './write-program.ts';

const NEVER = new AbortController().signal;
/** What every fake begins with: it notes how it was called, and knows where the place is wanted. */
const BEGINNING = `#!${process.execPath}
const fs = require('node:fs');
const { spawn } = require('node:child_process');
// Should a test fail, no fake goes on for ever.
setTimeout(() => process.exit(9), 15_000).unref();
const argv = process.argv.slice(2);
const output = argv[argv.indexOf('--output') + 1];
const seen = { argv, cwd: process.cwd(), env: process.env, stdin: fs.readFileSync(0, 'utf8') };
fs.writeFileSync(process.env.SEEN, JSON.stringify(seen));
`;

/** What a fake saw when it ran. */
export interface Seen {
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  stdin: string;
}

export interface RojoSession {
  root: string;
  /** The working directory; a `default.project.json` lies in it. */
  cwd: string;
  /** The only directory of PATH. */
  bin: string;
  home: string;
  /** The system's directory for temporary files. */
  temporary: string;
  /** What rojo has printed. */
  printed: string[];
  options: RojoOptions;
  /** Writes a program that does what `body`, JavaScript that may use `fs`, `spawn`, `argv` and `output`, says. */
  writeRojo(body: string, directory?: string): string;
  readSeen(): Seen;
}

/** Makes sessions for one test file; each is taken away after its test. */
export function useRojoSessions(): (changes?: Partial<RojoOptions>) => RojoSession {
  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  });
  return (changes = {}) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'luau-exec-test-')));
    cleanups.push(() => rmSync(root, { recursive: true, force: true }));
    const temporary = join(root, 'temporary');
    cleanups.push(setTemporaryDirectory(temporary));
    return createSession(root, temporary, changes);
  };
}

/** `os.tmpdir` obeys TMPDIR; returns what sets it back. */
export function setTemporaryDirectory(directory: string): () => void {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = directory;
  return () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  };
}

function createSession(root: string, temporary: string, changes: Partial<RojoOptions>): RojoSession {
  const [cwd, bin, home] = [join(root, 'project'), join(root, 'bin'), join(root, 'home')];
  for (const directory of [cwd, bin, home, temporary]) mkdirSync(directory);
  writeFileSync(join(cwd, 'default.project.json'), '{}');
  const printed: string[] = [];
  const seen = join(root, 'seen.json');
  const options: RojoOptions = {
    cwd,
    env: { PATH: bin, SEEN: seen },
    homeDirectory: home,
    platform: process.platform,
    clock: systemClock,
    signal: NEVER,
    takeSecondStop: () => NEVER,
    onOutput: (text) => printed.push(text),
    ...changes,
  };
  return {
    root,
    cwd,
    bin,
    home,
    temporary,
    printed,
    options,
    writeRojo: (body, directory = bin) => writeProgram(join(directory, 'rojo'), `${BEGINNING}${body}\n`),
    readSeen: () => JSON.parse(readFileSync(seen, 'utf8')),
  };
}
