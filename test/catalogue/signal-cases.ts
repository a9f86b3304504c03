import type { MessageCase } from './message-case.ts';
import { LONG, line, SCRIPT, STATUS, wait } from './service-setup.ts';

/** Signals, and bugs of our own. */
export const signalCases: readonly MessageCase[] = [
  {
    does: 'a signal before the create',
    line,
    session: SCRIPT,
    during: ({ interrupt }) => interrupt('SIGINT'),
    id: 'LX602',
    exit: 130,
    says: ['error: stopped before the script was sent; nothing was created'],
  },
  {
    does: 'a signal while the task runs',
    line,
    session: LONG,
    interruptAt: /^GET/,
    id: 'LX602',
    exit: 130,
    says: ['error: stopped waiting; the script goes on for at most 345 s', 'hint: luau-exec wait TASK'],
  },
  {
    does: 'a signal while logs are read',
    line,
    session: { ...SCRIPT, scripts: { A: { logs: [{ level: 'OUTPUT', message: 'x' }] } } },
    interruptAt: /\/logs$/,
    id: 'LX602',
    exit: 130,
    says: [
      'error: stopped before the logs were read; the task has finished: COMPLETE',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a signal while a task is asked for',
    line: STATUS,
    session: SCRIPT,
    interruptAt: /^GET/,
    id: 'LX602',
    exit: 130,
    says: ['error: stopped'],
  },
  {
    does: 'a signal while a task is waited for',
    line: 'wait',
    session: LONG,
    before: wait,
    interruptAt: /^GET/,
    id: 'LX602',
    exit: 130,
    says: ['error: stopped waiting; the script goes on for at most 345 s', 'hint: luau-exec wait TASK'],
  },
  {
    does: 'a bug',
    line,
    session: {
      ...SCRIPT,
      intercept: async () => {
        throw new TypeError('x is not a function');
      },
    },
    id: 'LX900',
    exit: 70,
    says: [
      'error: a bug in luau-exec: TypeError: x is not a function',
      '  TypeError: x is not a function',
      'hint: report it, with the lines above',
    ],
  },
  {
    does: 'a signal while a script runs here',
    line: "run -e 'task.wait(60)' --local",
    interruptAt: /^GET/,
    id: 'LX602',
    exit: 130,
    says: ['error: stopped; the local run ended with it'],
  },
  {
    does: 'a thrown text',
    line,
    session: { ...SCRIPT, intercept: () => Promise.reject('text') },
    id: 'LX900',
    exit: 70,
    says: ['error: a bug in luau-exec: text', 'hint: report it, with the lines above'],
  },
  {
    does: 'SIGTERM while the task runs',
    line,
    session: LONG,
    interruptAt: /^GET/,
    signalName: 'SIGTERM',
    id: 'LX602',
    exit: 143,
    says: ['error: stopped waiting; the script goes on for at most 345 s', 'hint: luau-exec wait TASK'],
  },
  {
    does: 'SIGHUP while the task runs',
    line,
    session: LONG,
    interruptAt: /^GET/,
    signalName: 'SIGHUP',
    id: 'LX602',
    exit: 129,
    says: ['error: stopped waiting; the script goes on for at most 345 s', 'hint: luau-exec wait TASK'],
  },
];
