import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { RunOptions } from '../shared-options.ts';
import {
  addControlOptions,
  addEncodeOption,
  addFileOptions,
  addLogsOptions,
  addModuleOptions,
  addWaitTimeout,
  collect,
} from './script-options.ts';

export function defineRun(program: Command, start: Start): void {
  const run = program
    .command('run')
    .description('submit scripts, wait for the end, print results and logs')
    .argument('[scripts...]', 'script files, directories, "tests/**/*.luau", or - for stdin')
    .optionsGroup('What to run:')
    .option('-e, --eval <code>', 'run this code; can be given again', collect);
  addModuleOptions(run)
    .option('--no-check', 'do not compile before sending')
    .option('--watch', 'run again whenever the script or anything that it requires changes')
    .optionsGroup('Where:')
    .option('-u, --universe <id>', 'universe (experience) id')
    .option('-p, --place <id>', 'place id')
    .option('--place-version <n>', 'a version of the place instead of the latest saved one')
    .optionsGroup('Files:');
  addFileOptions(run)
    .optionsGroup('How long:')
    .option('-t, --timeout <duration>', 'how long the script may run, 1s to 300s');
  addWaitTimeout(run)
    .option('--queue-timeout <duration>', 'how long limits may hold the create back')
    .option('--detach', 'print the task path and leave without waiting')
    .option('--retry-unsafe', 'send again even what may have run: only where running twice does no harm')
    .optionsGroup('While it runs:');
  addControlOptions(run)
    .optionsGroup('Several scripts:')
    .option('--concurrency <n>', 'how many scripts run at the same time, 1 to 10', '3')
    .option('--bail', 'send no further script once one has failed')
    .optionsGroup('Output:');
  addEncodeOption(addLogsOptions(run)).option(
    '--id-file <path>',
    'write the task path to a file as soon as it is known',
  );
  addExamples(
    run,
    [
      ['luau-exec run hello.luau --local', 'on this machine, without a key'],
      ['luau-exec run hello.luau', 'on Open Cloud, with key and ids'],
      ["luau-exec run -e 'return game.PlaceVersion'", 'one line of code'],
      ['luau-exec run report.luau --arg day=monday', 'the script finds ARGS.day'],
      ['luau-exec run tests.luau --local --watch', 'again at each change'],
      ['luau-exec run "tests/**/*.luau" --output junit=report.xml', 'all of them, for CI'],
      ['generate | luau-exec run - --json | jq', 'from a pipe, into a pipe'],
      ['luau-exec run tests.luau --place-file game.rbxl', 'against the place that was just built'],
      ['luau-exec run tests.luau --rojo', 'the same, built by rojo first'],
      ['luau-exec run pack.luau --binary-input in.json --binary-output out.rbxm', 'files in and out'],
      ['luau-exec run migrate.luau --detach', 'take it up with luau-exec wait'],
      ['luau-exec run migrate.luau --cancellable --live', 'Ctrl-C stops it, and it is heard while it runs'],
    ],
    'Modules that the script requires by a path (require("./lib/players"), require("@lib/players")) are sent along.',
    "A script may change live data (DataStores!) whatever the key is allowed to do: read a stranger's script first.",
  ).action((scripts: string[], _options: RunOptions, command: Command) => {
    const options = command.optsWithGlobals<RunOptions>();
    return start(options, async (invocation) => {
      const { runScripts } = await import('../commands/run.ts');
      return runScripts(invocation, scripts, options);
    });
  });
}
