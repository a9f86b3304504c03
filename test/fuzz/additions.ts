import { createHarness } from '../../src/script/harness.ts';
import type { ProjectOptions } from '../helpers/script-project.ts';

type Addition = Pick<ProjectOptions, 'wrappings' | 'isGuarded'>;

const HARNESS = createHarness({ isCancellable: true, isLive: true, pollSeconds: 2, liveSeconds: 1 });

/** What must hold for a script has to hold with everything that we may add to it. */
export const ADDITIONS: readonly [name: string, addition: Addition][] = [
  ['alone', {}],
  ['with a harness, behind a version guard', { wrappings: [HARNESS], isGuarded: true }],
];
