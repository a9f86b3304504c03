import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type Workplace, waitForText } from '../helpers/bin.ts';

const PROGRAMS = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'];
const PASSWORD = 'login-password';
const START = 'gnome-keyring-daemon --components=secrets';

/** Throws where a program is missing, with the command that installs it on Debian. */
export function requirePrograms(): void {
  const missing = PROGRAMS.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (missing.length === 0) return;
  throw new Error(
    `not installed: ${missing.join(', ')}. On Debian: apt-get install -y dbus gnome-keyring libsecret-tools`,
  );
}

/** A desktop's session with its keyring; `environment` leads programs to it. */
export interface DesktopSession {
  environment: Record<string, string>;
  /** What another program finds in the keyring; empty when nothing. */
  lookUp(account: string): string;
  end(): Promise<void>;
}

/** Starts sessions over the home directory of a workplace, and ends them after each test. */
export function useDesktopSessions(): (
  place: Workplace,
  how: 'unlocked' | 'locked',
) => Promise<DesktopSession> {
  const sessions: DesktopSession[] = [];
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.end();
  });
  return async (place, how) => {
    const runtime = join(place.directory, 'runtime');
    mkdirSync(runtime, { recursive: true, mode: 0o700 });
    mkdirSync(join(place.directory, 'home'), { recursive: true });
    const base = { ...place.environment, XDG_RUNTIME_DIR: runtime };
    const start = how === 'unlocked' ? `printf %s ${PASSWORD} | ${START} --unlock` : `${START} --start`;
    // The session lasts until its standard input ends.
    const command = `${start} >&2; echo "bus=$DBUS_SESSION_BUS_ADDRESS"; cat`;
    const child = spawn('dbus-run-session', ['--', 'sh', '-c', command], { env: base });
    child.stderr.resume();
    const line = await waitForText(child.stdout, /^bus=.*\n/);
    const environment = { ...base, DBUS_SESSION_BUS_ADDRESS: line.slice('bus='.length).trim() };
    const session: DesktopSession = {
      environment,
      lookUp: (account) =>
        spawnSync('secret-tool', ['lookup', 'service', 'luau-exec', 'username', account], {
          env: environment,
          encoding: 'utf8',
        }).stdout,
      end: () => endSession(child),
    };
    sessions.push(session);
    return session;
  };
}

async function endSession(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  await ended;
}
