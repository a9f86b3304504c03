// The pictures of the docs, each a call of the program in a copy of `project/`. `moment` is what the screen matches when
// the picture is taken; without it, that is when the program has ended. `times` are the times on the screen, from top to
// bottom, as the picture shows them (see pins.mjs), and `title` is for readers who cannot see it.

/** In `argv` it stands for the URL of an emulator, which is started for the picture. */
export const EMULATOR = '{emulator}';

export const PICTURES = [
  {
    name: 'run',
    title:
      'A script that runs on this machine: what it printed, the table that it returned, the time it took',
    argv: ['run', 'report.luau', '--local', '--arg', 'buyer=Ada'],
    times: ['0.2 s'],
  },
  {
    name: 'error',
    title:
      'An error in a module that the script requires: the source around its line, and the way that led there',
    argv: ['run', 'order.luau', '--local'],
    times: [],
  },
  {
    name: 'table',
    title:
      'Six scripts of a directory: one is complete, one has failed, three run, and one waits for its turn',
    argv: ['run', 'tests', '--local'],
    // A frame is drawn from top to bottom: with its last line, all of it is there.
    moment: / s\n.+2 of 6 scripts ended(?:.* processing ){3}.*tests\/trades\.luau +waiting/s,
    times: ['0.2 s', '3 s', '0 s', '3 s', '0 s', '3 s', '3 s'],
  },
  {
    name: 'doctor',
    title: 'What luau-exec doctor finds, line by line: all is well but the API, which is an emulator',
    argv: ['doctor', '--base-url', EMULATOR],
    times: [],
  },
];
