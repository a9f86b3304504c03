import type { MessageCase } from './message-case.ts';
import { NOT_TEXT } from './script-setup.ts';

/** What is wrong with the arguments of a script. */
export const argumentCases: readonly MessageCase[] = [
  {
    does: 'an argument without its value',
    line: 'run a.luau --arg x',
    session: { files: { 'a.luau': 'A' } },
    id: 'LX018',
    exit: 2,
    says: ['error: --arg takes name=value, not "x"', 'hint: write --arg name=value'],
  },
  {
    does: 'an argument without a name',
    line: 'run a.luau --arg =1',
    session: { files: { 'a.luau': 'A' } },
    id: 'LX018',
    exit: 2,
    says: ['error: --arg needs a name before the =, not "=1"', 'hint: write --arg name=value'],
  },
  {
    does: 'a JSON argument without its value',
    line: 'run a.luau --arg-json x',
    session: { files: { 'a.luau': 'A' } },
    id: 'LX018',
    exit: 2,
    says: ['error: --arg-json takes name=JSON, not "x"', 'hint: write --arg-json name=JSON'],
  },
  {
    does: 'a JSON argument that is none',
    line: 'run a.luau --arg-json x=y',
    session: { files: { 'a.luau': 'A' } },
    id: 'LX018',
    exit: 2,
    says: [
      'error: the value of --arg-json "x" is not JSON: unexpected "y" at line 1, column 1',
      'hint: for plain text use --arg instead',
    ],
  },
  {
    does: 'a JSON argument that ends too early',
    line: "run a.luau --arg-json 'x=['",
    session: { files: { 'a.luau': 'A' } },
    id: 'LX018',
    exit: 2,
    says: [
      'error: the value of --arg-json "x" is not JSON: unexpected end at line 1, column 2',
      'hint: for plain text use --arg instead',
    ],
  },
  {
    does: 'a JSON argument that is nested too deeply',
    line: 'run a.luau --args a.json',
    session: { files: { 'a.luau': 'A', 'a.json': `{"x":${'['.repeat(1_001)}${']'.repeat(1_001)}}` } },
    id: 'LX018',
    exit: 2,
    says: [
      'error: the argument "x" is nested deeper than 1,000 levels',
      'hint: make it flatter, or pass it as text and take it apart in the script',
    ],
  },
  {
    does: 'a JSON module that is nested too deeply',
    line: 'run a.luau',
    session: {
      files: { 'a.luau': 'require("./b.json")', 'b.json': `${'['.repeat(1_001)}${']'.repeat(1_001)}` },
    },
    id: 'LX018',
    exit: 2,
    says: [
      'error: b.json is nested deeper than 1,000 levels',
      'hint: make it flatter, or pass it as text and take it apart in the script',
    ],
  },
  {
    does: 'a file of arguments that is not there',
    line: 'run a.luau --args no.json',
    session: { files: { 'a.luau': 'A' } },
    id: 'LX018',
    exit: 2,
    says: [
      'error: cannot read no.json: there is no such file',
      'hint: check the name after --args; a path is relative to the working directory',
    ],
  },
  {
    does: 'a directory of arguments',
    line: 'run a.luau --args .git',
    session: { files: { 'a.luau': 'A' } },
    id: 'LX018',
    exit: 2,
    says: [
      'error: cannot read .git: it is a directory',
      'hint: check the name after --args; a path is relative to the working directory',
    ],
  },
  {
    does: 'a file of arguments that is no text',
    line: 'run a.luau --args a.json',
    session: { files: { 'a.luau': 'A', 'a.json': NOT_TEXT } },
    id: 'LX018',
    exit: 2,
    says: ['error: a.json is not UTF-8 text', 'hint: save it as UTF-8'],
  },
  {
    does: 'a file of arguments that is no JSON',
    line: 'run a.luau --args a.json',
    session: { files: { 'a.luau': 'A', 'a.json': '{\n  x}' } },
    id: 'LX018',
    exit: 2,
    says: [
      "error: a.json is not JSON: expected property name or '}' at line 2, column 3",
      'hint: see that it is one JSON object, such as {"name": "value"}',
    ],
  },
  {
    does: 'a file of arguments with a list',
    line: 'run a.luau --args a.json',
    session: { files: { 'a.luau': 'A', 'a.json': '[]' } },
    id: 'LX018',
    exit: 2,
    says: [
      'error: a.json is an array, and --args takes an object',
      'hint: see that it is one JSON object, such as {"name": "value"}',
    ],
  },
  {
    does: 'a file of arguments with a number',
    line: 'run a.luau --args a.json',
    session: { files: { 'a.luau': 'A', 'a.json': '1' } },
    id: 'LX018',
    exit: 2,
    says: [
      'error: a.json is a number, and --args takes an object',
      'hint: see that it is one JSON object, such as {"name": "value"}',
    ],
  },
  {
    does: 'a file of arguments over 4 MB',
    line: 'run a.luau --args a.json',
    session: { files: { 'a.luau': 'A', 'a.json': ' '.repeat(5_000_000) } },
    id: 'LX018',
    exit: 2,
    says: [
      'error: a.json is larger than 4 MB',
      'hint: pass less: the arguments are sent with the script, and together they may have 4 MB',
    ],
  },
];
