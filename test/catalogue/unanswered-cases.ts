import type { MessageCase } from './message-case.ts';
import { creating, refusal } from './service-setup.ts';

const SENT = [
  'error: the script was sent but no usable answer came: it may be running',
  '  last: ABORTED',
  '  it was not sent again, so that it cannot run twice',
];
const KNOWN = [
  'error: a.luau was sent at TIME but no answer came: it may be running',
  '  its path is not known, so it cannot be looked at; it was not sent again',
];
const CANCEL = '  luau-exec cancel tells it to stop all the same';
const TOLD =
  '  it has been told to stop: if it runs, or starts within 10 minutes, it stops when it next yields';
const LOOK = 'hint: look at what the script changes before you run it again';
const LOOK_OR_REPEAT = `${LOOK}; --retry-unsafe sends again where running twice does no harm`;
const LOST = creating({ reset: 'after' });
const SILENT = creating({ never: true, after: true });

/** Runs that can be cancelled, and whose create was never answered. */
export const unansweredCases: readonly MessageCase[] = [
  {
    does: 'a cancellable run whose answer is lost',
    line: 'run a.luau --cancellable',
    session: LOST,
    id: 'LX510',
    exit: 9,
    says: [...SENT.with(1, '  last: ECONNRESET'), CANCEL, LOOK_OR_REPEAT],
  },
  {
    does: 'a look at a cancellable run that was never answered',
    line: 'status',
    session: LOST,
    before: (session) => session.run('run', 'a.luau', '--cancellable', '-q'),
    id: 'LX510',
    exit: 9,
    says: [...KNOWN, CANCEL, LOOK],
  },
  {
    does: 'a run to cancel that was never answered',
    line: 'cancel',
    session: LOST,
    before: (session) => session.run('run', 'a.luau', '--cancellable', '-q'),
    id: 'LX510',
    exit: 9,
    says: [...KNOWN, TOLD, LOOK],
  },
  {
    does: 'a signal before a cancellable run is answered',
    line: 'run a.luau --cancellable',
    session: SILENT,
    interruptAt: /^POST/,
    id: 'LX510',
    exit: 9,
    says: [...SENT, TOLD, LOOK_OR_REPEAT],
  },
  {
    does: 'a signal before a run is answered that may not be told to stop',
    line: 'run a.luau --cancellable',
    session: {
      ...SILENT,
      faults: [
        ...(SILENT.faults ?? []),
        { request: 'updateSortedMapItem', do: refusal(403, 'PERMISSION_DENIED', 'no') },
      ],
    },
    interruptAt: /^POST/,
    id: 'LX510',
    exit: 9,
    says: [
      ...SENT,
      '  it could not be told to stop: the key may not do this in universe 11 (403)',
      CANCEL,
      LOOK_OR_REPEAT,
    ],
  },
];
