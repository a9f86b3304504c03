import type { Command } from 'commander';
import type { Start } from '../invocation.ts';
import type { BundleOptions } from '../shared-options.ts';
import { addEncodeOption, addModuleOptions } from './script-options.ts';

const BUNDLE_EXAMPLES = `
Examples:
  luau-exec bundle main.luau > chunk.luau
  luau-exec bundle main.luau --map lines.json > chunk.luau`;

export function defineBundle(program: Command, start: Start): void {
  const bundle = program
    .command('bundle')
    .description('print the one chunk that run would send')
    .argument('<script>', 'script file, or - for stdin')
    .option('--map <file>', 'write which line of the chunk comes from which file')
    .addHelpText('after', BUNDLE_EXAMPLES);
  addEncodeOption(addModuleOptions(bundle)).action(
    (script: string, _options: BundleOptions, command: Command) => {
      const options = command.optsWithGlobals<BundleOptions>();
      return start(options, async (invocation) => {
        const { printBundle } = await import('../commands/bundle.ts');
        return printBundle(invocation, script, options);
      });
    },
  );
}
