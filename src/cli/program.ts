import { Command, Option } from 'commander';
import { VERSION } from '../version.ts';
import { defineAuth } from './define/auth.ts';
import { defineBundle } from './define/bundle.ts';
import { defineCheck } from './define/check.ts';
import { defineConfig } from './define/config.ts';
import { defineDoctor } from './define/doctor.ts';
import { defineEmulate } from './define/emulate.ts';
import { defineHelp } from './define/help.ts';
import { defineList } from './define/list.ts';
import { defineLogs } from './define/logs.ts';
import { defineRun } from './define/run.ts';
import { collect } from './define/script-options.ts';
import { defineTaskCommands } from './define/task-commands.ts';
import { addExamples } from './help/command-extras.ts';
import { helpConfiguration } from './help/format-help.ts';
import type { Start } from './invocation.ts';

/** The commands and their options. Each command's module is loaded when it is called. */
export function createProgram(start: Start): Command {
  const program = new Command('luau-exec')
    .description('Run Luau scripts on Roblox Open Cloud, or on your own machine with --local')
    .usage('[options] <command> [arguments]')
    .configureHelp(helpConfiguration)
    .addOption(
      new Option('--local', 'run on this machine, in the emulator, without a key').conflicts('target'),
    )
    .option('--target <name>', 'a target of the config file; "local" is the emulator')
    .option('--json', 'print exactly one JSON document on stdout')
    .option('--output <format[=file]>', 'human, json, ndjson, junit or github; can be given again', collect)
    .option('-q, --quiet', 'no progress, no summary')
    .option('-v, --verbose', 'show waits and retries; -vv every request', (_, count: number) => count + 1, 0)
    .option('--color', 'colour even without a terminal')
    .option('--no-color', 'no colour')
    .option('--config <file>', 'this config file instead of a search')
    .option('--api-key-file <file>', 'read the API key from a file, or - for stdin')
    .option('--base-url <url>', 'another API, for instance a running emulator')
    .helpOption('-h, --help', 'show help')
    .version(VERSION, '-V, --version', 'print the version')
    // usage-error.ts finds what was meant, among more than commander looks at.
    .showSuggestionAfterError(false);
  addExamples(program, [
    ['luau-exec run hello.luau --local', 'on this machine, without a key'],
    ["luau-exec run -e 'return 6 * 7'", 'on Open Cloud, with key and ids'],
    ['luau-exec logs @2', 'logs of the task before the last one'],
    ['luau-exec doctor', 'is everything there that a run needs'],
  ]);
  // Each command stands in the group that was named last.
  program.commandsGroup('Run and look:');
  defineRun(program, start);
  defineTaskCommands(program, start);
  defineLogs(program, start);
  defineList(program, start);
  program.commandsGroup('Write and test:');
  defineCheck(program, start);
  defineBundle(program, start);
  defineEmulate(program, start);
  program.commandsGroup('Set up:');
  defineAuth(program, start);
  defineConfig(program, start);
  program.commandsGroup('Explain:');
  defineDoctor(program, start);
  defineHelp(program, start);
  return program;
}
