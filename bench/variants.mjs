// What is measured, and the ratios that are to be kept.

/** The name of the variant that all others are compared with. */
export const BASE = 'node -e 0';

/**
 * The calls to time: `args` for Node, what `stdout` must match so that a failure is not taken for speed, and
 * `target`, the highest ratio to the base that is allowed, by Node's major version.
 */
export function createVariants({ program, oneFile, helloFile, serverUrl }) {
  const remote = ['--base-url', serverUrl, '-u', '1', '-p', '1'];
  return [
    { name: BASE, args: ['-e', '0'], stdout: /^$/, target: () => null },
    { name: '--version', args: [program, '--version'], stdout: /^\d+\.\d+\.\d+\n$/, target: () => 1.15 },
    { name: '--help', args: [program, '--help'], stdout: /^Usage: luau-exec /, target: () => 1.5 },
    {
      name: 'run',
      args: [program, 'run', oneFile, ...remote],
      stdout: /^1\n$/,
      target: (major) => (major < 24 ? 3.5 : 3),
    },
    { name: 'run --local', args: [program, 'run', '--local', helloFile], stdout: /^/, target: () => null },
  ];
}
