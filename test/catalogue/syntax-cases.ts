import type { MessageCase } from './message-case.ts';

/** Mistakes in the syntax of scripts and modules. */
export const syntaxCases: readonly MessageCase[] = [
  {
    does: 'a mistake in the syntax',
    line: 'check a.luau',
    session: { files: { 'a.luau': 'local a = = 1\n' } },
    id: 'LX006',
    exit: 2,
    says: [
      "error: a.luau:1:11: syntax error: Expected identifier when parsing expression, got '='",
      '> 1 | local a = = 1',
      '    |           ^',
      'hint: correct it; run --no-check sends syntax that is newer than this Luau',
    ],
  },
  {
    does: 'a mistake in the syntax at the end',
    line: 'check a.luau',
    session: { files: { 'a.luau': 'do\n' } },
    id: 'LX006',
    exit: 2,
    says: [
      "error: a.luau:2:1: syntax error: Expected 'end' (to close 'do' at line 1), got <eof>",
      '  1 | do',
      '> 2 |',
      '    | ^',
      'hint: correct it; run --no-check sends syntax that is newer than this Luau',
    ],
  },
  {
    does: 'a mistake in the syntax of a module',
    line: 'check a.luau',
    session: { files: { 'a.luau': 'require("./b")', 'b.luau': 'return 1 end\n' } },
    id: 'LX006',
    exit: 2,
    says: [
      "error: b.luau:1:10: syntax error: Expected <eof>, got 'end'",
      '  b.luau is required by a.luau:1',
      '> 1 | return 1 end',
      '    |          ^',
      'hint: correct it; run --no-check sends syntax that is newer than this Luau',
    ],
  },
  {
    does: 'a module that closes more than it opens',
    line: 'check a.luau',
    session: { files: { 'a.luau': 'require("./b")', 'b.luau': 'return 1 end local function f()\n' } },
    id: 'LX006',
    exit: 2,
    says: [
      "error: b.luau:1:10: syntax error: Expected <eof>, got 'end'",
      '  b.luau is required by a.luau:1',
      '> 1 | return 1 end local function f()',
      '    |          ^',
      'hint: correct it; run --no-check sends syntax that is newer than this Luau',
    ],
  },
  {
    does: 'a mistake in a JSON module',
    line: 'check a.luau',
    session: { files: { 'a.luau': 'require("./b.json")', 'b.json': '{"a": 1,}' } },
    id: 'LX006',
    exit: 2,
    says: [
      'error: b.json:1:9: syntax error in JSON: expected double-quoted property name',
      '  b.json is required by a.luau:1',
      '> 1 | {"a": 1,}',
      '    |         ^',
      'hint: correct it; JSON has no comments and no trailing commas',
    ],
  },
  {
    does: 'a JSON module that ends too early',
    line: 'check a.luau',
    session: { files: { 'a.luau': 'require("./b.json")', 'b.json': '{"a": ' } },
    id: 'LX006',
    exit: 2,
    says: [
      'error: b.json:1:6: syntax error in JSON: unexpected end',
      '  b.json is required by a.luau:1',
      '> 1 | {"a":',
      '    |      ^',
      'hint: correct it; JSON has no comments and no trailing commas',
    ],
  },
];
