import { type Command, Option } from 'commander';
import type { Start } from '../invocation.ts';
import { type InitOptions, KEY_SOURCES } from '../shared-options.ts';

export function defineInit(program: Command, start: Start): void {
  program
    .command('init')
    .description('write .luauexecrc into this directory; asks for what it needs')
    .option('-u, --universe <id>', 'universe (experience) id, or a URL that names it')
    .option('-p, --place <id>', 'place id, or a URL that names it')
    .addOption(new Option('--key-source <where>', 'where the API key comes from').choices(KEY_SOURCES))
    .option('--key-variable <name>', 'the environment variable that holds the key, for the file to name')
    .option('--force', 'replace the file that is there; its other settings stay')
    .addHelpText(
      'after',
      `
Examples:
  luau-exec init                                      asks, on a terminal
  luau-exec init -u 1234567890 -p 9876543210          asks nothing; the key comes from ROBLOX_API_KEY
  luau-exec init -u … -p … --key-variable MY_KEY      the file names the variable
  luau-exec init -u … -p … --key-source keyring --api-key-file key.txt

The ids: https://create.roblox.com/dashboard/creations
A key:   https://create.roblox.com/dashboard/credentials
         with the scope universe.place.luau-execution-session:write`,
    )
    .action((_options: InitOptions, command: Command) => {
      const options = command.optsWithGlobals<InitOptions>();
      return start(options, async (invocation) => {
        const { runInit } = await import('../commands/init.ts');
        return runInit(invocation, options);
      });
    });
}
