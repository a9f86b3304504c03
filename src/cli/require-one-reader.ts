import { LuauExecError } from '../errors.ts';
import type { RunOptions } from './shared-options.ts';

/** Throws LX003 where two things are to come from standard input, which can be read once. */
export function requireOneReader(
  named: readonly string[],
  { apiKeyFile, binaryInput }: Pick<RunOptions, 'apiKeyFile' | 'binaryInput'>,
): void {
  const readers = [
    ...(named.includes('-') ? ['the script'] : []),
    ...(apiKeyFile === '-' ? ['the API key'] : []),
    ...(binaryInput === '-' ? ['the binary input'] : []),
  ];
  if (readers.length < 2) return;
  throw new LuauExecError(
    `standard input can be read once, and ${readers.join(' and ')} are to come from it`,
    {
      id: 'LX003',
      kind: 'usage',
      hint: 'name a file for one of them',
    },
  );
}
