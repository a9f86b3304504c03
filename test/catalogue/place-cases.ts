import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWithRojo } from '../../src/place/build-with-rojo.ts';
import type { TransferSession } from '../helpers/transfer-session.ts';
import { setTemporaryDirectory } from '../place/fake-rojo.ts';
import { writeProgram } from '../place/write-program.ts';
import type { LibraryCase } from './library-case.ts';

const NEVER = new AbortController().signal;
const FACT = 'rojo: DIR/rojo';
const IS_IT_ROJO = 'hint: check that this program is rojo';

/** Builds a project with the rojo that lies in the session's directory. */
async function build({ directory, clock }: TransferSession, temporary = 'temporary'): Promise<void> {
  mkdirSync(join(directory, 'temporary'));
  const restore = setTemporaryDirectory(join(directory, temporary));
  try {
    await buildWithRojo('game.project.json', {
      cwd: directory,
      env: { PATH: directory },
      homeDirectory: null,
      platform: 'linux',
      clock,
      signal: NEVER,
      takeSecondStop: () => NEVER,
      onOutput: () => undefined,
    });
  } finally {
    restore();
  }
}

/** A build with a rojo that is this shell script; `$4` is the file that it is to make. */
function building(script: string, interpreter = '/bin/sh'): LibraryCase['call'] {
  return (session) => {
    writeFileSync(join(session.directory, 'game.project.json'), '{}');
    writeProgram(join(session.directory, 'rojo'), `#!${interpreter}\n${script}\n`);
    return build(session);
  };
}

/** What stands between a Rojo project and its place file. */
export const placeCases: readonly LibraryCase[] = [
  {
    does: 'a project for rojo that is not there',
    id: 'LX021',
    says: [
      'cannot build game.project.json with rojo: it does not exist',
      'hint: check the name; a path is relative to the working directory',
    ],
    call: build,
  },
  {
    does: 'a rojo that cannot be started',
    id: 'LX021',
    says: ['cannot start rojo: spawn DIR/rojo ENOENT', FACT, 'hint: install rojo again'],
    call: building('', '/no/interpreter'),
  },
  {
    does: 'a rojo that fails',
    id: 'LX022',
    says: [
      'rojo could not build game.project.json (exit code 3)',
      FACT,
      'hint: correct what rojo says is wrong',
    ],
    call: building('exit 3'),
  },
  {
    does: 'a rojo that is killed',
    id: 'LX022',
    says: ['rojo could not build game.project.json (killed by SIGKILL)', FACT, 'hint: run it again'],
    call: building('kill -9 $$'),
  },
  {
    does: 'a rojo that makes no file',
    id: 'LX022',
    says: ['rojo could not build game.project.json (it made no file)', FACT, IS_IT_ROJO],
    call: building(''),
  },
  {
    does: 'a rojo that makes an empty file',
    id: 'LX022',
    says: ['rojo could not build game.project.json (the file that it made is empty)', FACT, IS_IT_ROJO],
    call: building(': > "$4"'),
  },
  {
    does: 'a place without room for temporary files',
    id: 'LX074',
    says: [
      'cannot make a directory in DIR/none: ENOENT: no such file or directory',
      'hint: let TMPDIR (on Windows TEMP) name a directory that exists and that you may write to',
    ],
    call: (session) => {
      writeFileSync(join(session.directory, 'game.project.json'), '{}');
      writeProgram(join(session.directory, 'rojo'), '');
      return build(session, 'none');
    },
  },
];
