import type { Command } from 'commander';
import type { Start } from '../invocation.ts';
import type { ScriptOptions } from '../shared-options.ts';
import { addModuleOptions, collect } from './script-options.ts';

const CHECK_EXAMPLES = `
Examples:
  luau-exec check src/*.luau            syntax errors and requires that lead nowhere; exit code 2 for any
  luau-exec check --json main.luau | jq .error.line`;

export function defineCheck(program: Command, start: Start): void {
  const check = program
    .command('check')
    .description('put scripts together and compile them; nothing is sent')
    .argument('[scripts...]', 'script files, directories, "tests/**/*.luau", or - for stdin')
    .option('-e, --eval <code>', 'check this code; can be given again', collect)
    .addHelpText('after', CHECK_EXAMPLES);
  addModuleOptions(check).action((scripts: string[], _options: ScriptOptions, command: Command) => {
    const options = command.optsWithGlobals<ScriptOptions>();
    return start(options, async (invocation) => {
      const { checkScripts } = await import('../commands/check.ts');
      return checkScripts(invocation, scripts, options);
    });
  });
}
