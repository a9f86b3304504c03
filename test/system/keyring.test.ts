import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWorkplaces, type Workplace, waitForText } from '../helpers/bin.ts';
import { requirePrograms, useDesktopSessions } from './secret-service.ts';

// As long as the longest that are told of, and all of it printable ASCII.
const KEY = `system-key-${'0123456789abcdefghijABCDEFGHIJ+/=_-.'.repeat(60)}`;

const open = useWorkplaces();
const openSession = useDesktopSessions();
beforeAll(requirePrograms);

const fileOf = ({ directory }: Workplace) => join(directory, 'home', '.config', 'luau-exec', 'credentials');

/** An emulator that takes KEY alone, and calls of the program that talk to it. */
async function startEmulator(place: Workplace) {
  place.write({ 'key.txt': KEY });
  const child = place.start(['emulate', '--port', '0', '--json', '--api-key-file', 'key.txt']);
  const { baseUrl } = JSON.parse(await waitForText(child.stdout, /\n/));
  const call = (argv: string[], env: Record<string, string>, input = '') =>
    place.run([...argv, '--base-url', baseUrl], { env, input });
  const run = ['run', '-e', 'return 6 * 7', '-u', '1', '-p', '2', '-q'];
  const account: string = baseUrl;
  return { account, call, run };
}

describe('with a Secret Service', () => {
  it('keeps the key in the keyring, where other programs see it, and takes it away again', async () => {
    const place = open();
    const { account, call, run } = await startEmulator(place);
    const { environment, lookUp } = await openSession(place, 'unlocked');
    expect(await call(['auth', 'status'], environment)).toMatchObject({ exitCode: 4 });
    expect(await call(['auth', 'set'], environment, `${KEY}\n`)).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: `stored the API key for ${account} in the keyring\n`,
    });
    expect(lookUp(account)).toBe(KEY);
    expect(lookUp('https://apis.roblox.com')).toBe('');
    const status = await call(['auth', 'status', '--json'], environment);
    expect(JSON.parse(status.stdout)).toMatchObject({
      isSet: true,
      origin: { kind: 'keyring', account },
      keyring: { hasKey: true, problem: null },
      file: { hasKey: false },
    });
    expect(await call(run, environment)).toMatchObject({ exitCode: 0, stdout: '42\n', stderr: '' });
    expect(existsSync(fileOf(place))).toBe(false);
    expect(await call(['auth', 'remove'], environment)).toMatchObject({
      exitCode: 0,
      stderr: `removed the API key for ${account} from the keyring\n`,
    });
    expect(lookUp(account)).toBe('');
    expect(await call(run, environment)).toMatchObject({ exitCode: 2 });
  });

  it('finds the key again in the next session, as after a restart', async () => {
    const place = open();
    const { call, run } = await startEmulator(place);
    const first = await openSession(place, 'unlocked');
    await call(['auth', 'set'], first.environment, KEY);
    await first.end();
    const second = await openSession(place, 'unlocked');
    expect(second.environment).not.toEqual(first.environment);
    expect(await call(run, second.environment)).toMatchObject({ exitCode: 0, stdout: '42\n' });
  });

  it('does without a keyring that stays locked, and says so', async () => {
    const place = open();
    const { account, call, run } = await startEmulator(place);
    const first = await openSession(place, 'unlocked');
    await call(['auth', 'set'], first.environment, KEY);
    await first.end();
    const { environment } = await openSession(place, 'locked');
    const failed = await call(run, environment);
    expect(failed.exitCode).toBe(2);
    expect(failed.stderr).toContain('the keyring could not be read: ');
    expect(await call(['auth', 'remove'], environment)).toMatchObject({ exitCode: 74 });
    const stored = await call(['auth', 'set'], environment, KEY);
    expect(stored.exitCode).toBe(0);
    expect(stored.stderr).toContain(`stored the API key for ${account} in ${fileOf(place)}`);
    expect(await call(run, environment)).toMatchObject({ exitCode: 0, stdout: '42\n' });
  });
});

describe('without any bus', () => {
  it('keeps the key in a file for its owner alone', async () => {
    const place = open();
    const { account, call, run } = await startEmulator(place);
    const stored = await call(['auth', 'set'], {}, `${KEY}\n`);
    expect(stored).toMatchObject({ exitCode: 0, stdout: '' });
    expect(stored.stderr).toMatch(/^stored the API key for \S+ in \S+, which only you can read: .*\n$/);
    expect(statSync(fileOf(place)).mode & 0o777).toBe(0o600);
    expect(await call(run, {})).toMatchObject({ exitCode: 0, stdout: '42\n', stderr: '' });
    const status = await call(['auth', 'status', '--json'], {});
    expect(JSON.parse(status.stdout)).toMatchObject({
      isSet: true,
      origin: { kind: 'stored_file', path: fileOf(place) },
      keyring: { hasKey: false },
    });
    const removed = await call(['auth', 'remove'], {});
    expect(removed.exitCode).toBe(0);
    expect(removed.stderr).toContain(`removed the API key for ${account} from ${fileOf(place)}; no keyring `);
    expect(existsSync(fileOf(place))).toBe(false);
  });
});
