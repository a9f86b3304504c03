import type { Command } from 'commander';
import { addExamples } from '../help/command-extras.ts';
import type { Start } from '../invocation.ts';
import type { DoctorOptions } from '../shared-options.ts';

export function defineDoctor(program: Command, start: Start): void {
  const doctor = program
    .command('doctor')
    .description('examine settings, API key, network and this machine; nothing is run unless asked for')
    .option('-u, --universe <id>', 'universe (experience) id')
    .option('-p, --place <id>', 'place id')
    .option('--live-control', 'run a script of 5 s to see whether --live and --cancellable work there');
  addExamples(
    doctor,
    [
      ['luau-exec doctor', 'is everything there that a run needs, and what is to be done'],
      ['luau-exec doctor --target staging', 'for one target of the config file'],
      ['luau-exec doctor --local', 'does Luau run on this machine'],
      ['luau-exec doctor --live-control', 'do --live and --cancellable work in this place'],
      ['luau-exec doctor --json', 'one JSON document, for a CI job'],
    ],
    'Exit codes: 0 nothing but warnings, 2 an id is missing, 4 the key is missing, refused or lacks a scope, 7 the service cannot be reached.',
  ).action((_options: DoctorOptions, command: Command) => {
    const options = command.optsWithGlobals<DoctorOptions>();
    return start(options, async (invocation) => {
      const { examine } = await import('../commands/doctor.ts');
      return examine(invocation, options);
    });
  });
}
