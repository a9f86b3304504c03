import type { MessageCase } from './message-case.ts';
import { answering, creating, line, refusal, SCRIPT, STATUS } from './service-setup.ts';

/** What Open Cloud refuses, and its limits. */
export const refusalCases: readonly MessageCase[] = [
  {
    does: 'a request that is not accepted',
    line,
    session: creating(refusal(400, 'INVALID_ARGUMENT', 'Bad script')),
    id: 'LX400',
    exit: 2,
    says: ['error: Open Cloud did not accept the request (400)', '  the service says: "Bad script"'],
  },
  {
    does: 'a request that is refused oddly',
    line,
    session: creating(refusal(418, 'TEAPOT', 'I am a teapot')),
    id: 'LX400',
    exit: 10,
    says: ['error: Open Cloud refused the request (418)', '  the service says: "I am a teapot"'],
  },
  {
    does: 'a key that is refused',
    line,
    session: { ...SCRIPT, env: { ROBLOX_API_KEY: 'another-key-000' } },
    id: 'LX401',
    exit: 4,
    says: [
      'error: the API key was refused (401)',
      '  the service says: "Invalid API Key"',
      '  needed: a key with the scope universe.place.luau-execution-session:write',
      'hint: luau-exec doctor',
    ],
  },
  {
    does: 'a key that may not do it',
    line,
    session: creating(refusal(403, 'PERMISSION_DENIED', 'no scope')),
    id: 'LX403',
    exit: 4,
    says: [
      'error: the key may not do this in universe 11 (403)',
      '  the service says: "no scope"',
      "  needed: scope universe.place.luau-execution-session:write, this experience in the key's list, your IP address allowed",
      'hint: luau-exec doctor',
    ],
  },
  {
    does: 'a key that may not read',
    line: STATUS,
    session: { faults: [{ request: 'getTask', do: refusal(403, 'PERMISSION_DENIED', '') }] },
    id: 'LX403',
    exit: 4,
    says: [
      'error: the key may not do this in universe 11 (403)',
      "  needed: scope universe.place.luau-execution-session:read or universe.place.luau-execution-session:write, this experience in the key's list, your IP address allowed",
      'hint: luau-exec doctor',
    ],
  },
  {
    does: 'a place version that does not exist',
    line: 'run a.luau --place-version 2',
    session: SCRIPT,
    id: 'LX404',
    exit: 5,
    says: [
      'error: place 22 of universe 11 was not found, or the key may not see it (404)',
      '  the service says: "Version 2 of place 22 was not found."',
      'hint: compare universe, place and version with the Creator Dashboard',
    ],
  },
  {
    does: 'a task that does not exist',
    line: STATUS,
    id: 'LX404',
    exit: 5,
    says: [
      'error: there is no such task, or the key may not see it (404)',
      '  the service says: "The task was not found."',
      'hint: tasks are kept for 24 h after they finished; check the path',
    ],
  },
  {
    does: 'a quota',
    line,
    session: answering(429, { 'x-ratelimit-remaining': '86', 'x-ratelimit-reset': '56442' }),
    id: 'LX429',
    exit: 6,
    says: [
      "error: a quota of this key's owner is used up until TIME",
      '  nothing was created',
      'hint: run it again after that; another key of the same owner shares the quota',
    ],
  },
  {
    does: 'a quota while a task is read',
    line: STATUS,
    session: answering(429, { 'x-ratelimit-remaining': '86', 'x-ratelimit-reset': '56442' }),
    id: 'LX429',
    exit: 7,
    says: [
      "error: a quota of this key's owner is used up until TIME",
      '  the task goes on',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a rate limit',
    line: 'run a.luau --queue-timeout 1',
    session: creating(
      { answer: { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' } } },
      'always',
    ),
    id: 'LX429',
    exit: 6,
    says: [
      "error: rate limit of this key's owner; gave up after # s",
      '  nothing was created',
      '  the limit ends in 30 s',
      'hint: run it again later, or allow more time with --queue-timeout',
    ],
  },
  {
    does: 'a rate limit while a task is read',
    line: STATUS,
    session: {
      faults: [
        {
          request: 'getTask',
          times: 'always',
          do: {
            answer: { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' } },
          },
        },
      ],
    },
    id: 'LX429',
    exit: 7,
    says: [
      "error: rate limit of this key's owner; gave up after # s",
      '  the task goes on',
      '  the limit ends in 30 s',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a place that is full',
    line: 'run a.luau --queue-timeout 10',
    session: creating(refusal(429, 'RESOURCE_EXHAUSTED', 'Place has ten incomplete tasks'), 'always'),
    id: 'LX430',
    exit: 6,
    says: [
      'error: place 22 still has ten unfinished tasks; gave up after # s',
      '  the service says: "Place has ten incomplete tasks"',
      '  nothing was created',
      'hint: wait for some of them to finish, or allow more time with --queue-timeout',
    ],
  },
];
