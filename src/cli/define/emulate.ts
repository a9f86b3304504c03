import type { Command } from 'commander';
import type { Start } from '../invocation.ts';
import type { EmulateOptions } from '../shared-options.ts';

export function defineEmulate(program: Command, start: Start): void {
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
        const { serveEmulator } = await import('../commands/emulate.ts');
        return serveEmulator(invocation, options);
      });
    });
}
