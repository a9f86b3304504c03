import { LuauExecError } from '../errors.ts';
import { requireOtherFiles } from './require-own-files.ts';
import type { RunOptions } from './shared-options.ts';

export interface OutputReaders {
  /** What the user named as scripts. */
  named: readonly string[];
  /** How many scripts that is. */
  count: number;
  cwd: string;
}

/** Throws LX003 where the binary output would be written by several scripts, or would replace what the call reads. */
export function requireOwnOutput(
  { binaryOutput, binaryInput, placeFile, args }: RunOptions,
  { named, count, cwd }: OutputReaders,
): void {
  if (binaryOutput === undefined) return;
  if (count > 1) {
    throw new LuauExecError(`--binary-output is one file, and ${count} scripts would write it`, {
      id: 'LX003',
      kind: 'usage',
      hint: 'run one script for each file',
    });
  }
  const inputs = [...named, binaryInput, placeFile, args].flatMap((name) =>
    name ? [{ flag: '', name }] : [],
  );
  requireOtherFiles({ flag: '--binary-output', name: binaryOutput }, inputs, cwd);
}
