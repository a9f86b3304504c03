import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { ClosableLuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import { type CliResult, type CliSession, type CliSessionOptions, useCliSessions } from './cli-session.ts';

/**
 * Opens sessions whose emulator runs real Luau in virtual time: it stands still while a script computes, and moves to the
 * next sleeper while scripts and commands wait. One session at a time.
 */
export function useControlSessions() {
  const open = useCliSessions();
  let session: CliSession | null = null;
  let runner: ClosableLuauRunner;
  beforeAll(() => {
    runner = createLuauRunner({
      memoryMiB: 128,
      whileBusy: () => session?.clock.hold() ?? (() => undefined),
    });
  });
  afterAll(() => runner.close());

  return async (options: Omit<CliSessionOptions, 'scripts' | 'checksSyntax'>): Promise<CliSession> => {
    session = await open({
      ...options,
      checksSyntax: true,
      emulator: { ...options.emulator, runLuau: runner },
    });
    return session;
  };
}

/** Milliseconds on a session's clock until a call that is made now has come to its end. */
export async function measure<T>({ clock }: CliSession, call: () => Promise<T>): Promise<[ms: number, T]> {
  const startMs = clock.now();
  const result = await call();
  return [clock.now() - startMs, result];
}

/** Starts `run` and resolves when its task has been created, while the script may be waiting already. */
export async function startRun(
  session: CliSession,
  argv: readonly string[],
): Promise<{ running: Promise<CliResult>; path: string }> {
  const running = session.run('run', ...argv);
  for (;;) {
    const path = readCreatedPath(session.stateDirectory);
    if (path !== null) return { running, path };
    await Promise.race([running, new Promise((resolve) => setImmediate(resolve))]);
  }
}

function readCreatedPath(stateDirectory: string): string | null {
  if (!existsSync(stateDirectory)) return null;
  const texts = readdirSync(stateDirectory).map((name) => readFileSync(join(stateDirectory, name), 'utf8'));
  return /"taskPath":"([^"]+)"/.exec(texts.join('\n'))?.[1] ?? null;
}
