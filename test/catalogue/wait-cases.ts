import type { MessageCase } from './message-case.ts';
import { creating, LONG, reading, SCRIPT, STATUS, wait } from './service-setup.ts';

/** Waits that are over, and tasks that cannot be looked at. */
export const waitCases: readonly MessageCase[] = [
  {
    does: 'a task that is read in vain',
    line: STATUS,
    session: reading({ answer: { status: 503 } }),
    id: 'LX503',
    exit: 7,
    says: [
      'error: no good answer for # s (last: HTTP 503, # tries)',
      '  the task goes on',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a task that is read in vain over a broken line',
    line: STATUS,
    session: reading({ reset: 'before' }),
    id: 'LX503',
    exit: 7,
    says: [
      'error: no good answer for # s (last: ECONNRESET, # tries)',
      '  the task goes on',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a wait that is over',
    line: 'run a.luau --wait-timeout 5s',
    session: LONG,
    id: 'LX601',
    exit: 124,
    says: [
      'error: still running after 5 s; stopped waiting, the task goes on',
      '  state: PROCESSING',
      '  a place version that Roblox cannot load stays in this state for good',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a wait that is over in an unknown state',
    line: 'run a.luau --wait-timeout 5s',
    session: { ...LONG, faults: [{ request: 'getTask', times: 'always', do: { state: 'DREAMING' } }] },
    id: 'LX601',
    exit: 10,
    says: [
      'error: after 5 s the task is in the state DREAMING, which is not a known one',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'logs of a task that goes on',
    line: 'logs',
    session: LONG,
    before: wait,
    id: 'LX604',
    exit: 8,
    says: [
      'error: the task is in the state PROCESSING; its logs can be read once it has finished',
      'hint: luau-exec logs TASK --follow',
    ],
  },
  {
    does: 'a task that cannot be cancelled',
    line: 'cancel',
    session: LONG,
    before: wait,
    id: 'LX603',
    exit: 11,
    says: [
      'error: this run cannot be cancelled: Open Cloud has no operation for it, and it was not sent with --cancellable',
      '  its time-out is 300 s, so a script that has started ends by itself by about TIME',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a run that was never answered',
    line: 'status',
    session: creating({ reset: 'after' }),
    before: wait,
    id: 'LX510',
    exit: 9,
    says: [
      'error: a.luau was sent at TIME but no answer came: it may be running',
      '  its path is not known, so it cannot be looked at; it was not sent again',
      'hint: look at what the script changes before you run it again',
    ],
  },
  {
    does: 'more runs than there were',
    line: 'status @2',
    session: SCRIPT,
    before: wait,
    id: 'LX009',
    exit: 2,
    says: [
      'error: there is no @2: only 1 is remembered',
      '  runs are remembered for 24 h after their end, as long as Open Cloud keeps them',
      'hint: luau-exec list',
    ],
  },
  {
    does: 'many more runs than there were',
    line: 'status @9',
    session: SCRIPT,
    before: (session) => session.run('run', 'a.luau', 'a.luau', '-q'),
    id: 'LX009',
    exit: 2,
    says: [
      'error: there is no @9: only 2 are remembered',
      '  runs are remembered for 24 h after their end, as long as Open Cloud keeps them',
      'hint: luau-exec list',
    ],
  },
  {
    does: 'a wait of no time at all',
    line: 'run a.luau --wait-timeout 1ms',
    session: LONG,
    id: 'LX601',
    exit: 124,
    says: [
      'error: still running after 0 s; stopped waiting, the task goes on',
      '  state: PROCESSING',
      '  a place version that Roblox cannot load stays in this state for good',
      'hint: luau-exec wait TASK',
    ],
  },
];
