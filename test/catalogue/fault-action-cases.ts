import { fault, file, line } from './faults-file-setup.ts';
import type { MessageCase } from './message-case.ts';

/** Deeds of faults that make no sense, and addresses of the emulator. */
export const faultActionCases: readonly MessageCase[] = [
  {
    does: 'a fault that does nothing',
    line,
    session: fault('getTask', {}),
    id: 'LX011',
    exit: 2,
    says: ['error: faults[0].do in f.json says nothing to do', 'hint: the format is in docs/faults.md'],
  },
  {
    does: 'a fault that is not true',
    line,
    session: fault('getTask', { never: false }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.never in f.json is false, not true; leave it out where it does not hold',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a fault that does two things',
    line,
    session: fault('getTask', { never: true, raw: 'x' }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.never in f.json does not go with raw',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a fault with a field of another',
    line,
    session: fault('getTask', { status: 302 }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.status in f.json goes only with redirect',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a fault that writes in two ways',
    line,
    session: fault('getTask', { endless: true, truncate: 1 }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.endless in f.json does not go with truncate',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a state for what has none',
    line,
    session: fault('listLogs', { state: 'X' }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.state in f.json needs a request that is answered with a task, which listLogs is not',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a patch for what is no JSON',
    line,
    session: fault('any', { patch: {} }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.patch in f.json needs a request that is answered in JSON, which any is not always',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'two bodies',
    line,
    session: fault('getTask', { answer: { body: 'x', bodyBase64: 'eA==' } }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.answer.bodyBase64 in f.json does not go with body',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a body that is no base64',
    line,
    session: fault('getTask', { answer: { bodyBase64: '?' } }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.answer.bodyBase64 in f.json is "?", not base64',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a body that no JSON has',
    line,
    session: file('{"faults":[{"request":"getTask","do":{"answer":{"body":1e400}}}]}'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.answer.body in f.json is Infinity, not a value that JSON has',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a body that is nested too deeply',
    line,
    session: file(
      `{"faults":[{"request":"getTask","do":{"answer":{"body":${'['.repeat(600)}${']'.repeat(600)}}}}]}`,
    ),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.answer.body[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0… in f.json is a list, not nested less than 500 levels deep',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a text that is none',
    line,
    session: fault('getTask', { raw: 1 }),
    id: 'LX011',
    exit: 2,
    says: ['error: faults[0].do.raw in f.json is 1, not text', 'hint: the format is in docs/faults.md'],
  },
  {
    does: 'a drip without its speed',
    line,
    session: fault('getTask', { drip: {} }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.drip in f.json is an object, not {"bytes":…,"everyMs":…}',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a header that cannot be set',
    line,
    session: fault('getTask', { headers: { 'content-length': '1' } }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.headers["content-length"] in f.json cannot be set',
      'hint: truncate, drip, endless and raw break the body',
    ],
  },
  {
    does: 'a header with a name that is none',
    line,
    session: fault('getTask', { headers: { 'a b': '1' } }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.headers["a b"] in f.json is not the name of a header',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a header with a value that is none',
    line,
    session: fault('getTask', { headers: { a: 'x\ny' } }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].do.headers.a in f.json is "x\\ny", not text that a header can hold',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'an address that is not of this machine',
    line: 'emulate --host 192.0.2.1 --port 0',
    id: 'LX007',
    exit: 2,
    says: [
      'error: cannot listen on 192.0.2.1:0: listen EADDRNOTAVAIL: address not available 192.0.2.1',
      'hint: choose an address of this machine, such as 127.0.0.1',
    ],
  },
  {
    does: 'faults that were not met',
    line: 'emulate --port 0 --faults f.json',
    session: fault('getTask', { never: true }),
    during: ({ interrupt }) => interrupt('SIGINT'),
    isLoud: true,
    id: null,
    exit: 0,
    says: [
      'serving the emulator; stop it with Ctrl-C',
      'hint: luau-exec run script.luau --base-url http://HOST -u 1 -p 1, with any text as ROBLOX_API_KEY',
      'the fault for getTask number 1 was to be met once, and was met 0 times',
    ],
  },
  {
    does: 'an emulator that wants a key',
    line: 'emulate --port 0 --api-key-file key.txt',
    session: { files: { 'key.txt': 'another-key-of-the-emulator' } },
    during: ({ interrupt }) => interrupt('SIGINT'),
    isLoud: true,
    id: null,
    exit: 0,
    says: [
      'serving the emulator; stop it with Ctrl-C',
      'hint: luau-exec run script.luau --base-url http://HOST -u 1 -p 1, with the same --api-key-file',
    ],
  },
  {
    does: 'faults that were never met',
    line: 'emulate --port 0 --faults f.json',
    session: fault('getTask', { never: true }, { times: 'always' }),
    during: ({ interrupt }) => interrupt('SIGINT'),
    isLoud: true,
    id: null,
    exit: 0,
    says: [
      'serving the emulator; stop it with Ctrl-C',
      'hint: luau-exec run script.luau --base-url http://HOST -u 1 -p 1, with any text as ROBLOX_API_KEY',
      'the fault for getTask number 1 was to be met at least once, and was met 0 times',
    ],
  },
  {
    does: 'a port that is taken',
    line: 'emulate --port PORT',
    id: 'LX007',
    exit: 2,
    says: [
      'error: cannot listen on HOST: listen EADDRINUSE: address already in use HOST',
      'hint: choose another port, or 0 for any',
    ],
  },
];
