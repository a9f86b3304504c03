import type { Command } from 'commander';
import type { Start } from '../invocation.ts';
import type { RunOptions } from '../shared-options.ts';
import { addEncodeOption, addModuleOptions, addWaitOptions, collect } from './script-options.ts';

const RUN_EXAMPLES = `
Examples:
  luau-exec run hello.luau --local            on this machine, without a key
  luau-exec run hello.luau                    on Open Cloud, ids and key from config or environment
  luau-exec run -e 'return game.PlaceVersion' one line of code
  luau-exec run report.luau --arg day=monday  the script finds the arguments in the table ARGS
  luau-exec run tests.luau --local --watch    again at each change
  generate | luau-exec run - --json | jq      script from a pipe, one JSON envelope out
  luau-exec run migrate.luau --detach         leave without waiting; take it up with luau-exec wait

Modules that the script requires by a path (require("./lib/players"), require("@lib/players")) are sent along.
A script may change live data (DataStores!) whatever the key is allowed to do: read a stranger's script first.`;

export function defineRun(program: Command, start: Start): void {
  const run = program
    .command('run')
    .description('submit scripts, wait for the end, print results and logs')
    .argument('[scripts...]', 'script files, or - for stdin')
    .option('-e, --eval <code>', 'run this code; can be given again', collect)
    .option('-u, --universe <id>', 'universe (experience) id')
    .option('-p, --place <id>', 'place id')
    .option('--place-version <n>', 'a version of the place instead of the latest saved one')
    .option('-t, --timeout <duration>', 'how long the script may run, 1s to 300s')
    .option('--queue-timeout <duration>', 'how long limits may hold the create back')
    .option('--detach', 'print the task path and leave without waiting')
    .option('--id-file <path>', 'write the task path to a file as soon as it is known')
    .option('--retry-unsafe', 'send again even what may have run: only where running twice does no harm')
    .option('--watch', 'run again whenever the script or anything that it requires changes')
    .addHelpText('after', RUN_EXAMPLES);
  addWaitOptions(addEncodeOption(addModuleOptions(run)))
    .option('--no-check', 'do not compile before sending')
    .action((scripts: string[], _options: RunOptions, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      return start(options, async (invocation) => {
        const { runScripts } = await import('../commands/run.ts');
        return runScripts(invocation, scripts, options);
      });
    });
}
