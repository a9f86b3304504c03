import { Argument, type Command } from 'commander';
import type { Shell } from '../commands/completion.ts';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { GlobalOptions } from '../shared-options.ts';

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish', 'powershell'];

export function defineCompletion(program: Command, start: Start): void {
  const completion = program
    .command('completion')
    .description('print the script that lets a shell complete commands, options, files and tasks')
    .addArgument(new Argument('<shell>', 'whose script').choices(SHELLS));
  addExamples(
    completion,
    [
      ['luau-exec completion bash > ~/.luau-exec.bash', 'and source that file in ~/.bashrc'],
      ['luau-exec completion zsh > ~/.luau-exec.zsh', 'and source it in ~/.zshrc, after compinit'],
      ['luau-exec completion fish > ~/.config/fish/completions/luau-exec.fish', 'fish, once'],
      ['luau-exec completion powershell | Out-String | Invoke-Expression', 'PowerShell, in $PROFILE'],
    ],
    'Or, so that it is always the newest, in ~/.bashrc or ~/.zshrc: source <(luau-exec completion bash). In bash 3.2, as macOS has it: eval "$(luau-exec completion bash)".',
    'The script asks luau-exec itself at each TAB, without key and network, so it need not be renewed.',
  ).action((shell: Shell, _options: GlobalOptions, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    return start(options, async (invocation) => {
      const { printCompletion } = await import('../commands/completion.ts');
      return printCompletion(invocation, shell);
    });
  });
}
