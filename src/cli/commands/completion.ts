import bash from '../completion/scripts/completion.bash';
import fish from '../completion/scripts/completion.fish';
import powershell from '../completion/scripts/completion.ps1';
import zsh from '../completion/scripts/completion.zsh';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';

const SCRIPTS = { bash, zsh, fish, powershell };

export type Shell = keyof typeof SCRIPTS;

/** Prints what a shell reads to complete the words of luau-exec. */
export async function printCompletion({ printer }: Invocation, shell: Shell): Promise<number> {
  const script = SCRIPTS[shell];
  const document = { schema: 'luau-exec.completion/v1', shell, script };
  await printer.printData(printer.isJson ? `${JSON.stringify(document)}\n` : script);
  return EXIT_CODES.ok;
}
