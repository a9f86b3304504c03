import { controlled, DEAF, detached, MAY_NOT_STOP, SHORT, STOPPED } from './control-setup.ts';
import type { MessageCase } from './message-case.ts';
import { line } from './service-setup.ts';

const said = (text: string) => [text, 0, 1_795_000_000];
const CANCELLABLE = 'run a.luau --cancellable';
const GOES_ON = '  a script that goes on ends by itself after at most 345 s';
const NOT_YIELDING =
  '  the script does not yield, or has not started yet: one that never yields is ended by its time-out alone';
const ENDS_BY_ITSELF = '  its time-out is 300 s, so a script that has started ends by itself by about TIME';
const FORBIDDEN = [
  '  the service says: "no"',
  "  needed: scope memory-store.sorted-map:write, this experience in the key's list, your IP address allowed",
];

/** Runs that are stopped, and what they print meanwhile. */
export const controlCases: readonly MessageCase[] = [
  {
    does: 'a run that is cancelled',
    line: 'cancel',
    session: STOPPED,
    before: detached('--cancellable'),
    isLoud: true,
    notInJson: 'the state says it',
    id: null,
    exit: 0,
    says: ['cancelling', 'the run was cancelled; the state of its task is FAILED'],
  },
  {
    does: 'a run that ends before it is cancelled',
    line: 'cancel',
    session: SHORT,
    before: detached('--cancellable'),
    isLoud: true,
    notInJson: 'the state says it',
    id: null,
    exit: 0,
    says: ['cancelling', 'the run ended by itself before it could be stopped: COMPLETE'],
  },
  {
    does: 'a run that does not hear that it shall stop',
    line: 'cancel',
    session: DEAF,
    before: detached('--cancellable'),
    id: 'LX606',
    exit: 11,
    says: [
      'error: told to stop, and still running after # s',
      NOT_YIELDING,
      ENDS_BY_ITSELF,
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a run that may not be told to stop',
    line: 'cancel',
    session: MAY_NOT_STOP,
    before: detached('--cancellable'),
    id: 'LX403',
    exit: 4,
    says: ['error: the key may not do this in universe 11 (403)', ...FORBIDDEN, 'hint: luau-exec doctor'],
  },
  {
    does: 'a wait for a cancel that is none',
    line: 'cancel --wait 0',
    id: 'LX011',
    exit: 2,
    says: [
      'error: --wait "0" is not a duration longer than nothing',
      'hint: write it as 30s, 2m or 500ms; a bare number is seconds',
    ],
  },
  {
    does: 'a second signal while a run is being cancelled',
    line: CANCELLABLE,
    session: DEAF,
    interruptAt: /^GET.*\/tasks\/[^/]+$/,
    id: 'LX602',
    exit: 130,
    says: [
      'error: stopped waiting; the run was told to stop, and whether it has is not known',
      GOES_ON,
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a signal to a run that may not be told to stop',
    line: CANCELLABLE,
    session: MAY_NOT_STOP,
    during: ({ clock, interrupt }) => void clock.sleep(3_000).then(() => interrupt('SIGTERM')),
    signalName: 'SIGTERM',
    id: 'LX602',
    exit: 143,
    says: [
      'error: stopped waiting; the run could not be cancelled: the key may not do this in universe 11 (403)',
      ...FORBIDDEN,
      GOES_ON,
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a signal to a run that does not hear of it',
    line: CANCELLABLE,
    session: DEAF,
    during: ({ clock, interrupt }) => void clock.sleep(3_000).then(() => interrupt('SIGINT')),
    id: 'LX602',
    exit: 130,
    says: [
      'error: stopped waiting; the run could not be cancelled: told to stop, and still running after # s',
      NOT_YIELDING,
      ENDS_BY_ITSELF,
      GOES_ON,
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'messages that do not all come live',
    line: 'run a.luau --live -q',
    session: controlled({
      afterMs: 5_000,
      batch: [2, said('two')],
      logs: ['one', 'two', 'three'],
    }),
    isLoud: true,
    notInJson: 'there all messages are in their places',
    id: null,
    exit: 0,
    says: ['two', 'one', 'three'],
  },
  {
    does: 'one message that does not come live',
    line: 'run a.luau --live',
    session: controlled({ afterMs: 5_000, batch: [2, said('two')], logs: ['one', 'two', 'three'] }),
    isLoud: true,
    notInJson: 'there all messages are in their places',
    id: null,
    exit: 0,
    says: [
      'submitting',
      'created TASK',
      'processing',
      '(a log message is left out here; see the end)',
      'two',
      'complete',
      '1 log message from before, which did not come while the script ran:',
      'one',
      'and the last ones:',
      'three',
      'complete in # s',
    ],
  },
  {
    does: 'several messages that do not come live',
    line: 'run a.luau --live',
    session: controlled({ afterMs: 5_000, batch: [3, said('three')], logs: ['one', 'two', 'three'] }),
    isLoud: true,
    notInJson: 'there all messages are in their places',
    id: null,
    exit: 0,
    says: [
      'submitting',
      'created TASK',
      'processing',
      '(2 log messages are left out here; see the end)',
      'three',
      'complete',
      '2 log messages from before, which did not come while the script ran:',
      'one',
      'two',
      'complete in # s',
    ],
  },
  {
    does: 'live messages that are older than all that are kept',
    line: 'run a.luau --live --logs stdout -q',
    session: controlled({
      afterMs: 5_000,
      batch: [1, said('oldest'), said('kept')],
      logs: ['oldest', 'kept', 'x'.repeat(460_700)],
    }),
    notInJson: 'there no message is shown while the script runs',
    id: 'LX301',
    exit: 0,
    says: [
      'warning: early log messages are missing: the 2 messages here fill the 450 KB that Roblox keeps; the first was printed # s after the create; shown while the script ran: 1 from before',
    ],
  },
  {
    does: 'live messages that cannot be read',
    line: 'run a.luau --live',
    session: {
      ...controlled({ afterMs: 5_000, logs: ['one'] }),
      // Not as a fault: with --json nobody reads.
      intercept: async (request, next) =>
        request.url.pathname.endsWith('items:read')
          ? { status: 403, headers: {}, body: Buffer.from('{"code":"PERMISSION_DENIED","message":"no"}') }
          : next(request),
    },
    notInJson: 'there all messages come at the end',
    id: 'LX306',
    exit: 0,
    says: [
      'warning: no more log messages are shown before the end: the key may not do this in universe 11 (403)',
      'hint: luau-exec doctor',
      'one',
    ],
  },
  {
    does: 'a run to follow that is not live',
    line: 'logs --follow',
    session: SHORT,
    before: detached(),
    isLoud: true,
    notInJson: 'a hint for people who wait',
    id: null,
    exit: 0,
    says: [
      'this run was not sent with --live: its log messages come when it has ended',
      'taking up the run again',
      'processing',
      'complete',
    ],
  },
  {
    does: 'a signal while a run is followed',
    line: 'logs --follow',
    session: DEAF,
    before: detached('--live'),
    interruptAt: /items:read$/,
    id: 'LX602',
    exit: 130,
    says: ['error: stopped waiting; the script goes on for at most 345 s', 'hint: luau-exec wait TASK'],
  },
  {
    does: 'messages to follow that are the last ones',
    line: 'logs --follow --tail 5',
    id: 'LX003',
    exit: 2,
    says: [
      'error: --tail looks back from the newest message, and with --follow there is always a newer one',
      'hint: use --level or --grep with --follow',
    ],
  },
  {
    does: 'messages to follow since a time',
    line: 'logs -f --since 5s',
    id: 'LX003',
    exit: 2,
    says: [
      'error: --since looks back from the newest message, and with --follow there is always a newer one',
      'hint: use --level or --grep with --follow',
    ],
  },
  {
    does: 'a look for a cancel too often',
    line: `${line} --cancel-poll 100ms`,
    session: SHORT,
    id: 'LX011',
    exit: 2,
    says: [
      'error: cancel poll "100ms" is not between 500 ms and 60 s (from --cancel-poll)',
      'hint: write it as 30s, 2m or 500ms; a bare number is seconds',
    ],
  },
  {
    does: 'a switch that is neither on nor off',
    line,
    session: { ...SHORT, env: { LUAU_EXEC_LIVE: 'maybe' } },
    id: 'LX011',
    exit: 2,
    says: [
      'error: live "maybe" is neither true nor false (from LUAU_EXEC_LIVE)',
      'hint: write it as true or false',
    ],
  },
];
