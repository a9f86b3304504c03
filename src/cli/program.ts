import { Argument, Command, Option } from 'commander';
import { VERSION } from '../version.ts';
import type { AuthAction } from './commands/auth.ts';
import type { Invocation, Start } from './invocation.ts';
import { addScriptCommands, addWaitOptions } from './script-commands.ts';
import type { EmulateOptions, GlobalOptions, RunOptions, WaitOptions } from './shared-options.ts';

const TASK_HELP = 'task path, API URL, task id, @last (default) or @2';

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
  addScriptCommands(program, start);
  addTaskCommands(program, start);
  addEmulate(program, start);
  addDoctor(program, start);
  program
    .command('config')
    .description('show every setting and where its value comes from; the key stays hidden')
    .action((_options: GlobalOptions, command: Command) =>
      start(command.optsWithGlobals(), async (invocation) => {
        const { showConfig } = await import('./commands/config.ts');
        return showConfig(invocation, command.optsWithGlobals<RunOptions>());
      }),
    );
  addAuth(program, start);
  return program;
}

type TaskCommand = (
  invocation: Invocation,
  reference: string | undefined,
  options: WaitOptions,
) => Promise<number>;

/** The commands about one task; each is loaded when it is called. */
const TASK_COMMANDS: readonly { name: string; description: string; load: () => Promise<TaskCommand> }[] = [
  {
    name: 'status',
    description: 'the task as it is now',
    load: async () => (await import('./commands/status.ts')).showStatus,
  },
  {
    name: 'logs',
    description: 'the log messages of a finished task, on stdout',
    load: async () => (await import('./commands/logs.ts')).showLogs,
  },
  {
    name: 'wait',
    description: 'take up a run again: wait, print results and logs as run does',
    load: async () => (await import('./commands/wait.ts')).waitForTask,
  },
  {
    name: 'cancel',
    description: 'stop a task, or say truthfully that it cannot be stopped',
    load: async () => (await import('./commands/cancel.ts')).cancelTask,
  },
];

function addTaskCommands(program: Command, start: Start): void {
  for (const { name, description, load } of TASK_COMMANDS) {
    const entry = program.command(name).description(description).argument('[task]', TASK_HELP);
    if (name === 'wait') addWaitOptions(entry);
    entry.action((task: string | undefined, _options: WaitOptions, command: Command) => {
      const options = command.optsWithGlobals<WaitOptions>();
      return start(options, async (invocation) => (await load())(invocation, task, options));
    });
  }
}

function addEmulate(program: Command, start: Start): void {
  program
    .command('emulate')
    .description('serve the same API on this machine, with real Luau, until it is stopped')
    .option('--port <n>', 'port; 0 picks a free one', '8787')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--boot-delay <duration>', 'time before each script starts, 4s feels like the real thing', '0s')
    .option('--faults <file>', 'let requests go wrong as a JSON file says; see docs/faults.md')
    .addHelpText(
      'after',
      `
Examples:
  luau-exec emulate --port 0 --json
  luau-exec emulate --faults faults.json   with {"faults":[{"request":"getTask","do":{"answer":{"status":503}}}]}
  luau-exec run hello.luau --base-url http://127.0.0.1:8787 -u 1 -p 1   with any API key`,
    )
    .action((_options: EmulateOptions, command: Command) => {
      const options = command.optsWithGlobals<EmulateOptions>();
      return start(options, async (invocation) => {
        const { serveEmulator } = await import('./commands/emulate.ts');
        return serveEmulator(invocation, options);
      });
    });
}

function addDoctor(program: Command, start: Start): void {
  program
    .command('doctor')
    .description('examine settings, API key, network and this machine; nothing is run on Roblox')
    .option('-u, --universe <id>', 'universe (experience) id')
    .option('-p, --place <id>', 'place id')
    .addHelpText(
      'after',
      `
Examples:
  luau-exec doctor                      is everything there that a run needs, and what is to be done
  luau-exec doctor --target staging     for one target of the config file
  luau-exec doctor --local              does Luau run on this machine
  luau-exec doctor --json               one JSON document, for a CI job

Exit codes: 0 nothing but warnings, 2 an id is missing, 4 the key is missing, refused or lacks a scope,
7 the service cannot be reached`,
    )
    .action((_options: RunOptions, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      return start(options, async (invocation) => {
        const { examine } = await import('./commands/doctor.ts');
        return examine(invocation, options);
      });
    });
}

function addAuth(program: Command, start: Start): void {
  program
    .command('auth')
    .description('keep the API key in the keyring of your system, or see where it comes from')
    .addArgument(new Argument('<action>', 'what to do').choices(['set', 'status', 'remove']))
    .addHelpText(
      'after',
      `
Examples:
  luau-exec auth set                        ask for the key; nothing of it is shown
  luau-exec auth set < key.txt              the key from a file
  luau-exec auth status                     where the key comes from; exit code 4 when there is none
  luau-exec auth remove                     forget it

Where no keyring works, the key goes to a file that only you can read. Everything else that gives a key comes first.`,
    )
    .action((action: AuthAction, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      return start(options, async (invocation) => {
        const { runAuth } = await import('./commands/auth.ts');
        return runAuth(invocation, action, options);
      });
    });
}
