import type { Command } from 'commander';
import type { Context, OutputStream } from '../context.ts';
import { decideColor } from '../output/style.ts';
import { decideHelpWidth } from './help/help-width.ts';
import type { GlobalOptions } from './shared-options.ts';

/** What commander has said and done so far, in place of printing and ending the process. */
export interface CommanderReply {
  help: string;
  /** The command whose words were refused. */
  refusing: Command;
  /** The name of the command that was called; empty before it is known. */
  commandName: string;
}

/** Makes commander throw and keep its text, for streams of the size and colours of these. */
export function hearCommander(program: Command, { stdout, stderr, env }: Context): CommanderReply {
  const reply: CommanderReply = { help: '', refusing: program, commandName: '' };
  const hasColor = (stream: OutputStream) =>
    decideColor({ stream, env, colorFlag: program.opts<GlobalOptions>().color ?? null });
  program.hook('preAction', (_, command) => {
    reply.commandName = command.name();
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride((error) => {
      reply.refusing = command;
      throw error;
    });
    command.configureOutput({
      writeOut: (text) => {
        reply.help += text;
      },
      writeErr: () => undefined,
      getOutHelpWidth: () => decideHelpWidth(stdout),
      getErrHelpWidth: () => decideHelpWidth(stderr),
      getOutHasColors: () => hasColor(stdout),
      getErrHasColors: () => hasColor(stderr),
    });
  }
  return reply;
}
