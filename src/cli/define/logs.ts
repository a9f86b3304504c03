import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { LogsOptions } from '../shared-options.ts';
import { TASK_HELP } from './task-commands.ts';

export function defineLogs(program: Command, start: Start): void {
  const logs = program
    .command('logs')
    .description('the log messages of a task, on stdout')
    .argument('[task]', TASK_HELP)
    .option(
      '-f, --follow',
      'show them as they come, of a run that was sent with --live, and wait for the end',
    )
    .option('--level <level>', 'this level and more severe ones: output, info, warning or error')
    .option('--grep <pattern>', 'messages in which a JavaScript regular expression (flags u, m) matches')
    .option('--since <when>', 'a duration back from the newest message, or a time: 2026-11-21T09:00:00Z')
    .option('--tail <n>', 'the last n of the messages that are left')
    .option('--timestamps', 'begin each line with the time of its message, in UTC');
  addExamples(
    logs,
    [
      ['luau-exec logs --level warning', 'warnings and errors of the last task'],
      ['luau-exec logs @2 --tail 20', 'the last 20 messages of the one before'],
      ["luau-exec logs --grep 'player \\d+' --timestamps", 'where a pattern matches, with times'],
      ['luau-exec logs --since 30s --json', 'the 30 s up to the newest message'],
      ['luau-exec logs > run.log', 'into a file'],
      ['luau-exec logs --follow', 'of a run that goes on, from another terminal'],
    ],
    'Open Cloud has no log messages before the task has finished: until then the exit code is 8, unless they are followed.',
    'A message whose level or time Roblox did not say passes --level and --since.',
  ).action((task: string | undefined, _options: LogsOptions, command: Command) => {
    const options = command.optsWithGlobals<LogsOptions>();
    return start(options, async (invocation) => {
      const { showLogs } = await import('../commands/logs.ts');
      return showLogs(invocation, task, options);
    });
  });
}
