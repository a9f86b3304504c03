import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../src/emulator/faults.ts';
import type { CliSession, CliSessionOptions } from '../helpers/cli-session.ts';
import { writeProgram } from '../place/write-program.ts';
import type { MessageCase } from './message-case.ts';

const PLACE = '<roblox!one';
const FILES = { 'a.luau': 'A', 'c.luau': 'C', 'game.rbxl': PLACE, 'input.bin': 'bytes', 'empty.bin': '' };
const binaryOutput = new TextEncoder().encode('out');
const CUT_OFF = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\nou';
const MARK = 'luau-exec: wants place version 2 (abcd-12345)';
const GUARDED = 'a guarded script';

/** A script that ends well, with three bytes of output. */
const WELL: CliSessionOptions = {
  files: FILES,
  scripts: {
    A: { result: { kind: 'complete', results: [1], binaryOutput } },
    B: { afterMs: 290_000 },
    C: {},
    [GUARDED]: { result: { kind: 'complete', results: [MARK, 1] } },
  },
};

function failing(request: Fault['request'], action: Fault['do'], times = 1): CliSessionOptions {
  return { ...WELL, faults: [{ request, times, do: action }] };
}

const withOutput = 'run a.luau --binary-output out.bin';
const withPlace = 'run a.luau --place-file game.rbxl --pin always';

function usage(does: string, line: string, ...says: string[]): MessageCase {
  return { does, line, session: WELL, id: 'LX003', exit: 2, says };
}

function addRojo({ cwd }: CliSession): void {
  const bin = join(cwd, '.home', '.rokit', 'bin');
  mkdirSync(bin, { recursive: true });
  writeProgram(join(bin, 'rojo'), '#!/bin/sh\necho "no such file: src"\nexit 1\n');
  writeFileSync(join(cwd, 'default.project.json'), '{}');
}

/** Ctrl-C, as soon as a request with such a path is on its way. */
function interruptAfter(session: CliSession, path: string): void {
  const look = () => {
    if (session.requests.some((request) => request.includes(path)))
      setImmediate(() => session.interrupt('SIGINT'));
    else setImmediate(look);
  };
  look();
}

