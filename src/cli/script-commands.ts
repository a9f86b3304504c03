import type { Command } from 'commander';
import type { Start } from './invocation.ts';
import type { BundleOptions, RunOptions, ScriptOptions } from './shared-options.ts';

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

const CHECK_EXAMPLES = `
Examples:
  luau-exec check src/*.luau            syntax errors and requires that lead nowhere; exit code 2 for any
  luau-exec check --json main.luau | jq .error.line`;

const BUNDLE_EXAMPLES = `
Examples:
  luau-exec bundle main.luau > chunk.luau
  luau-exec bundle main.luau --map lines.json > chunk.luau`;

/** The commands that take scripts. */
export function addScriptCommands(program: Command, start: Start): void {
  addRun(program, start);
  const check = program
    .command('check')
    .description('put scripts together and compile them; nothing is sent')
    .argument('[scripts...]', 'script files, or - for stdin')
    .option('-e, --eval <code>', 'check this code; can be given again', collect)
    .addHelpText('after', CHECK_EXAMPLES);
  addModuleOptions(check).action((scripts: string[], _options: ScriptOptions, command: Command) => {
    const options = command.optsWithGlobals<ScriptOptions>();
    return start(options, async (invocation) => {
      const { checkScripts } = await import('./commands/check.ts');
      return checkScripts(invocation, scripts, options);
    });
  });
  const bundle = program
    .command('bundle')
    .description('print the one chunk that run would send')
    .argument('<script>', 'script file, or - for stdin')
    .option('--map <file>', 'write which line of the chunk comes from which file')
    .addHelpText('after', BUNDLE_EXAMPLES);
  addModuleOptions(bundle).action((script: string, _options: BundleOptions, command: Command) => {
    const options = command.optsWithGlobals<BundleOptions>();
    return start(options, async (invocation) => {
      const { printBundle } = await import('./commands/bundle.ts');
      return printBundle(invocation, script, options);
    });
  });
}

function addRun(program: Command, start: Start): void {
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
  addWaitOptions(addModuleOptions(run))
    .option('--no-check', 'do not compile before sending')
    .action((scripts: string[], _options: RunOptions, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      return start(options, async (invocation) => {
        const { runScripts } = await import('./commands/run.ts');
        return runScripts(invocation, scripts, options);
      });
    });
}

/** What becomes of the modules and arguments of a script. */
function addModuleOptions(command: Command): Command {
  return command
    .option('--arg <name=value>', 'a text that the script finds as ARGS.name; can be given again', collect)
    .option('--arg-json <name=json>', 'any JSON value as ARGS.name; can be given again', collect)
    .option('--args <file>', 'a JSON object of arguments')
    .option('--allow-outside', 'modules may lie outside the project');
}

/** What `run` and `wait` share: how long to wait, and what becomes of the logs. */
export function addWaitOptions(command: Command): Command {
  return command
    .option('--wait-timeout <duration>', 'stop waiting after this long; the task goes on')
    .option('--logs <where>', 'stderr, stdout, none, or a file', 'stderr')
    .option('--require-logs', 'fail when the logs cannot be read whole');
}

function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}
