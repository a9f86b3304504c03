import type { Command } from 'commander';
import type { Invocation, Start } from '../invocation.ts';
import type { WaitOptions } from '../shared-options.ts';
import { addWaitOptions } from './script-options.ts';

export const TASK_HELP = 'task path, API URL, task id, @last (default) or @2';

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
    load: async () => (await import('../commands/status.ts')).showStatus,
  },
  {
    name: 'wait',
    description: 'take up a run again: wait, print results and logs as run does',
    load: async () => (await import('../commands/wait.ts')).waitForTask,
  },
  {
    name: 'cancel',
    description: 'stop a task, or say truthfully that it cannot be stopped',
    load: async () => (await import('../commands/cancel.ts')).cancelTask,
  },
];

export function defineTaskCommands(program: Command, start: Start): void {
  for (const { name, description, load } of TASK_COMMANDS) {
    const entry = program.command(name).description(description).argument('[task]', TASK_HELP);
    if (name === 'wait') addWaitOptions(entry);
    entry.action((task: string | undefined, _options: WaitOptions, command: Command) => {
      const options = command.optsWithGlobals<WaitOptions>();
      return start(options, async (invocation) => (await load())(invocation, task, options));
    });
  }
}
