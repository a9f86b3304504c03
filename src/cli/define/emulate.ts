import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { EmulateOptions } from '../shared-options.ts';

export function defineEmulate(program: Command, start: Start): void {
  const emulate = program
    .command('emulate')
    .description('serve the same API on this machine, with real Luau')
    .option('--port <n>', 'port; 0 picks a free one', '8787')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--boot-delay <duration>', 'time before each script starts, 4s feels like the real thing', '0s')
    .option('--data-dir <directory>', 'keep data stores in files there; else they end with the emulator')
    .option('--faults <file>', 'let requests go wrong as a JSON file says; see docs/faults.md');
  addExamples(
    emulate,
    [
      ['luau-exec emulate', 'until it is stopped; its URL is on stdout'],
      ['luau-exec emulate --port 0 --json', 'on a free port, told as JSON'],
      ['luau-exec emulate --boot-delay 4s', 'about as slow as a warm server'],
      ['luau-exec emulate --data-dir data', 'data stores are there again next time'],
      ['luau-exec emulate --faults faults.json', 'with failures on purpose'],
      ['luau-exec run a.luau --base-url http://127.0.0.1:8787', 'a run there'],
    ],
    'A file of faults: {"faults":[{"request":"getTask","do":{"answer":{"status":503}}}]}',
  ).action((_options: EmulateOptions, command: Command) => {
    const options = command.optsWithGlobals<EmulateOptions>();
    return start(options, async (invocation) => {
      const { serveEmulator } = await import('../commands/emulate.ts');
      return serveEmulator(invocation, options);
    });
  });
}
