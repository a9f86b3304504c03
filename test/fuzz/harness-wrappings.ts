import { createHarness } from '../../src/script/harness.ts';
import type { Wrapping } from '../../src/script/wrapping.ts';

/** What must hold for a script has to hold with a harness behind it too. */
export const WRAPPINGS: readonly [name: string, wrappings: readonly Wrapping[]][] = [
  ['alone', []],
  ['with a harness', [createHarness({ isCancellable: true, isLive: true, pollSeconds: 2, liveSeconds: 1 })]],
];
