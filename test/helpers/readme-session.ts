import { spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, waitForText } from './bin.ts';
import { type ConsoleBlock, readConsoleBlocks } from './console-blocks.ts';
import { type InstalledProgram, installProgram } from './installed-program.ts';

export const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

const BLOCKS = readConsoleBlocks(README);
/** These serve until they are stopped; a test of their own has them. */
export const SERVERS: readonly string[] = ['luau-exec emulate --port 8787'];

/** These are shown as a terminal shows them; all others as they come in a pipe, where there is no spinner. */
const ON_TERMINAL: readonly string[] = ['luau-exec list'];

/** README's blocks that end by themselves: those that need `jq`, or the others. */
export function listReadmeBlocks(kind: 'with jq' | 'without jq'): (readonly [name: string, ConsoleBlock])[] {
  return BLOCKS.filter(({ steps }) => !steps.some(({ command }) => SERVERS.includes(command)))
    .filter(({ steps }) => steps.some(({ command }) => /\bjq\b/.test(command)) === (kind === 'with jq'))
    .map((block) => [`${block.heading}: ${block.steps[0]?.command ?? ''}`, block]);
}

/** The block of a server. */
export function findReadmeBlock(command: string): ConsoleBlock | undefined {
  return BLOCKS.find(({ steps }) => steps.some((step) => step.command === command));
}

/** A reader of README: the packed program, the repository's examples, and an emulator in the place of Open Cloud. */
export interface ReadmeSession {
  user: InstalledProgram;
  /** What a line shows, both streams as they come, once it has ended. */
  show(command: string): Promise<string>;
  close(): void;
}

export async function openReadmeSession(): Promise<ReadmeSession> {
  const user = installProgram('globally');
  cpSync(join(ROOT, 'examples'), join(user.directory, 'examples'), { recursive: true });
  const emulator = spawn('luau-exec', ['emulate', '--port', '0'], {
    cwd: user.directory,
    env: user.environment,
  });
  const baseUrl = (await waitForText(emulator.stdout, /\n/)).trim();
  const openCloud = readExports({ LUAU_EXEC_BASE_URL: baseUrl });
  return {
    user,
    async show(command) {
      // A local run has no ids, as in README.
      const line = command.includes('--local') ? command : `${openCloud}; ${command}`;
      if (!ON_TERMINAL.includes(command)) return (await user.type(`exec 2>&1; ${line}`)).stdout;
      const { stdout } = await user.type(`script -qec 'stty cols 100; ${line}' /dev/null`);
      return stdout.replaceAll('\r\n', '\n');
    },
    close() {
      emulator.kill('SIGKILL');
      user.remove();
    },
  };
}

/** The variables that README exports, and those beside them. */
function readExports(further: Readonly<Record<string, string>>): string {
  const exported = [...README.matchAll(/^export (\w+=\S+)/gm)].map(([, assignment = '']) => assignment);
  const others = Object.entries(further).map(([name, value]) => `${name}=${value}`);
  // A key is no more than ASCII.
  return `export ${[...exported, ...others].join(' ').replace('=…', '=any-key-will-do')}`;
}