/** Files that go with scripts: places, and binary input and output. */
export const fileCases: readonly MessageCase[] = [
  {
    ...usage(
      'publishing at each change',
      'run a.luau --watch --place-file game.rbxl --publish',
      'error: --watch uploads a place at each change, and each would be published',
      'hint: publish it once, without --watch',
    ),
    notInJson: '--json is refused first',
  },
  usage(
    'a script for a project',
    'run --rojo a.luau c.luau',
    'error: --rojo takes a project, whose name ends in .json, and "a.luau" is none',
    'hint: put --rojo behind the scripts, or write --rojo=default.project.json',
  ),
  usage(
    'a binary output that would replace the input',
    'run a.luau --binary-input input.bin --binary-output ./input.bin',
    'error: --binary-output would replace input.bin, which the call reads',
    'hint: name another file',
  ),
  {
    does: 'a wait that is over behind a version guard',
    line: 'run a.luau --place-file game.rbxl --wait-timeout 1s',
    session: { ...WELL, emulator: { bootDelayMs: 60_000 } },
    id: 'LX601',
    exit: 124,
    says: [
      'error: still running after 1 s; stopped waiting, the task goes on',
      '  state: PROCESSING',
      '  a place version that Roblox cannot load stays in this state for good',
      '  where its server has another version of the place than 2, nothing of the script runs',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'Ctrl-C behind a version guard',
    line: 'run a.luau --place-file game.rbxl',
    session: { ...WELL, emulator: { bootDelayMs: 60_000 } },
    interruptAt: /^GET .*tasks/,
    id: 'LX602',
    exit: 130,
    says: [
      'error: stopped waiting; the script goes on for at most 345 s',
      '  where its server has another version of the place than 2, nothing of the script runs',
      'hint: luau-exec wait TASK',
    ],
  },
  {
    does: 'a binary input that is typed',
    line: 'run a.luau --binary-input -',
    session: { ...WELL, typed: 'words\n', env: { NO_COLOR: '1' } },
    id: null,
    exit: 0,
    says: ['reading the binary input from the terminal; end it with Ctrl-D'],
  },
  {
    does: 'a binary output that nobody waits for',
    line: 'run a.luau --binary-output out.bin --detach',
    session: WELL,
    isLoud: true,
    id: null,
    exit: 0,
    says: [
      'submitting',
      'created TASK',
      'processing',
      'within 15 minutes after its end, luau-exec wait TASK --binary-output out.bin writes the binary output',
    ],
  },
  {
    does: 'a binary output at an address that is not safe',
    line: withOutput,
    session: {
      ...WELL,
      faults: [
        {
          request: 'getTask',
          times: 'always',
          do: { patch: { binaryOutputUri: 'http://example.com/x' } },
        },
      ],
    },
    id: 'LX531',
    exit: 10,
    says: [
      'error: refused an address that the service gave for binary data: it begins with http: instead of https:',
      '  nothing was sent there',
      '  the task is complete, and its results are whole',
      'hint: check the base URL; if it is right, report this',
    ],
  },
  usage(
    'a place file and a project for rojo',
    'run a.luau --place-file game.rbxl --rojo',
    'error: --rojo builds a place file, and --place-file names another',
    'hint: give one of the two',
  ),
  usage(
    'a place file without a name',
    "run a.luau --place-file ''",
    'error: --place-file names no file',
    'hint: name a place file, .rbxl or .rbxlx',
  ),
  usage(
    'a place file and a version',
    'run a.luau --place-file game.rbxl --place-version 3',
    'error: a place file becomes a version of its own, and --place-version names another',
    'hint: give one of the two',
  ),
  usage(
    'nothing to publish',
    'run a.luau --publish',
    'error: --publish publishes a place file, and none is named',
    'hint: add --place-file FILE, or --rojo',
  ),
  usage(
    'nothing to pin',
    'run a.luau --pin always',
    'error: --pin always needs a version to run against',
    'hint: add --place-version N, --place-file FILE, or --rojo',
  ),
  usage(
    'a version that is not to be pinned',
    'run a.luau --pin never --place-version 3',
    'error: --pin never runs the latest version, and another one is named',
    'hint: give one of the two',
  ),
  {
    ...usage(
      'watching a project for rojo',
      'run a.luau --watch --rojo',
      'error: --watch cannot tell what a rojo project is built from',
      'hint: let rojo build --watch write a file, and use --place-file',
    ),
    notInJson: '--json is refused first',
  },
  usage(
    'a binary input without a name',
    "run a.luau --binary-input ''",
    'error: --binary-input names no file',
    'hint: name a file, or - for standard input',
  ),
  {
    ...usage(
      'watching standard input',
      'run a.luau --watch --binary-input -',
      'error: --watch reads the input again, and standard input can be read once',
      'hint: name a file',
    ),
    notInJson: '--json is refused first',
  },
  usage(
    'two readers of standard input',
    'run - --binary-input -',
    'error: standard input can be read once, and the script and the binary input are to come from it',
    'hint: name a file for one of them',
  ),
  usage(
    'a binary output without a name',
    "run a.luau --binary-output ''",
    'error: --binary-output names no file',
    'hint: name the file that shall hold it',
  ),
  usage(
    'a binary output on standard output',
    'run a.luau --binary-output -',
    'error: standard output carries the results, not binary output',
    'hint: name a file',
  ),
  usage(
    'a binary output in place of a script',
    'run a.luau --binary-output b.luau',
    'error: b.luau is named as a script is, and would be replaced',
    'hint: name the file of an output otherwise',
  ),
  usage(
    'one binary output of two scripts',
    'run a.luau a.luau --binary-output out.bin',
    'error: --binary-output is one file, and 2 scripts would write it',
    'hint: run one script for each file',
  ),
  {
    ...usage(
      'a pin that is none',
      'run a.luau --pin soon',
      'error: --pin "soon" is none of auto, always, never',
      'hint: leave it out: auto is the default',
    ),
    id: 'LX011',
  },
  {
    does: 'a place file that is missing',
    line: 'run a.luau --place-file none.rbxl',
    session: WELL,
    id: 'LX020',
    exit: 2,
    says: ["error: cannot read none.rbxl: ENOENT: no such file or directory, stat 'none.rbxl'"],
  },
  {
    does: 'an empty place file',
    line: 'run a.luau --place-file empty.bin',
    session: WELL,
    id: 'LX020',
    exit: 2,
    says: ['error: the place file is empty'],
  },
  {
    does: 'a script for a place file',
    line: 'run a.luau --place-file a.luau',
    session: WELL,
    id: 'LX020',
    exit: 2,
    says: [
      'error: a.luau is not a place file',
      'hint: name a file that Studio or rojo has made, .rbxl or .rbxlx',
    ],
  },
  {
    does: 'a model for a place file',
    line: 'run a.luau --place-file model.rbxm',
    session: { ...WELL, files: { ...FILES, 'model.rbxm': PLACE } },
    id: 'LX020',
    exit: 2,
    says: ['error: model.rbxm is a model, not a place', 'hint: save or build it as .rbxl or .rbxlx'],
  },
  {
    does: 'no rojo',
    line: 'run a.luau --rojo',
    session: { ...WELL, env: { PATH: '/no/bin' } },
    before: ({ cwd }) => writeFileSync(join(cwd, 'default.project.json'), '{}'),
    id: 'LX021',
    exit: 2,
    says: [
      'error: cannot build default.project.json: rojo is not found',
      '  looked for it in PATH: /no/bin',
      '  looked for it in CWD/.home/.rokit/bin, CWD/.home/.aftman/bin, CWD/.home/.foreman/bin',
      'hint: install rojo (rokit add rojo-rbx/rojo), or build the place yourself and use --place-file',
    ],
  },
  {
    does: 'no rojo, and no PATH',
    line: 'run a.luau --rojo',
    session: { ...WELL, env: { PATH: 'bin' }, homeDirectory: null },
    before: ({ cwd }) => writeFileSync(join(cwd, 'default.project.json'), '{}'),
    id: 'LX021',
    exit: 2,
    says: [
      'error: cannot build default.project.json: rojo is not found',
      '  PATH names no absolute directory',
      'hint: install rojo (rokit add rojo-rbx/rojo), or build the place yourself and use --place-file',
    ],
  },
  {
    does: 'no project for rojo',
    line: 'run a.luau --rojo x.json',
    session: WELL,
    id: 'LX021',
    exit: 2,
    says: [
      'error: cannot build x.json with rojo: it does not exist',
      'hint: check the name; a path is relative to the working directory',
    ],
  },
  {
    does: 'a rojo that cannot build',
    line: 'run a.luau --rojo',
    session: WELL,
    before: addRojo,
    id: 'LX022',
    exit: 2,
    says: [
      'no such file: src',
      'error: rojo could not build default.project.json (exit code 1)',
      '  rojo: CWD/.home/.rokit/bin/rojo',
      'hint: correct what rojo says is wrong',
    ],
  },
  {
    does: 'publishing where nobody can be asked',
    line: 'run a.luau --place-file game.rbxl --publish',
    session: WELL,
    id: 'LX023',
    exit: 2,
    says: [
      'error: --publish changes the live game, and nobody is here to be asked',
      '  nothing was sent',
      'hint: add --yes where that is meant',
    ],
  },
  {
    does: 'publishing that is not meant',
    line: 'run a.luau --place-file game.rbxl --publish',
    session: { ...WELL, typed: 'n\n', env: { TERM: 'dumb', NO_COLOR: '1' } },
    // No terminal shows what is typed here, so the lines are one.
    isOnlyInJson: true,
    id: 'LX023',
    exit: 2,
    says: [
      'publish game.rbxl as place 22 of universe 11? it becomes what players join [y/N] error: not published; nothing was sent',
    ],
  },
  {
    does: 'Ctrl-C where publishing is asked about',
    line: 'run a.luau --place-file game.rbxl --publish',
    session: { ...WELL, typed: '\x03', env: { TERM: 'dumb', NO_COLOR: '1' } },
    id: 'LX602',
    exit: 130,
    says: [
      'publish game.rbxl as place 22 of universe 11? it becomes what players join [y/N] ',
      'error: stopped; nothing was sent',
    ],
  },
  {
    does: 'a script that a version guard kept from running',
    line: 'status',
    session: { ...WELL, emulator: { headVersion: 2 } },
    before: (session) => session.run('run', '-e', GUARDED),
    id: 'LX203',
    exit: 3,
    says: [
      'error: the script did not run: the server had version 1 of the place',
      '  another version was wanted, to which the run that sent the script sends it unless it was stopped',
      'hint: look with luau-exec list whether it went on; if it did not, run it again',
    ],
  },
  {
    does: 'an upload while Team Create holds the place',
    line: withPlace,
    session: failing('uploadPlace', { answer: { status: 409 } }),
    id: 'LX409',
    exit: 7,
    says: [
      'error: Open Cloud refused the upload to place 22 (409)',
      '  no version was made',
      '  it does so while the place is open in Team Create',
      '  and where place 22 is not part of universe 11',
      'hint: close the place in every Studio, or turn Team Create off, then run it again',
    ],
  },
  {
    does: 'a conflict that is none of a place',
    line: 'run a.luau',
    session: failing('createTask', { answer: { status: 409 } }),
    id: 'LX400',
    exit: 10,
    says: ['error: Open Cloud refused the request (409)'],
  },
  {
    does: 'an upload that is not a place to Roblox',
    line: withPlace,
    session: failing('uploadPlace', { answer: { status: 400 } }),
    id: 'LX400',
    exit: 2,
    says: [
      'error: Open Cloud did not accept the request (400)',
      'hint: save the place again in Studio, or build it again, as .rbxl or .rbxlx',
    ],
  },
  {
    does: 'an upload that is too large',
    line: withPlace,
    session: failing('uploadPlace', { answer: { status: 413 } }),
    id: 'LX400',
    exit: 2,
    says: [
      'error: Open Cloud did not accept the request (413)',
      "  Open Cloud's document names a limit of 10 MiB for the file of a place",
      'hint: save the place in Studio, and name its version with --place-version',
    ],
  },
  {
    does: 'an upload whose answer makes no sense',
    line: withPlace,
    session: failing('uploadPlace', { answer: { body: {} } }, 4),
    id: 'LX520',
    exit: 10,
    says: ['error: the answer is not from the API (the answer names no version)', '  # tries'],
  },
  {
    does: 'an upload of a place that does not get through',
    line: withPlace,
    session: failing('uploadPlace', { reset: 'before' }, 4),
    id: 'LX503',
    exit: 7,
    says: [
      'error: uploading the place failed for # s (last: ECONNRESET, # tries)',
      'hint: check the network, then run it again',
    ],
  },
  {
    does: 'no room for a binary input on the service',
    line: 'run a.luau --binary-input input.bin',
    session: failing('createBinaryInput', { answer: { status: 503 } }, 4),
    id: 'LX503',
    exit: 7,
    says: [
      'error: preparing the binary input failed for # s (last: HTTP 503, # tries)',
      'hint: check the network, then run it again',
    ],
  },
  {
    does: 'an upload that a limit holds back',
    line: `${withPlace} --queue-timeout 1s`,
    session: failing('uploadPlace', { answer: { status: 429 } }),
    id: 'LX429',
    exit: 6,
    says: [
      "error: rate limit of this key's owner; gave up after # s",
      '  nothing was created',
      'hint: run it again later, or allow more time with --queue-timeout',
    ],
  },
  {
    does: 'publishing without an answer',
    line: `${withPlace} --publish --yes`,
    session: failing('uploadPlace', { reset: 'after' }),
    id: 'LX511',
    exit: 9,
    says: [
      'error: the place was sent but no usable answer came: it may be published',
      '  last: ECONNRESET',
      "  it was not sent again, so that it cannot replace somebody else's",
      '  no script was sent',
      'hint: look at the version history of the place before you publish it again',
    ],
  },
  {
    does: 'Ctrl-C while a place is uploaded',
    line: withPlace,
    session: WELL,
    interruptAt: /^POST .*\/versions$/,
    id: 'LX602',
    exit: 130,
    says: [
      'error: stopped while the place was uploaded; no script was sent',
      '  what had arrived whole may have become a version, which does no harm',
      'hint: run it again',
    ],
  },
  {
    does: 'Ctrl-C while a binary input is uploaded',
    line: 'run a.luau --binary-input input.bin',
    session: WELL,
    during: (session) => interruptAfter(session, '/binary-inputs/'),
    id: 'LX602',
    exit: 130,
    says: [
      'error: stopped while the binary input was uploaded; the script was not sent',
      'hint: run it again',
    ],
  },
  {
    does: 'a binary input that is missing',
    line: 'run a.luau --binary-input none.bin',
    session: WELL,
    id: 'LX015',
    exit: 2,
    says: ["error: cannot read none.bin: ENOENT: no such file or directory, stat 'none.bin'"],
  },
  {
    does: 'a binary input that is a directory',
    line: 'run a.luau --binary-input .',
    session: WELL,
    id: 'LX015',
    exit: 2,
    says: ['error: cannot read .: it is a directory'],
  },
  {
    does: 'a file for binary input that is empty',
    line: 'run a.luau --binary-input empty.bin',
    session: WELL,
    id: 'LX015',
    exit: 2,
    says: ['error: the binary input is empty'],
  },
  {
    does: 'a binary input without an end',
    line: 'run a.luau --binary-input /dev/zero',
    session: WELL,
    id: 'LX015',
    exit: 2,
    says: ['error: the binary input is 100.1 MiB, Open Cloud accepts 100 MiB'],
  },
  {
    does: 'a binary input that is another one by the time it is uploaded again',
    line: 'run b.luau b.luau b.luau a.luau --binary-input input.bin --concurrency 1 -q',
    session: { ...WELL, files: { ...FILES, 'b.luau': 'B' } },
    during: ({ cwd, clock }) => {
      void clock.background.sleep(800_000).then(() => writeFileSync(join(cwd, 'input.bin'), 'other'));
    },
    id: 'LX015',
    exit: 2,
    says: [
      'b.luau',
      'b.luau',
      'b.luau',
      'a.luau',
      'error: input.bin is not what it was when the first script was sent',
    ],
  },
  {
    does: 'a binary input that is not taken',
    line: 'run a.luau --binary-input input.bin',
    session: failing('uploadBinaryInput', { answer: { status: 503 } }, 4),
    id: 'LX540',
    exit: 7,
    says: [
      'error: uploading the binary input failed for # s (last: HTTP 503, # tries)',
      'hint: check the network, then run it again',
    ],
  },
  {
    does: 'a binary output in no directory',
    line: 'run a.luau --binary-output no/out.bin',
    session: WELL,
    id: 'LX074',
    exit: 74,
    says: [
      "error: cannot write no/out.bin: ENOENT: no such file or directory, open 'no/out.bin.part'",
      'hint: name a file in a directory that exists, that you may write to, and that has room',
    ],
  },
  {
    does: 'a binary output that a task does not name',
    line: withOutput,
    session: {
      ...WELL,
      faults: [{ request: 'getTask', times: 'always', do: { patch: { binaryOutputUri: '' } } }],
    },
    id: 'LX541',
    exit: 10,
    says: [
      'error: the task names no binary output',
      'hint: send it with --binary-output, and return { BinaryOutput = buffer, ReturnValues = { ... } } from the script',
    ],
  },
  {
    does: 'a binary output of a run without one',
    line: 'wait --binary-output out.bin',
    session: WELL,
    before: (session) => session.run('run', 'c.luau'),
    id: 'LX541',
    exit: 10,
    says: [
      'error: the task names no binary output',
      '  a run has one only if it was sent with --binary-output',
      'hint: send it with --binary-output, and return { BinaryOutput = buffer, ReturnValues = { ... } } from the script',
    ],
  },
  {
    does: 'a binary output that cannot be had',
    line: withOutput,
    session: failing('downloadBinaryOutput', { answer: { status: 503 } }, 5),
    id: 'LX540',
    exit: 7,
    says: [
      'error: downloading the binary output failed for # s (last: HTTP 503, # tries)',
      '  the task is complete, and its results are whole',
      '  the address of the output is valid for 15 minutes',
      'hint: luau-exec wait TASK --binary-output out.bin',
    ],
  },
  {
    does: 'a binary output that is cut off each time',
    line: withOutput,
    session: failing('downloadBinaryOutput', { raw: CUT_OFF }, 5),
    id: 'LX540',
    exit: 7,
    says: [
      'error: downloading the binary output failed for # s (last: the answer was cut off, # tries)',
      '  the task is complete, and its results are whole',
      '  the address of the output is valid for 15 minutes',
      'hint: luau-exec wait TASK --binary-output out.bin',
    ],
  },
  {
    does: 'a binary output whose address has expired',
    line: withOutput,
    session: failing('downloadBinaryOutput', { answer: { status: 403 } }),
    id: 'LX540',
    exit: 7,
    says: [
      'error: downloading the binary output was refused (403)',
      '  the address of binary data is valid for 15 minutes, and this one may be older',
      '  the task is complete, and its results are whole',
      'hint: luau-exec wait TASK --binary-output out.bin',
    ],
  },
  {
    does: 'Ctrl-C while a binary output is downloaded',
    line: withOutput,
    session: failing('downloadBinaryOutput', { never: true }),
    during: (session) => interruptAfter(session, '/binary-outputs/'),
    id: 'LX602',
    exit: 130,
    says: [
      'error: stopped before the binary output was read; the task has finished: COMPLETE',
      '  the address of the output is valid for 15 minutes',
      'hint: luau-exec wait TASK --binary-output out.bin',
    ],
  },
];
