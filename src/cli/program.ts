import { Command, Option } from 'commander';
import { VERSION } from '../version.ts';
import { defineAuth } from './define/auth.ts';
import { defineBundle } from './define/bundle.ts';
import { defineCheck } from './define/check.ts';
import { defineCompletion } from './define/completion.ts';
import { defineConfig } from './define/config.ts';
import { defineDoctor } from './define/doctor.ts';
import { defineEmulate } from './define/emulate.ts';
import { defineRun } from './define/run.ts';
import { defineTaskCommands } from './define/task-commands.ts';
import type { Start } from './invocation.ts';

/** The commands and their options. Each command's module is loaded when it is called. */
export function createProgram(start: Start): Command {
  const program = new Command('luau-exec')
    .description('Run Luau scripts on Roblox Open Cloud, or on your own machine with --local')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .option('--json', 'print exactly one JSON envelope on stdout')
    .option('-q, --quiet', 'no progress, no summary')
    .option('-v, --verbose', 'show waits and retries; -vv every request', (_, count: number) => count + 1, 0)
    .option('--color', 'colour even without a terminal')
    .option('--no-color', 'no colour')
    .option('--config <file>', 'this config file instead of a search')
    .option('--target <name>', 'a target of the config file; "local" is the emulator')
    .addOption(
      new Option('--local', 'run on this machine, in the emulator, without a key').conflicts('target'),
    )
    .option('--api-key-file <file>', 'read the API key from a file, or - for stdin')
    .option('--base-url <url>', 'another API origin, for instance a running emulator')
    .showSuggestionAfterError(true)
    .addHelpText(
      'after',
      `
Examples:
  luau-exec run examples/hello.luau --local
  luau-exec status            the last task sent from this machine
  luau-exec logs @2           logs of the one before

Exit codes: 0 ok, 1 script failed, 2 usage, 3 remote failed, 4 auth, 5 not found, 6 throttled, 7 unavailable,
8 pending, 9 unknown (it may be running), 10 bad response, 11 not cancelled, 70 bug, 74 output, 124 wait time-out`,
    );
  defineRun(program, start);
  defineCheck(program, start);
  defineBundle(program, start);
  defineTaskCommands(program, start);
  defineEmulate(program, start);
  defineDoctor(program, start);
  defineConfig(program, start);
  defineAuth(program, start);
  defineCompletion(program, start);
  return program;
}
