import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { BundleOptions } from '../shared-options.ts';
import { addModuleOptions } from './script-options.ts';

export function defineBundle(program: Command, start: Start): void {
  const bundle = program
    .command('bundle')
    .description('print the one chunk that run would send')
    .argument('<script>', 'script file, or - for stdin')
    .option('--map <file>', 'write which line of the chunk comes from which file');
  addModuleOptions(bundle);
  addExamples(bundle, [
    ['luau-exec bundle main.luau > chunk.luau', 'the chunk, to the byte'],
    ['luau-exec bundle main.luau --map lines.json', 'and where its lines come from'],
  ]).action((script: string, _options: BundleOptions, command: Command) => {
    const options = command.optsWithGlobals<BundleOptions>();
    return start(options, async (invocation) => {
      const { printBundle } = await import('../commands/bundle.ts');
      return printBundle(invocation, script, options);
    });
  });
}
