import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMedian } from './measure.mjs';

// What may be spent between reading a script and sending it.

const MODULES = 1_000;
const LINES = 200;
/** The largest chunk that Open Cloud accepts has 4 MB, so a line has some 18 characters. */
const LINE = 'sum = sum + i * 2';

/** Names of the variants that `formatComposing` compares. */
export const CHECKED = 'run';
export const UNCHECKED = 'run --no-check';
export const BUNDLE = `bundle of ${MODULES} modules`;

const MOST_CHECK_MS = 60;
const MOST_BUNDLE_MS = 1_000;

/** Writes a script that requires 1,000 modules of 200 lines, each of which requires the next, and returns its path. */
export function writeModules(place) {
  const directory = join(place, 'modules');
  mkdirSync(directory);
  for (let number = 1; number <= MODULES; number++) {
    const head = number === MODULES ? 'local sum = 0' : `local sum = require("./m${number + 1}")`;
    const body = Array.from({ length: LINES - 4 }, () => LINE);
    const text = [head, 'for i = 1, 2 do', ...body, 'end', 'return sum', ''].join('\n');
    writeFileSync(join(directory, `m${number}.luau`), text);
  }
  const entry = join(directory, 'main.luau');
  writeFileSync(entry, 'return require("./m1")\n');
  return entry;
}

/** The section of results.md: medians over the rounds, differences within each round. */
export function formatComposing(samples, nodes) {
  const rows = nodes.map(({ version }) => {
    const own = samples.filter(({ group }) => group === version);
    const timesOf = (name) => new Map(own.filter((s) => s.variant === name).map((s) => [s.round, s.wallMs]));
    const [checked, unchecked, bundle] = [CHECKED, UNCHECKED, BUNDLE].map(timesOf);
    const check = findMedian([...checked].map(([round, wallMs]) => wallMs - unchecked.get(round)));
    return { version, check, bundle: findMedian([...bundle.values()]) };
  });
  return [
    '# Putting scripts together',
    '',
    `What the check of the syntax adds to a run: \`${CHECKED}\` less \`${UNCHECKED}\` in the same round. And`,
    `\`luau-exec bundle\` of a chain of ${MODULES} modules of ${LINES} lines, the whole process. Medians.`,
    '',
    '| Node | the check, ms | at most | met | the bundle, ms | at most | met |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(({ version, check, bundle }) => {
      const met = [check <= MOST_CHECK_MS, bundle <= MOST_BUNDLE_MS].map((isMet) => (isMet ? 'yes' : 'NO'));
      const cells = [
        version,
        check.toFixed(1),
        MOST_CHECK_MS,
        met[0],
        bundle.toFixed(0),
        MOST_BUNDLE_MS,
        met[1],
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
  ].join('\n');
}
