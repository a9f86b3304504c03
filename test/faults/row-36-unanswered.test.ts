import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { useCliSessions } from '../helpers/cli-session.ts';
import { readJournalLines } from '../helpers/journal-files.ts';

const open = useCliSessions();

/** Runs a script and is interrupted as soon as its create is on the wire. */
async function interruptCreate(action: Fault['do'], ...argv: string[]) {
  const session = await open({
    files: { 'a.luau': 'A', 'b.luau': 'A' },
    scripts: { A: { afterMs: 60_000 } },
    faults: [{ request: 'createTask', do: action }],
    intercept: (request, next) => {
      const answer = next(request);
      session.interrupt('SIGINT');
      return answer;
    },
  });
  const startMs = session.clock.now();
  const result = await session.run('run', 'a.luau', ...argv);
  return { ...result, session, tookMs: session.clock.now() - startMs };
}

describe('row 36: SIGINT in a create', () => {
  it('row 36: an answer that does not come within 2 s leaves the outcome unknown: exit 9', async () => {
    const { session, tookMs, exitCode, stdout } = await interruptCreate(
      { never: true, after: true },
      '--json',
    );
    expect(exitCode).toBe(9);
    expect(tookMs).toBeGreaterThanOrEqual(2_000);
    expect(tookMs).toBeLessThan(2_500);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 9, outcome: 'unknown', error: { id: 'LX510' } });
    expect(session.requests).toHaveLength(1);
    expect(readJournalLines(session.stateDirectory)).toMatchObject([{ event: 'intent' }]);
    const later = await session.run('wait', '@last');
    expect(later.exitCode).toBe(9);
    expect(session.requests).toHaveLength(1);
  });

  it('row 36: an answer that comes after 1.9 s names the task', async () => {
    const { session, tookMs, exitCode, stdout } = await interruptCreate({ delayMs: 1_900 }, '--json');
    expect(exitCode).toBe(130);
    expect(tookMs).toBeLessThan(2_500);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 130,
      outcome: 'interrupted',
      task: { universeId: '11' },
    });
    expect(session.requests).toHaveLength(1);
  });

  it('row 36: scripts that were not sent yet are not sent', async () => {
    const { session, exitCode, stdout } = await interruptCreate({ delayMs: 1_000 }, 'b.luau', '--json');
    expect(exitCode).toBe(130);
    const { runs } = JSON.parse(stdout);
    expect(runs).toMatchObject([{ outcome: 'interrupted' }, { outcome: 'interrupted', task: null }]);
    expect(session.requests).toHaveLength(1);
  });
});
