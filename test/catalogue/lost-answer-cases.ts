import type { MessageCase } from './message-case.ts';
import { creating, line, refusal, STATUS } from './service-setup.ts';

/** Creates whose answer is lost or useless. */
export const lostAnswerCases: readonly MessageCase[] = [
  {
    does: 'an answer that is lost',
    line,
    session: creating({ reset: 'after' }),
    id: 'LX510',
    exit: 9,
    says: [
      'error: the script was sent but no usable answer came: it may be running',
      '  last: ECONNRESET',
      '  it was not sent again, so that it cannot run twice',
      'hint: look at what the script changes before you run it again; --retry-unsafe sends again where running twice does no harm',
    ],
  },
  {
    does: 'an answer that is lost again and again',
    line: 'run a.luau --retry-unsafe',
    session: creating({ reset: 'after' }, 'always'),
    id: 'LX510',
    exit: 9,
    says: [
      'error: the script was sent but no usable answer came: it may be running',
      '  last: ECONNRESET',
      '  it may run more than once, as --retry-unsafe allows',
      'hint: look at what the script changes before you run it again',
    ],
  },
  {
    does: 'an error of the service',
    line,
    session: creating(refusal(500, 'INTERNAL', 'Oh no')),
    id: 'LX510',
    exit: 9,
    says: [
      'error: the script was sent but no usable answer came: it may be running',
      '  last: HTTP 500',
      '  the service says: "Oh no"',
      '  it was not sent again, so that it cannot run twice',
      'hint: look at what the script changes before you run it again; --retry-unsafe sends again where running twice does no harm',
    ],
  },
  {
    does: 'an answer that takes too long',
    line,
    session: creating({ never: true, after: true }),
    id: 'LX510',
    exit: 9,
    says: [
      'error: the script was sent but no usable answer came: it may be running',
      '  last: gave up after 30 s while waiting for an answer',
      '  it was not sent again, so that it cannot run twice',
      'hint: look at what the script changes before you run it again; --retry-unsafe sends again where running twice does no harm',
    ],
  },
  {
    does: 'an answer whose body takes too long',
    line: STATUS,
    session: {
      faults: [{ request: 'getTask', times: 'always', do: { drip: { bytes: 1, everyMs: 4_000 } } }],
    },
    id: 'LX503',
    exit: 7,
    says: [
      'error: no good answer for # s (last: gave up after 15 s while reading the answer, # tries)',
      '  the task goes on',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'an answer with a task path that is none',
    line,
    session: creating({ patch: { path: 'x' } }),
    id: 'LX510',
    exit: 9,
    says: [
      'error: the script was sent but no usable answer came: it may be running',
      '  last: the answer holds no task path',
      '  it was not sent again, so that it cannot run twice',
      'hint: look at what the script changes before you run it again; --retry-unsafe sends again where running twice does no harm',
    ],
  },
];
