import type { MessageCase } from './message-case.ts';
import { answering, creating, line, STATUS } from './service-setup.ts';

/** Answers that are not from the API, and redirects. */
export const badAnswerCases: readonly MessageCase[] = [
  {
    does: 'an answer that is a web page',
    line: STATUS,
    session: answering(200, { 'content-type': 'text/html' }, '<html><title>Log in</title></html>'),
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is not from the API (a web page: Log in)',
      '  # tries',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'an answer that is a web page without a title',
    line: STATUS,
    session: answering(200, { 'content-type': 'text/html' }, '<html></html>'),
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is not from the API (a web page: without a title)',
      '  # tries',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a proxy page with an error',
    line: STATUS,
    session: answering(502, { 'content-type': 'text/html' }, '<html><title>Bad Gateway</title></html>'),
    id: 'LX503',
    exit: 7,
    says: [
      'error: no good answer for # s (last: HTTP 502 HTML, # tries)',
      '  the task goes on',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'an answer that is no JSON',
    line: STATUS,
    session: answering(200, {}, '{'),
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is not from the API (the answer is not JSON)',
      '  # tries',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'an answer that is no object',
    line: STATUS,
    session: answering(200, {}, '[]'),
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is not from the API (the answer is not a JSON object)',
      '  # tries',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'an answer without a task',
    line: STATUS,
    session: answering(200, {}, '{}'),
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is not from the API (the answer holds no task path)',
      '  # tries',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'an answer that is nested too deeply',
    line: STATUS,
    session: answering(200, {}, `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`),
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is not from the API (the answer holds no task path)',
      '  # tries',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'an answer about another task',
    line: STATUS,
    session: answering(
      200,
      {},
      '{"path":"universes/11/places/22/luau-execution-session-tasks/y","state":"PROCESSING"}',
    ),
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is not from the API (the answer is about another task)',
      '  # tries',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'an answer that is too large',
    line: STATUS,
    session: { faults: [{ request: 'getTask', times: 'always', do: { endless: true } }] },
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is too large: it is larger than 16 MiB',
      '  the task goes on',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a redirect elsewhere',
    line,
    session: answering(302, { location: 'https://portal.example/login' }),
    id: 'LX530',
    exit: 10,
    says: [
      'error: refused a redirect to portal.example; the key was not sent there',
      '  HTTP 302',
      'hint: sign in to the network if it has a login page, or correct the base URL',
    ],
  },
  {
    does: 'a redirect to the same host',
    line,
    session: creating({ redirect: '/elsewhere' }),
    id: 'LX530',
    exit: 10,
    says: [
      'error: refused a redirect to HOST; redirects are not followed',
      '  HTTP 302',
      'hint: sign in to the network if it has a login page, or correct the base URL',
    ],
  },
  {
    does: 'a redirect to nowhere',
    line,
    session: answering(302, {}),
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is not from the API (HTTP 302, and no address to go to)',
      'hint: sign in to the network if it has a login page, or correct the base URL',
    ],
  },
  {
    does: 'a redirect to an address that is none',
    line,
    session: answering(302, { location: 'mailto:' }),
    id: 'LX530',
    exit: 10,
    says: [
      'error: refused a redirect to an address that cannot be read; the key was not sent there',
      '  HTTP 302',
      'hint: sign in to the network if it has a login page, or correct the base URL',
    ],
  },
  {
    does: 'an answer that is nested far too deeply',
    line: STATUS,
    session: answering(200, {}, `{"a":${'['.repeat(1_200)}${']'.repeat(1_200)}}`),
    id: 'LX520',
    exit: 10,
    says: [
      'error: the answer is not from the API (the answer is nested deeper than 1000 levels)',
      '  # tries',
      'hint: luau-exec wait TASK',
    ],
  },
];
