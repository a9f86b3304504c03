import { hide } from './hide-file.ts';
import type { MessageCase } from './message-case.ts';
import { NOT_TEXT } from './script-setup.ts';

/** What is wrong with a script itself. */
export const scriptCases: readonly MessageCase[] = [
  {
    does: 'a script that is not there',
    line: 'run b.luau',
    id: 'LX008',
    exit: 2,
    says: [
      'error: cannot read b.luau: there is no such file',
      'hint: check the name; a path is relative to the working directory',
    ],
  },
  {
    does: 'a script whose name is mistyped',
    line: 'run helo.luau',
    session: { files: { 'hello.luau': 'A' } },
    id: 'LX008',
    exit: 2,
    says: ['error: cannot read helo.luau: there is no such file', 'hint: did you mean hello.luau?'],
  },
  {
    does: 'a directory for a bundle',
    line: 'bundle sub --map .',
    session: { files: { 'sub/a.luau': 'A' } },
    id: 'LX074',
    exit: 74,
    says: [
      "error: cannot write .: EISDIR: illegal operation on a directory, open 'CWD'",
      'hint: name a file in a directory that exists and that you may write to',
    ],
  },
  {
    does: 'a directory without a script',
    line: 'run sub',
    session: { files: { 'sub/a.txt': 'A' } },
    id: 'LX008',
    exit: 2,
    says: [
      'error: there is no .luau file in sub',
      '  folders called node_modules, and names with a leading dot, are not searched',
      'hint: check the name; a path is relative to the working directory',
    ],
  },
  {
    does: 'a pattern that finds nothing',
    line: "run 'no/*.luau'",
    id: 'LX008',
    exit: 2,
    says: [
      'error: no file matches no/*.luau',
      '  folders called node_modules, and names with a leading dot, are not searched',
      'hint: check the name; a path is relative to the working directory',
    ],
  },
  {
    does: 'an empty script',
    line: 'run a.luau',
    session: { files: { 'a.luau': '' } },
    id: 'LX008',
    exit: 2,
    says: ['error: a.luau is empty', 'hint: write some Luau into it'],
  },
  {
    does: 'an empty standard input',
    line: 'run -',
    session: { stdin: '' },
    id: 'LX008',
    exit: 2,
    says: ['error: the script on stdin is empty', 'hint: write some Luau into it'],
  },
  {
    does: 'empty code',
    line: "run -e ''",
    id: 'LX008',
    exit: 2,
    says: ['error: the script given with -e is empty', 'hint: write some Luau into it'],
  },
  {
    does: 'a script that is no text',
    line: 'run a.luau',
    session: { files: { 'a.luau': NOT_TEXT } },
    id: 'LX008',
    exit: 2,
    says: ['error: a.luau is not UTF-8 text', 'hint: save it as UTF-8; a script is sent as text'],
  },
  {
    does: 'a script over 4 MB',
    line: 'run a.luau',
    session: { files: { 'a.luau': 'x'.repeat(5_400_000) } },
    id: 'LX004',
    exit: 2,
    says: [
      'error: a.luau is 5.2 MB, Open Cloud accepts 4 MB',
      'hint: move data out of the script: a DataStore, or several smaller scripts',
    ],
  },
  {
    does: 'a standard input over 4 MB',
    line: 'run -',
    session: { stdin: 'x'.repeat(5_400_000) },
    id: 'LX004',
    exit: 2,
    says: [
      'error: the script on stdin is more than 4 MB, Open Cloud accepts 4 MB',
      'hint: move data out of the script: a DataStore, or several smaller scripts',
    ],
  },
  {
    does: 'a script that is over 4 MB with its arguments',
    line: 'run a.luau --args a.json',
    session: {
      files: { 'a.luau': `-- ${'x'.repeat(2_200_000)}`, 'a.json': `{"a":"${'y'.repeat(2_200_000)}"}` },
    },
    id: 'LX004',
    exit: 2,
    says: [
      'error: a.luau with its arguments is 4.2 MB, Open Cloud accepts 4 MB',
      'hint: move data out of the script: a DataStore, or several smaller scripts',
    ],
  },
  {
    does: 'a script that is over 4 MB with what is put around it',
    line: 'run a.luau --encode-results',
    session: { files: { 'a.luau': `--${'x'.repeat(4 * 1024 * 1024 - 6)}` } },
    id: 'LX004',
    exit: 2,
    says: [
      'error: a.luau with what is put around it is 4.1 MB, Open Cloud accepts 4 MB',
      'hint: move data out of the script: a DataStore, or several smaller scripts',
    ],
  },
  {
    does: 'a script that is over 4 MB with its module',
    line: 'run a.luau',
    session: {
      files: {
        'a.luau': 'require("./b.json")',
        'b.luau': `--${'x'.repeat(4_194_290)}\nreturn 1`,
      },
    },
    id: 'LX016',
    exit: 2,
    says: [
      'error: a.luau:1:1: there is no module b.json',
      '  require("./b.json")',
      '  looked for b.json.luau, b.json.lua, b.json, b.json/init.luau, b.json/init.lua',
      '> 1 | require("./b.json")',
      '    | ^',
      'hint: create it, or correct the path',
    ],
  },
  {
    does: 'a script that is over 4 MB with its modules',
    line: 'run a.luau',
    session: {
      files: {
        'a.luau': Array.from({ length: 8 }, (_, index) => `require("./m${index}")`).join('\n'),
        ...Object.fromEntries(
          Array.from({ length: 8 }, (_, index) => [`m${index}.luau`, `--${'x'.repeat(600_000)}\nreturn 1`]),
        ),
      },
    },
    id: 'LX004',
    exit: 2,
    says: [
      'error: a.luau with its 8 modules is 4.6 MB, Open Cloud accepts 4 MB',
      '  0.6 MB m0.luau',
      '  0.6 MB m1.luau',
      '  0.6 MB m2.luau',
      '  0.6 MB m3.luau',
      '  0.6 MB m4.luau',
      '  0.6 MB m5.luau',
      '  0.6 MB m6.luau',
      '  0.6 MB m7.luau',
      '  0.1 MB a.luau',
      'hint: move data out of the script: a DataStore, or several smaller scripts',
    ],
  },
  {
    does: 'a module over 4 MB',
    line: 'run a.luau',
    session: { files: { 'a.luau': 'require("./b")', 'b.luau': 'x'.repeat(5_400_000) } },
    id: 'LX004',
    exit: 2,
    says: [
      'error: b.luau is 5.2 MB, Open Cloud accepts 4 MB',
      '  required by a.luau:1',
      'hint: move data out of the script: a DataStore, or several smaller scripts',
    ],
  },
  {
    does: 'code over 4 MB',
    line: `run -e ${'x'.repeat(4_200_000)}`,
    id: 'LX004',
    exit: 2,
    says: [
      'error: -e is 4.1 MB, Open Cloud accepts 4 MB',
      'hint: move data out of the script: a DataStore, or several smaller scripts',
    ],
  },
  {
    does: 'a script that may not be read',
    line: 'run a.luau',
    session: { files: { 'a.luau': 'A' } },
    before: hide('a.luau'),
    id: 'LX008',
    exit: 2,
    says: [
      'error: cannot read a.luau: permission denied',
      'hint: check the name; a path is relative to the working directory',
    ],
  },
  {
    does: 'a script that is over 4 MB with many modules',
    line: 'run a.luau',
    session: {
      files: {
        'a.luau': Array.from({ length: 14 }, (_, index) => `require("./m${index}")`).join('\n'),
        ...Object.fromEntries(
          Array.from({ length: 14 }, (_, index) => [`m${index}.luau`, `--${'x'.repeat(350_000)}\nreturn 1`]),
        ),
      },
    },
    id: 'LX004',
    exit: 2,
    says: [
      'error: a.luau with its 14 modules is 4.7 MB, Open Cloud accepts 4 MB',
      '  0.4 MB m0.luau',
      '  0.4 MB m1.luau',
      '  0.4 MB m2.luau',
      '  0.4 MB m3.luau',
      '  0.4 MB m4.luau',
      '  0.4 MB m5.luau',
      '  0.4 MB m6.luau',
      '  0.4 MB m7.luau',
      '  0.4 MB m8.luau',
      '  0.4 MB m9.luau',
      '  and 5 smaller ones',
      'hint: move data out of the script: a DataStore, or several smaller scripts',
    ],
  },
];
