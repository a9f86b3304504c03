import { Argument, type Command } from 'commander';
import type { Shell } from '../commands/completion.ts';
import type { Start } from '../invocation.ts';
import type { GlobalOptions } from '../shared-options.ts';

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish', 'powershell'];

export function defineCompletion(program: Command, start: Start): void {
  program
    .command('completion')
    .description('print the script that lets a shell complete commands, options, files and tasks')
    .addArgument(new Argument('<shell>', 'whose script').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  bash, in ~/.bashrc:            source <(luau-exec completion bash)
  zsh, in ~/.zshrc:              autoload -Uz compinit && compinit
                                 source <(luau-exec completion zsh)
  fish, once:                    luau-exec completion fish > ~/.config/fish/completions/luau-exec.fish
  PowerShell, in $PROFILE:       luau-exec completion powershell | Out-String | Invoke-Expression
  bash 3.2 of macOS:             eval "$(luau-exec completion bash)"

The script asks luau-exec itself at each TAB, without key and network, so it need not be renewed.`,
    )
    .action((shell: Shell, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      return start(options, async (invocation) => {
        const { printCompletion } = await import('../commands/completion.ts');
        return printCompletion(invocation, shell);
      });
    });
}
