// What is measured, and the ratios that are to be kept.

import { BUNDLE, CHECKED, UNCHECKED } from './composing.mjs';

/** The name of the variant that all others are compared with. */
export const BASE = 'node -e 0';

/**
 * The calls to time: `args` for Node, what `stdout` must match so that a failure is not taken for speed, and
 * `target`, the highest ratio to the base that is allowed, by Node's major version.
 */
export function createVariants({ program, oneFile, helloFile, modulesFile, serverUrl }) {
  const remote = ['--base-url', serverUrl, '-u', '1', '-p', '1'];
  return [
    { name: BASE, args: ['-e', '0'], stdout: /^$/, target: () => null },
    { name: '--version', args: [program, '--version'], stdout: /^\d+\.\d+\.\d+\n$/, target: () => 1.15 },
    { name: '--help', args: [program, '--help'], stdout: /^Usage: luau-exec /, target: () => 1.5 },
    {
      name: UNCHECKED,
      args: [program, 'run', oneFile, '--no-check', ...remote],
      stdout: /^1\n$/,
      target: (major) => (major < 24 ? 3.5 : 3),
    },
    // What the check may add has a bound of its own.
    { name: CHECKED, args: [program, 'run', oneFile, ...remote], stdout: /^1\n$/, target: () => null },
    { name: 'run --local', args: [program, 'run', '--local', helloFile], stdout: /^/, target: () => null },
    { name: BUNDLE, args: [program, 'bundle', modulesFile], stdout: /m1000\.luau/, target: () => null },
  ];
}
