import { describe, expect, test } from 'vitest';
import { useControlSessions } from '../helpers/control-session.ts';

const openSession = useControlSessions();

describe('doctor --live-control', () => {
  test('says what it does, runs a script that it watches and stops, and says that both work', async () => {
    const session = await openSession({ files: {} });
    const { exitCode, stdout, stderr } = await session.run('doctor', '--live-control');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^--live-control sends a script, which prints a line a second for 5 s; /);
    expect(stdout).toMatch(
      /live log messages +\d came while the script ran, the first \S+ \S+ after the create\n/,
    );
    expect(stdout).toMatch(/cancel +the run ended \S+ \S+ after it was told to stop\n/);
    // It was a run like any other.
    expect((await session.run('list')).stdout).toMatch(/^@1 {2}FAILED {2}CANCELLED .* -e\n$/);
  });

  test('in JSON has the same', async () => {
    const session = await openSession({ files: {} });
    const { stdout } = await session.run('doctor', '--live-control', '--json');
    const { checks } = JSON.parse(stdout);
    const last = checks.slice(-2).map(({ name, status }: { name: string; status: string }) => [name, status]);
    expect(last).toEqual([
      ['live log messages', 'ok'],
      ['cancel', 'ok'],
    ]);
  });

  test('tells what the task says, where the memory store does not answer in it', async () => {
    const answer = { status: 503, body: 'not here' };
    const session = await openSession({
      files: {},
      faults: [
        { request: 'MemoryStoreSortedMap:GetAsync', times: 'always', do: { answer } },
        { request: 'MemoryStoreQueue:GetSizeAsync', times: 'always', do: { answer } },
      ],
    });
    const { exitCode, stdout } = await session.run('doctor', '--live-control');
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(
      /live log messages +none came while the script ran: in the task, cancelling and live log messages may not work: /,
    );
    expect(stdout).toMatch(/cancel +not stopped: /);
  });

  test('does not take a server that starts slowly for silence', async () => {
    const session = await openSession({ files: {}, emulator: { bootDelayMs: 40_000 } });
    const { exitCode, stdout } = await session.run('doctor', '--live-control');
    expect(stdout).toMatch(
      /live log messages +\d came while the script ran, the first 4\d\.\d s after the create\n/,
    );
    expect(exitCode).toBe(0);
  });

  test('sends the script once more to be stopped, where its messages do not come', async () => {
    const answer = { status: 503, body: 'not here' };
    const session = await openSession({
      files: {},
      faults: [{ request: 'MemoryStoreQueue:GetSizeAsync', times: 'always', do: { answer } }],
    });
    const { exitCode, stdout } = await session.run('doctor', '--live-control');
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(/live log messages +none came while the script ran: in the task, /);
    expect(stdout).toMatch(/cancel +the run ended \S+ \S+ after it was told to stop\n/);
    expect((await session.run('list')).stdout).toMatch(/^@1 .*\n@2 .*\n$/);
  });

  test('tries nothing where the script cannot be sent', async () => {
    const answer = { status: 403, body: { code: 'PERMISSION_DENIED', message: 'no' } };
    const session = await openSession({ files: {}, faults: [{ request: 'createTask', do: { answer } }] });
    const { exitCode, stdout } = await session.run('doctor', '--live-control');
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(/live control +not tried: the key may not do this in universe 11 \(403\)\n/);
    expect(stdout).not.toContain('stopped');
  });

  test('tells what the key may not do', async () => {
    const answer = { status: 403, body: { code: 'PERMISSION_DENIED', message: 'no' } };
    const session = await openSession({
      files: {},
      faults: [
        { request: 'updateSortedMapItem', do: { answer } },
        { request: 'readQueueItems', do: { answer } },
      ],
    });
    const { exitCode, stdout } = await session.run('doctor', '--live-control');
    expect(exitCode).toBe(7);
    expect(stdout.match(/the key may not do this in universe 11 \(403\)/g)).toHaveLength(2);
  });
});
