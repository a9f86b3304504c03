/** The text of results.md. `rows` are those of `summarise`, with `target` and `isMet` (null where there is none). */
export function formatResults({ date, machine, nodes, rounds, rows, base }) {
  return [
    '# Start-up time',
    '',
    'Written by `npm run bench`. Whole processes, from the spawn to the exit, with piped streams; all variants of all',
    `Nodes in shuffled rounds (${rounds}). A ratio compares a call with \`${base}\` of the same Node in the same round;`,
    'the figures are medians. `run` talks to a server on loopback that answers at once, so only our own time shows.',
    '"after output" is the time from the last output to the exit.',
    '',
    `- date: ${date}`,
    `- machine: ${machine.cpu}, ${machine.cores} cores, ${machine.system}`,
    `- Node: ${nodes.map(({ version }) => version).join(', ')}`,
    '',
    ...nodes.flatMap((node) => formatNode(node, rows, base)),
  ].join('\n');
}

function formatNode({ version }, rows, base) {
  const own = rows.filter(({ group }) => group === version);
  const baseRow = own.find(({ variant }) => variant === base);
  return [
    `## Node ${version}`,
    '',
    `\`${base}\` takes ${baseRow.wallMs.toFixed(1)} ms.`,
    '',
    '| call | ratio | min..max | median ms | after output, ms | target | met |',
    '|---|---|---|---|---|---|---|',
    ...own.filter((row) => row !== baseRow).map(formatRow),
    '',
  ];
}

function formatRow({ variant, ratio, lowestRatio, highestRatio, wallMs, tailMs, target, isMet }) {
  const cells = [
    `\`${variant}\``,
    `${ratio.toFixed(2)}x`,
    `${lowestRatio.toFixed(2)}..${highestRatio.toFixed(2)}`,
    wallMs.toFixed(1),
    tailMs.toFixed(1),
    target === null ? 'none' : `${target}x`,
    isMet === null ? '' : isMet ? 'yes' : 'NO',
  ];
  return `| ${cells.join(' | ')} |`;
}
