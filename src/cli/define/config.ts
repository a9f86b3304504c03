import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { GlobalOptions, RunOptions } from '../shared-options.ts';

export function defineConfig(program: Command, start: Start): void {
  const config = program.command('config').description('show every setting and where its value comes from');
  addExamples(
    config,
    [
      ['luau-exec config', 'settings as they are in this directory'],
      ['luau-exec config --target staging', 'as they are for one target'],
      ['luau-exec config --json | jq .settings.placeId', 'one of them, for a program'],
    ],
    'The API key stays hidden.',
  ).action((_options: GlobalOptions, command: Command) =>
    start(command.optsWithGlobals(), async (invocation) => {
      const { showConfig } = await import('../commands/config.ts');
      return showConfig(invocation, command.optsWithGlobals<RunOptions>());
    }),
  );
}
