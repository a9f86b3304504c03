import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import { TOPIC_SUMMARIES } from '../help/topic-names.ts';
import type { Start } from '../invocation.ts';
import type { GlobalOptions } from '../shared-options.ts';

/** `help` alone is `--help`, with a command that command's help, and with anything else a topic. */
export function defineHelp(program: Command, start: Start): void {
  const help = program
    .command('help')
    .description('help on a command, or on a topic')
    .argument('[word]', `a command, or a topic: ${Object.keys(TOPIC_SUMMARIES).join(', ')}`)
    // `help auth set` is help on auth, and `help run --watch` on run.
    .allowExcessArguments()
    .allowUnknownOption();
  addExamples(help, [
    ['luau-exec help run', 'the same as luau-exec run --help'],
    ['luau-exec help exit-codes', 'what each exit code means'],
    ['luau-exec help limits --json', 'a topic as JSON'],
  ]).action((word: string | undefined, _options: GlobalOptions, command: Command) => {
    if (word === undefined) return program.help();
    const asked = program.commands.find((candidate) => candidate.name() === word);
    if (asked) return asked.help();
    return start(command.optsWithGlobals<GlobalOptions>(), async (invocation) => {
      const { showTopic } = await import('../commands/help.ts');
      const commands = program.commands.map((candidate) => candidate.name());
      return showTopic(invocation, { words: command.args, commands });
    });
  });
}
