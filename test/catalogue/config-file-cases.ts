import { file, line, NOT_TEXT } from './config-setup.ts';
import { hide } from './hide-file.ts';
import type { MessageCase } from './message-case.ts';

/** Config files that cannot be read or understood. */
export const configFileCases: readonly MessageCase[] = [
  {
    does: 'a config file that is not there',
    line: 'config --config no.yaml',
    id: 'LX012',
    exit: 2,
    says: ['error: the config file CWD/no.yaml does not exist', 'hint: correct the name'],
  },
  {
    does: 'a config file that is a program',
    line: 'config --config a.js',
    session: { files: { 'a.js': '' } },
    id: 'LX012',
    exit: 2,
    says: [
      'error: the config file CWD/a.js is neither JSON nor YAML',
      'hint: write the settings as .json or .yaml',
    ],
  },
  {
    does: 'a package.json without settings',
    line: 'config --config package.json',
    session: { files: { 'package.json': '{}' } },
    id: 'LX012',
    exit: 2,
    says: ['error: the config file CWD/package.json has no "luauexec"', 'hint: add it, or name another file'],
  },
  {
    does: 'a config file that is a directory',
    line: 'config --config .git',
    id: 'LX012',
    exit: 2,
    says: [
      'error: the config file CWD/.git is a directory',
      'hint: make it a small text file that you may read',
    ],
  },
  {
    does: 'a config file that is too large',
    line,
    session: file('#'.repeat(1_048_577)),
    id: 'LX012',
    exit: 2,
    says: [
      'error: the config file CWD/.luauexecrc is larger than 1048576 bytes',
      'hint: make it a small text file that you may read',
    ],
  },
  {
    does: 'a config file that is no text',
    line,
    session: file(NOT_TEXT.subarray(0, 1)),
    id: 'LX012',
    exit: 2,
    says: [
      'error: the config file CWD/.luauexecrc is not UTF-8 text',
      'hint: make it a small text file that you may read',
    ],
  },
  {
    does: 'a config file that is no YAML',
    line,
    session: file('a: [\n'),
    id: 'LX012',
    exit: 2,
    says: ['error: the config file CWD/.luauexecrc is not valid YAML (line 2)', 'hint: correct the file'],
  },
  {
    does: 'a config file that is no JSON',
    line: 'config --config a.json',
    session: { files: { 'a.json': '{\n  x}' } },
    id: 'LX012',
    exit: 2,
    says: ['error: the config file CWD/a.json is not valid JSON (line 2)', 'hint: correct the file'],
  },
  {
    does: 'a config file that expands without end',
    line,
    session: file(`a: &a x\n${'b: [*a]\n'.repeat(1)}c: [${'*a,'.repeat(6_000)}]`),
    id: 'LX012',
    exit: 2,
    says: [
      'error: the config file CWD/.luauexecrc has too many aliases for its size',
      'hint: write the values out instead of using *name',
    ],
  },
  {
    does: 'a config file that may not be read',
    line,
    session: file('placeId: 1'),
    before: hide('.luauexecrc'),
    id: 'LX012',
    exit: 2,
    says: [
      'error: the config file CWD/.luauexecrc may not be read (permission denied)',
      'hint: make it a small text file that you may read',
    ],
  },
];
