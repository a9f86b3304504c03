import type { MessageCase } from './message-case.ts';
import { line, requiring, withAliases } from './module-setup.ts';

/** Aliases that lead nowhere. */
export const aliasCases: readonly MessageCase[] = [
  {
    does: 'an alias that is not defined',
    line,
    session: requiring('@x/b'),
    id: 'LX016',
    exit: 2,
    says: [
      'error: src/a.luau:1:11: there is no alias @x',
      '  require("@x/b")',
      '> 1 | local b = require("@x/b")',
      '    |           ^',
      'hint: define it under "aliases" in a .luaurc beside the file or above it, as far as the working directory',
    ],
  },
  {
    does: 'an alias that is mistyped',
    line,
    session: requiring('@libary/b', { 'src/.luaurc': '{"aliases": {"library": "./lib"}}' }),
    id: 'LX016',
    exit: 2,
    says: [
      'error: src/a.luau:1:11: there is no alias @libary',
      '  require("@libary/b")',
      '> 1 | local b = require("@libary/b")',
      '    |           ^',
      'hint: did you mean @library?',
    ],
  },
  {
    does: 'an alias that is none',
    line,
    session: requiring('@/b'),
    id: 'LX016',
    exit: 2,
    says: [
      'error: src/a.luau:1:11: @ cannot be an alias',
      '  require("@/b")',
      '> 1 | local b = require("@/b")',
      '    |           ^',
      'hint: write @, the name of an alias and the way from there: @name/module',
    ],
  },
  {
    does: 'aliases in a circle',
    line,
    session: withAliases('{"aliases": {"x": "@y", "y": "@x"}}'),
    id: 'LX016',
    exit: 2,
    says: [
      'error: src/a.luau:1:11: the aliases go in a circle: @x → @y → @x',
      '  require("@x/b")',
      '  @x stands for "@y" in src/.luaurc',
      '> 1 | local b = require("@x/b")',
      '    |           ^',
      'hint: let one of them name a directory or a file',
    ],
  },
  {
    does: 'an alias that stands for no path',
    line,
    session: withAliases('{"aliases": {"x": "lib"}}'),
    id: 'LX016',
    exit: 2,
    says: [
      'error: src/a.luau:1:11: alias @x stands for "lib", which is no path',
      '  require("@x/b")',
      '  @x stands for "lib" in src/.luaurc',
      '> 1 | local b = require("@x/b")',
      '    |           ^',
      'hint: begin it with ./, ../ or /, or with @ and the name of another alias',
    ],
  },
  {
    does: 'an alias that leads to nothing',
    line,
    session: withAliases('{"aliases": {"x": "./lib"}}'),
    id: 'LX016',
    exit: 2,
    says: [
      'error: src/a.luau:1:11: there is no module src/lib',
      '  require("@x/b")',
      '  looked for src/lib.luau, src/lib.lua, src/lib/init.luau, src/lib/init.lua',
      '  @x stands for "./lib" in src/.luaurc',
      '> 1 | local b = require("@x/b")',
      '    |           ^',
      'hint: create it, or correct the path',
    ],
  },
];
