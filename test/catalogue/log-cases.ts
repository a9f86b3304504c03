import type { MessageCase } from './message-case.ts';
import { LOGS, LOST, printing, SCRIPT, sent } from './record-setup.ts';

/** Log messages that are lost, missing or left out. */
export const logCases: readonly MessageCase[] = [
  {
    does: 'logs that are lost',
    line: 'run a.luau',
    session: LOST,
    id: 'LX302',
    exit: 0,
    says: [
      'warning: logs could not be read whole (HTTP 503, # tries); the result is complete',
      'hint: luau-exec logs TASK',
    ],
  },
  {
    does: 'logs that are lost and required',
    line: 'run a.luau --require-logs',
    session: LOST,
    id: 'LX503',
    exit: 7,
    says: [
      'warning: logs could not be read whole (HTTP 503, # tries); the result is complete',
      'hint: luau-exec logs TASK',
      'error: no good answer for # s (last: HTTP 503, # tries)',
      'hint: luau-exec logs TASK',
    ],
  },
  {
    does: 'logs that cannot be read',
    line: 'logs',
    session: {
      ...SCRIPT,
      faults: [{ request: 'listLogs', nth: 2, times: 'always', do: { answer: { status: 503 } } }],
    },
    before: sent,
    id: 'LX503',
    exit: 7,
    says: ['error: no good answer for # s (last: HTTP 503, # tries)', 'hint: luau-exec logs TASK'],
  },
  {
    does: 'a page of logs that is its own next',
    line: 'logs',
    session: {
      ...SCRIPT,
      faults: [
        {
          request: 'listLogs',
          nth: 2,
          times: 'always',
          do: { answer: { body: { luauExecutionSessionTaskLogs: [], nextPageToken: 'x' } } },
        },
      ],
    },
    before: sent,
    id: 'LX302',
    exit: 10,
    says: ['error: the logs do not end: a page names itself as the next', 'hint: luau-exec logs TASK'],
  },
  {
    does: 'filters that leave nothing',
    line: 'logs --grep three',
    session: SCRIPT,
    before: sent,
    isLoud: true,
    notInJson: 'leftOut says it',
    id: null,
    exit: 0,
    says: ['--grep left out all 2 log messages'],
  },
  {
    does: 'filters that leave nothing of one',
    line: 'logs --grep three',
    session: { ...SCRIPT, scripts: { A: { logs: LOGS.slice(0, 1) } } },
    before: sent,
    isLoud: true,
    notInJson: 'leftOut says it',
    id: null,
    exit: 0,
    says: ['--grep left out the one log message there is'],
  },
  {
    does: 'logs that fill what is kept',
    line: 'run a.luau --logs none',
    session: printing(700, 1_000),
    id: 'LX301',
    exit: 0,
    says: [
      'warning: early log messages are probably missing: the 440 messages here fill the 450 KB that Roblox keeps; the first was printed # s after the create; if the script printed evenly, at most 280 KB came before',
    ],
  },
  {
    does: 'logs that nearly fill what is kept',
    line: 'run a.luau --logs none',
    session: printing(6, 70_000),
    id: 'LX301',
    exit: 0,
    says: [
      'warning: early log messages may be missing: the 6 messages here leave little of the 450 KB that Roblox keeps; the first was printed # s after the create',
    ],
  },
  {
    does: 'one message that fills what is kept',
    line: 'run a.luau --logs none',
    session: printing(1, 460_000),
    id: 'LX301',
    exit: 0,
    says: [
      'warning: early log messages are probably missing: the 1 message here fills the 450 KB that Roblox keeps; the first was printed # s after the create',
    ],
  },
  {
    does: 'logs without an end',
    line: 'logs',
    session: {
      ...SCRIPT,
      faults: Array.from({ length: 50 }, (_, index) => ({
        request: 'listLogs',
        nth: index + 2,
        do: { answer: { body: { luauExecutionSessionTaskLogs: [], nextPageToken: `${index}` } } },
      })),
    },
    before: sent,
    id: 'LX302',
    exit: 10,
    says: ['error: the logs do not end: there are more than 50 pages', 'hint: luau-exec logs TASK'],
  },
];
