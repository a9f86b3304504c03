import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { ScriptOptions } from '../shared-options.ts';
import { addModuleOptions, collect } from './script-options.ts';

export function defineCheck(program: Command, start: Start): void {
  const check = program
    .command('check')
    .description('put scripts together and compile them; nothing is sent')
    .argument('[scripts...]', 'script files, directories, "tests/**/*.luau", or - for stdin')
    .option('-e, --eval <code>', 'check this code; can be given again', collect);
  addModuleOptions(check);
  addExamples(check, [
    ['luau-exec check src', 'syntax errors and requires that lead nowhere; exit code 2 for any'],
    ["luau-exec check -e 'return 1 +'", 'one line of code'],
    ['luau-exec check --json main.luau | jq .error.line', 'the line of the mistake'],
  ]).action((scripts: string[], _options: ScriptOptions, command: Command) => {
    const options = command.optsWithGlobals<ScriptOptions>();
    return start(options, async (invocation) => {
      const { checkScripts } = await import('../commands/check.ts');
      return checkScripts(invocation, scripts, options);
    });
  });
}
