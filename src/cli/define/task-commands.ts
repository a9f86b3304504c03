import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Invocation, Start } from '../invocation.ts';
import type { CancelOptions, WaitOptions } from '../shared-options.ts';
import { addBinaryOutput, addLogsOptions, addWaitTimeout } from './script-options.ts';

export const TASK_HELP = 'task path, API URL, task id, @last (default) or @2';

type TaskCommand = (
  invocation: Invocation,
  reference: string | undefined,
  options: WaitOptions & CancelOptions,
) => Promise<number>;

/** The commands about one task; each is loaded when it is called. */
const TASK_COMMANDS: readonly {
  name: string;
  description: string;
  examples: Parameters<typeof addExamples>[1];
  note: string;
  load: () => Promise<TaskCommand>;
}[] = [
  {
    name: 'status',
    description: 'the task as it is now',
    examples: [
      ['luau-exec status', 'the last task sent from this machine'],
      ['luau-exec status @2', 'the one before'],
      ['luau-exec status --json | jq -r .task.state', 'its state alone'],
    ],
    note: 'Exits as run would have for a finished task, and with 8 while it has not finished.',
    load: async () => (await import('../commands/status.ts')).showStatus,
  },
  {
    name: 'wait',
    description: 'take up a run again: wait, print results and logs as run does',
    examples: [
      ['luau-exec wait', 'for the last task sent from this machine'],
      ['luau-exec wait --wait-timeout 30s', 'for half a minute at most; then exit code 124'],
      ['luau-exec wait "$(cat task.txt)"', 'what run --id-file task.txt has sent'],
    ],
    note: 'Ctrl-C stops the waiting, not the task.',
    load: async () => (await import('../commands/wait.ts')).waitForTask,
  },
  {
    name: 'cancel',
    description: 'stop a task, or say truthfully that it cannot be stopped',
    examples: [
      ['luau-exec cancel', 'the last task sent from this machine'],
      ['luau-exec cancel @2', 'the one before'],
      ['luau-exec cancel --wait 2m', 'wait longer for its end'],
    ],
    note: 'Open Cloud has no operation that cancels. A run that was sent with --cancellable is told to stop through the memory store; of any other it is said when it must have ended. Exit code 0 when the task has ended, else 11.',
    load: async () => (await import('../commands/cancel.ts')).cancelTask,
  },
];

export function defineTaskCommands(program: Command, start: Start): void {
  for (const { name, description, examples, note, load } of TASK_COMMANDS) {
    const entry = program.command(name).description(description).argument('[task]', TASK_HELP);
    if (name === 'wait') addBinaryOutput(addLogsOptions(addWaitTimeout(entry)));
    if (name === 'cancel') entry.option('--wait <duration>', 'how long to wait for the end', '30s');
    addExamples(entry, examples, note).action(
      (task: string | undefined, _options: object, command: Command) => {
        const options = command.optsWithGlobals<WaitOptions & CancelOptions>();
        return start(options, async (invocation) => (await load())(invocation, task, options));
      },
    );
  }
}
