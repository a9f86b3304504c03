import type { Command } from 'commander';

/** What becomes of the modules and arguments of a script. */
export function addModuleOptions(command: Command): Command {
  return command
    .option('--arg <name=value>', 'a text that the script finds as ARGS.name; can be given again', collect)
    .option('--arg-json <name=json>', 'any JSON value as ARGS.name; can be given again', collect)
    .option('--args <file>', 'a JSON object of arguments')
    .option('--allow-outside', 'modules may lie outside the project');
}

/** What puts a harness behind the script. */
export function addControlOptions(command: Command): Command {
  return command
    .option('--cancellable', 'let luau-exec cancel and Ctrl-C stop the run, through the memory store')
    .option('--no-cancellable', 'not, whatever the config file says')
    .option('--cancel-poll <duration>', 'how often such a run looks whether it is to stop, 500ms to 60s')
    .option('--live', 'show log messages while the script runs, through the memory store')
    .option('--no-live', 'not, whatever the config file says');
}

/** What goes with a script besides its text. */
export function addFileOptions(command: Command): Command {
  return addBinaryOutput(
    command
      .option(
        '--place-file <file>',
        'upload this place (.rbxl, .rbxlx), and run against exactly that version',
      )
      .option(
        '--rojo [project]',
        'the same with the place that rojo builds, by default of default.project.json',
      )
      .option('--publish', 'publish that place: it changes the live game, so you are asked')
      .option('--yes', 'publish without being asked')
      .option(
        '--pin <when>',
        'where a version is wanted: auto tries a warm server first, always asks for the version, never takes the latest',
      )
      .option(
        '--binary-input <file>',
        'up to 100 MiB that the script finds as ({...})[1].BinaryInput; - for stdin',
      ),
  );
}

/** What `run` and `wait` share: where binary output goes. */
export function addBinaryOutput(command: Command): Command {
  return command.option(
    '--binary-output <file>',
    'put the buffer that the script returns as BinaryOutput here',
  );
}

/** What `run` and `wait` share: how long to wait. */
export function addWaitTimeout(command: Command): Command {
  return command.option('--wait-timeout <duration>', 'stop waiting after this long; the task goes on');
}

/** What `run` and `wait` share: what becomes of the logs. */
export function addLogsOptions(command: Command): Command {
  return command
    .option('--logs <where>', 'stderr, stdout, none, or a file', 'stderr')
    .option(
      '--log-level <level>',
      'show messages of this level and more severe ones: output, info, warning, error',
    )
    .option('--require-logs', 'fail when the logs cannot be read whole');
}

export function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** What `run` and `bundle` share besides. */
export function addEncodeOption(command: Command): Command {
  return command.option('--encode-results', 'return every Luau value exactly, as JSON with tags');
}
