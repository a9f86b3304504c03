import { writeFileSync } from 'node:fs';
import type { MessageCase } from './message-case.ts';
import { left, SCRIPT, sent, shareId } from './record-setup.ts';

/** What `list` and the journal tell. */
export const listCases: readonly MessageCase[] = [
  {
    does: 'a list of nothing',
    line: 'list',
    isLoud: true,
    notInJson: 'an empty list says it',
    id: null,
    exit: 0,
    says: [
      'no task sent from this machine to http://HOST is remembered: a task is remembered for 24 h after its end, and one of --local is not',
      'hint: luau-exec run SCRIPT',
    ],
  },
  {
    does: 'a list of nothing with a target',
    line: 'list --target staging',
    isLoud: true,
    notInJson: 'an empty list says it',
    id: null,
    exit: 0,
    says: [
      'no task sent from this machine to http://HOST with the target staging is remembered: a task is remembered for 24 h after its end, and one of --local is not',
      'hint: luau-exec run SCRIPT',
    ],
  },
  {
    does: 'a list of what was sent elsewhere',
    line: 'list --base-url https://api.example',
    session: SCRIPT,
    before: sent,
    isLoud: true,
    notInJson: 'an empty list says it',
    id: null,
    exit: 0,
    says: [
      'no task sent from this machine to https://api.example is remembered: some were sent to http://HOST',
      'hint: luau-exec list --base-url http://HOST',
    ],
  },
  {
    does: 'a list of states that may be old',
    line: 'list',
    session: SCRIPT,
    before: left,
    isLoud: true,
    notInJson: 'seenTime says it',
    id: null,
    exit: 0,
    says: ['these are the states last seen; luau-exec list --refresh asks for them'],
  },
  {
    does: 'a list of a run that was never answered',
    line: 'list',
    session: { ...SCRIPT, faults: [{ request: 'createTask', do: { reset: 'after' } }] },
    before: sent,
    isLoud: true,
    notInJson: 'the state says it',
    id: null,
    exit: 0,
    says: ['unknown: no answer to the create has come, so the script may be running'],
  },
  {
    does: 'a list of a task that is gone',
    line: 'list --refresh',
    session: { ...SCRIPT, faults: [{ request: 'getTask', do: { answer: { status: 404, body: {} } } }] },
    before: left,
    isLoud: true,
    notInJson: 'the state says it',
    id: null,
    exit: 0,
    says: [
      'asking for the states',
      'not_found: the service has no such task any more, or hides it from this API key',
    ],
  },
  {
    does: 'a list whose one state cannot be learnt',
    line: 'list --refresh',
    session: {
      ...SCRIPT,
      faults: [{ request: 'getTask', times: 'always', do: { answer: { status: 503 } } }],
    },
    before: left,
    id: 'LX503',
    exit: 7,
    says: [
      'error: the state of the task could not be learnt: no good answer for # s (last: HTTP 503, # tries)',
      '  it is shown as last seen',
      'hint: luau-exec list --refresh',
    ],
  },
  {
    does: 'a list whose states cannot be learnt',
    line: 'list --refresh',
    session: {
      ...SCRIPT,
      faults: [{ request: 'getTask', times: 'always', do: { answer: { status: 503 } } }],
    },
    before: async (session) => {
      await left(session);
      await left(session);
    },
    id: 'LX503',
    exit: 7,
    says: [
      'error: the state of all 2 tasks could not be learnt: no good answer for # s (last: HTTP 503, # tries)',
      '  they are shown as last seen',
      'hint: luau-exec list --refresh',
    ],
  },
  {
    does: 'a list of which one state cannot be learnt',
    line: 'list --refresh',
    session: {
      ...SCRIPT,
      faults: [{ request: 'getTask', nth: 1, do: { answer: { status: 403, body: {} } } }],
    },
    before: async (session) => {
      await left(session);
      await left(session);
    },
    id: 'LX403',
    exit: 4,
    says: [
      'error: the state of 1 of 2 tasks could not be learnt: the key may not do this in universe 11 (403)',
      '  it is shown as last seen',
      'hint: luau-exec doctor',
    ],
  },
  {
    does: 'a list of a local run',
    line: 'list --local',
    id: 'LX003',
    exit: 2,
    says: [
      'error: a local run ends with the command that started it, so there is no task to look at',
      'hint: start luau-exec emulate and use --base-url to keep tasks across commands',
    ],
  },
  {
    does: 'a journal that cannot be read',
    line: 'list',
    before: ({ stateDirectory }) => writeFileSync(stateDirectory, ''),
    id: 'LX303',
    exit: 74,
    says: [
      "error: the journal of the tasks that were sent cannot be read: ENOTDIR: not a directory, scandir 'CWD/.state'",
      'hint: name a directory that you may read and write in LUAU_EXEC_STATE_DIR',
    ],
  },
  {
    does: 'a task that is looked for in a journal that cannot be read',
    line: 'status',
    before: ({ stateDirectory }) => writeFileSync(stateDirectory, ''),
    id: 'LX009',
    exit: 2,
    says: [
      'error: there is no @last: no task sent from this machine to this API is remembered',
      '  runs are remembered for 24 h after their end, as long as Open Cloud keeps them',
      "  the journal cannot be read: ENOTDIR: not a directory, scandir 'CWD/.state'",
      'hint: name the task by its path: universes/…/tasks/…',
    ],
  },
  {
    does: 'a journal that cannot be written',
    line: 'run a.luau',
    session: SCRIPT,
    before: ({ stateDirectory }) => writeFileSync(stateDirectory, ''),
    id: 'LX303',
    exit: 0,
    says: [
      'one',
      '[error] two',
      "warning: this run will not be found by @last: the journal cannot be used (EEXIST: file already exists, mkdir 'CWD/.state')",
    ],
  },
  {
    does: 'an id that fits several tasks',
    line: 'status 00000000',
    session: SCRIPT,
    before: async (session) => {
      await sent(session);
      await sent(session);
    },
    id: 'LX009',
    exit: 2,
    says: [
      'error: "00000000" is not a task',
      '  a task is a resource path, an API URL, the id of a task sent from this machine, @last, or @2',
      '  runs are remembered for 24 h after their end, as long as Open Cloud keeps them',
      'hint: luau-exec list, or copy the path that run printed',
    ],
  },
  {
    does: 'several tasks that one id fits',
    line: 'status aaaaaaaa',
    session: SCRIPT,
    before: async (session) => {
      await session.run('run', 'a.luau', 'a.luau', '-q');
      shareId(session);
    },
    id: 'LX009',
    exit: 2,
    says: [
      'error: several tasks have an id that begins with "aaaaaaaa"',
      '  ID',
      '  ID',
      'hint: give more of the id, or the position that luau-exec list shows',
    ],
  },
];
