/** One command of a page's block, and what the page says it shows. */
export interface ConsoleStep {
  command: string;
  /** Lines, each with its line end. */
  expected: string;
}

export interface ConsoleBlock {
  /** The heading above it. */
  heading: string;
  steps: ConsoleStep[];
}

/** The blocks of a Markdown page that are marked `console`: lines after `$ ` are typed, all others are shown. */
export function readConsoleBlocks(page: string): ConsoleBlock[] {
  return page.split(/^(?=## )/m).flatMap((section) => {
    const heading = /^## (.*)$/m.exec(section)?.[1] ?? '';
    return [...section.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) => ({
      heading,
      steps: block
        .split(/^\$ /m)
        .filter((step) => step !== '')
        .map((step) => {
          const end = step.indexOf('\n');
          return { command: step.slice(0, end), expected: step.slice(end + 1) };
        }),
    }));
  });
}

const DURATION = String.raw`\d+(?:\.\d+)? s\b`;
/** What differs from run to run: a part that is left out with the digits before it, a duration, and the beginning of a task's id. */
const VARIABLE: readonly (readonly [written: RegExp, meant: string])[] = [
  [/^[0-9a-f]*…/, '\\S+'],
  [new RegExp(`^${DURATION}`), DURATION],
  [/^\b[0-9a-f]{8}\b/, '[0-9a-f]{8}'],
];

/** Matches what may be shown where a page shows `expected`. Columns with a duration in them may have other widths. */
export function createOutputPattern(expected: string): RegExp {
  const hasDurations = new RegExp(DURATION).test(expected);
  let pattern = '';
  for (let at = 0; at < expected.length; ) {
    const rest = expected.slice(at);
    const isInWord = /\w/.test(expected.charAt(at - 1));
    const variable = VARIABLE.find(([written]) => written.test(rest) && !(isInWord && /^\w/.test(rest)));
    const blanks = hasDurations ? /^ {2,}/.exec(rest) : null;
    const piece = variable?.[0].exec(rest)?.[0] ?? blanks?.[0] ?? expected.charAt(at);
    pattern += variable?.[1] ?? (blanks ? ' +' : piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    at += piece.length;
  }
  return new RegExp(`^${pattern}$`);
}
