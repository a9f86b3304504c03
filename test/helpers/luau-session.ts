import { afterAll, beforeAll } from 'vitest';
import type { ClosableLuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import { type CliSession, useCliSessions } from './cli-session.ts';

/** Opens sessions whose emulator runs real Luau, for which virtual time stands still; each tells what it was sent. */
export function useLuauSessions() {
  const open = useCliSessions();
  let runner: ClosableLuauRunner;
  beforeAll(() => {
    runner = createLuauRunner({ memoryMiB: 32 });
  });
  afterAll(() => runner.close());

  return async (files: Readonly<Record<string, string>>) => {
    const chunks: string[] = [];
    let session: CliSession | null = null;
    session = await open({
      files,
      checksSyntax: true,
      emulator: {
        runLuau: async (job) => {
          chunks.push(job.script);
          const release = session?.clock.hold();
          try {
            return await runner(job);
          } finally {
            release?.();
          }
        },
      },
    });
    return { session, chunks };
  };
}
