import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The worker and the command line are tested as built, so the suite builds them first. */
export default function buildOnce(): void {
  // For a second run beside a first one, which needs dist/ to stay as it is.
  if (process.env.LUAU_EXEC_SKIP_BUILD) return;
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
