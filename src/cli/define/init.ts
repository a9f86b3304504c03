import { type Command, Option } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import { type InitOptions, KEY_SOURCES } from '../shared-options.ts';

export function defineInit(program: Command, start: Start): void {
  const init = program
    .command('init')
    .description('write .luauexecrc into this directory; asks for what it needs')
    .option('-u, --universe <id>', 'universe (experience) id, or a URL that names it')
    .option('-p, --place <id>', 'place id, or a URL that names it')
    .addOption(new Option('--key-source <where>', 'where the API key comes from').choices(KEY_SOURCES))
    .option('--key-variable <name>', 'the environment variable that holds the key, for the file to name')
    .option('--force', 'replace the file that is there; its other settings stay');
  addExamples(
    init,
    [
      ['luau-exec init', 'asks, on a terminal'],
      ['luau-exec init -u 1234 -p 5678', 'asks nothing; the key comes from ROBLOX_API_KEY'],
      ['luau-exec init -u 1234 -p 5678 --key-variable MY_KEY', 'the file names the variable'],
      [
        'luau-exec init -u 1234 -p 5678 --key-source keyring --api-key-file key.txt',
        'the key from a file into the keyring',
      ],
    ],
    'The ids: https://create.roblox.com/dashboard/creations',
    'A key: https://create.roblox.com/dashboard/credentials, with the scope universe.place.luau-execution-session:write',
  ).action((_options: InitOptions, command: Command) => {
    const options = command.optsWithGlobals<InitOptions>();
    return start(options, async (invocation) => {
      const { runInit } = await import('../commands/init.ts');
      return runInit(invocation, options);
    });
  });
}
