import { hideTypeExports } from './source-text.ts';
import { lex } from './syntax/lexer.ts';
import type { Outline } from './syntax/outline.ts';

/**
 * Luau around a script that runs it as a function. `before` stands on the line of the script's first code, behind its
 * directives and comments, so that no line moves; `after` begins on a line of its own behind the last one.
 */
export interface Wrapping {
  before: string;
  after: string;
}

/** What a runtime calls the function that the script becomes. The script itself does not see the name. */
const NAME_IN_RUNTIME = '__script';
const OPENING = `local ${NAME_IN_RUNTIME}=function(...) `;
/** What `addVersionGuard` puts in front of all other code. */
const VERSION_GUARD = /^if game\.PlaceVersion~=\d+ then return[^\n]*? end /;
const WORD_END = /\w$/;
const WORD_START = /^\w/;

/**
 * The wrapping of a runtime: Luau that runs behind the definition of the function `__script`, calls it with `...`, and
 * ends in a `return`. It is sent without its comments and indentation.
 */
export function createWrapping(runtime: string): Wrapping {
  return { before: OPENING, after: `end\n${compactLuau(runtime)}\n` };
}

/** One around the other, the first outermost. */
export function joinWrappings(wrappings: readonly Wrapping[]): Wrapping {
  return {
    before: wrappings.map(({ before }) => before).join(''),
    after: wrappings.map(({ after }) => after).reduceRight((inner, outer) => inner + outer, ''),
  };
}

/** A source with a wrapping around it, whose lines stay where they are. `prologue` is Luau that belongs to the script. */
export function wrapSource(
  { text, outline: { codeStart, typeExports } }: { text: string; outline: Outline },
  { prologue, wrapping }: { prologue: string; wrapping: Wrapping },
): string {
  const body = hideTypeExports(text, typeExports);
  // Where there is no code, the last line may be a comment.
  const lead = codeStart < text.length ? '' : '\n';
  const opening = lead + wrapping.before + prologue;
  return `${body.slice(0, codeStart)}${opening}${body.slice(codeStart)}\n${wrapping.after}`;
}

/**
 * The script without what stands in front of its first code since it was sent: a version guard, `before` of wrappings,
 * and its arguments.
 */
export function removeOpening(text: string): string {
  const { kinds, starts, ends } = lex(text);
  const start = starts[0] ?? 0;
  let end = start + (VERSION_GUARD.exec(text.slice(start))?.[0].length ?? 0);
  while (text.startsWith(OPENING, end)) end += OPENING.length;
  if (text.startsWith('ARGS={', end)) {
    let depth = 0;
    const close = kinds.findIndex((kind, index) => {
      if ((starts[index] ?? 0) < end) return false;
      depth += kind === '{' ? 1 : kind === '}' ? -1 : 0;
      return kind === '}' && depth === 0;
    });
    const after = ends[close] ?? end;
    if (text.startsWith(';', after)) end = after + 1;
  }
  return text.slice(0, start) + text.slice(end);
}

/** The same tokens with as little between them as they need. Lines stay lines, so that one can still read it. */
function compactLuau(source: string): string {
  const { kinds, starts, ends } = lex(source);
  let text = '';
  let end = 0;
  for (const [index, start] of starts.entries()) {
    if (kinds[index] === '<eof>') break;
    const token = source.slice(start, ends[index]);
    const isNewLine = text !== '' && source.slice(end, start).includes('\n');
    if (isNewLine) text += '\n';
    else if (WORD_END.test(text) && WORD_START.test(token)) text += ' ';
    text += token;
    end = ends[index] ?? end;
  }
  return text;
}
