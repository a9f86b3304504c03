// Names are short; anything longer is no typing mistake, and comparing it would cost its length squared.
const LONGEST_NAME = 64;

/** The candidate that `input` was most likely meant for, or null when none is close; case, `-` and `_` do not count. */
export function suggestName(input: string, candidates: Iterable<string>): string | null {
  if (input.length > LONGEST_NAME) return null;
  const wanted = foldName(input);
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const folded = foldName(candidate);
    const distance = editDistance(wanted, folded);
    const isClose = distance <= Math.max(wanted.length, folded.length) * 0.4;
    if (isClose && distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

/** How many letters have to be put in, taken out, replaced or swapped with the next to make `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (b[column - 1] === letter ? 0 : 1);
      const removed = (previous[column] ?? 0) + 1;
      const inserted = (current[column - 1] ?? 0) + 1;
      const isSwap = row > 0 && column > 1 && a[row - 1] === b[column - 1] && letter === b[column - 2];
      const swapped = isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, removed, inserted, swapped));
    }
    [beforeLast, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
