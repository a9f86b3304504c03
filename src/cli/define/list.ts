import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { ListOptions } from '../shared-options.ts';

export function defineList(program: Command, start: Start): void {
  const list = program
    .command('list')
    .description('the tasks sent from this machine, newest first, with the state last seen; sends nothing')
    .option('--refresh', 'ask for the present state of those not known to have finished');
  addExamples(
    list,
    [
      ['luau-exec list', 'then, for instance, luau-exec logs @2'],
      ['luau-exec list --refresh', 'needs the API key'],
      ['luau-exec list --target staging', 'those sent with that target'],
      ['luau-exec list --json', 'one JSON document, luau-exec.list/v1'],
    ],
    'A run is remembered for 24 h after its end, as long as Open Cloud keeps its task; runs with --local are not.',
    'Where not all columns fit, a pipe has them: luau-exec list | cat',
  ).action((_options: ListOptions, command: Command) => {
    const options = command.optsWithGlobals<ListOptions>();
    return start(options, async (invocation) => {
      const { listTasks } = await import('../commands/list.ts');
      return listTasks(invocation, options);
    });
  });
}
