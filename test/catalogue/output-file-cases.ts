import type { MessageCase } from './message-case.ts';
import { SCRIPT } from './record-setup.ts';

/** Files and streams that take no more. */
export const outputFileCases: readonly MessageCase[] = [
  {
    does: 'a file of logs in no directory',
    line: 'run a.luau --logs no/such.txt',
    session: SCRIPT,
    id: 'LX074',
    exit: 74,
    says: [
      "error: cannot write no/such.txt: ENOENT: no such file or directory, open 'CWD/no/such.txt'",
      'hint: name a file in a directory that exists and that you may write to',
    ],
  },
  {
    does: 'a file of logs that takes no more',
    line: 'run a.luau --logs /dev/full',
    session: SCRIPT,
    id: 'LX074',
    exit: 74,
    says: [
      'error: cannot write /dev/full: ENOSPC: no space left on device, write',
      'hint: free some space there, or name a file elsewhere',
    ],
  },
  {
    does: 'a report that takes no more',
    line: 'run a.luau --output junit=/dev/full',
    session: SCRIPT,
    id: 'LX074',
    exit: 74,
    says: [
      'one',
      '[error] two',
      'error: cannot write /dev/full: ENOSPC: no space left on device, write',
      'hint: free some space there, or name a file elsewhere',
    ],
  },
  {
    does: 'a report that takes no more of a script that failed',
    line: 'run c.luau --output junit=/dev/full',
    session: { ...SCRIPT, files: { 'c.luau': 'C' } },
    id: 'LX101',
    exit: 1,
    says: [
      'error: this script is not in the table',
      'error: cannot write /dev/full: ENOSPC: no space left on device, write',
      'hint: free some space there, or name a file elsewhere',
    ],
  },
  {
    does: 'a file of ids that takes no more',
    line: 'run a.luau --id-file /dev/full --logs none',
    session: SCRIPT,
    id: 'LX074',
    exit: 74,
    says: [
      'error: cannot write /dev/full: ENOSPC: no space left on device, write',
      'hint: free some space there, or name a file elsewhere',
    ],
  },
  {
    does: 'a summary for GitHub in no directory',
    line: 'run a.luau --logs none',
    session: { ...SCRIPT, env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/no/such/file' } },
    notInJson: 'it is written for people alone',
    id: null,
    exit: 74,
    says: [
      "error: cannot write the file of GITHUB_STEP_SUMMARY: ENOENT: no such file or directory, open '/no/such/file'",
      'hint: let GITHUB_STEP_SUMMARY name a file that you may write to',
    ],
  },
  {
    does: 'a standard output that takes no more',
    line: 'run a.luau',
    session: {
      ...SCRIPT,
      scripts: { A: { result: { kind: 'complete', results: [1] } } },
      stdoutFailure: 'ENOSPC',
    },
    notInJson: 'it has no place to stand',
    id: null,
    exit: 74,
    says: ['error: the output could not be written: ENOSPC', 'hint: free some space where the output goes'],
  },
];
