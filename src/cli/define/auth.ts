import { Argument, type Command } from 'commander';
import type { AuthAction } from '../commands/auth.ts';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { GlobalOptions } from '../shared-options.ts';

export function defineAuth(program: Command, start: Start): void {
  const auth = program
    .command('auth')
    .description('keep the API key in the keyring of your system, or see where it comes from')
    .addArgument(new Argument('<action>', 'what to do').choices(['set', 'status', 'remove']));
  addExamples(
    auth,
    [
      ['luau-exec auth set', 'ask for the key; nothing of it is shown'],
      ['luau-exec auth set < key.txt', 'the key from a file'],
      ['luau-exec auth status', 'where the key comes from; exit code 4 when there is none'],
      ['luau-exec auth remove', 'forget it'],
    ],
    'Where no keyring works, the key goes to a file of yours, as plain text. Everything else that gives a key comes first.',
  ).action((action: AuthAction, _options: GlobalOptions, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    return start(options, async (invocation) => {
      const { runAuth } = await import('../commands/auth.ts');
      return runAuth(invocation, action, options);
    });
  });
}
