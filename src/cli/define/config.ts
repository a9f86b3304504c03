import type { Command } from 'commander';
import type { Start } from '../invocation.ts';
import type { GlobalOptions, RunOptions } from '../shared-options.ts';

export function defineConfig(program: Command, start: Start): void {
  program
    .command('config')
    .description('show every setting and where its value comes from; the key stays hidden')
    .action((_options: GlobalOptions, command: Command) =>
      start(command.optsWithGlobals(), async (invocation) => {
        const { showConfig } = await import('../commands/config.ts');
        return showConfig(invocation, command.optsWithGlobals<RunOptions>());
      }),
    );
}
