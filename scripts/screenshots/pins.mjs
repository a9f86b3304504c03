// What differs from run to run is pinned here, and nothing else is changed: times, the port of the emulator, the
// temporary directory, the version of Node, and which frame of the spinner there was.

const TIME = /\b\d+(?:\.\d)? s\b/g;
const HOME = '/home/ada';

/**
 * Pins what is written, before the terminal breaks it into rows. `home` is the temporary home directory. The program
 * has chosen its own line breaks by then: a port has five digits, as free ones have, and each path stands on a line
 * of its own or is its last word.
 */
export function pinWritten(written, { home }) {
  return written
    .replaceAll(home, HOME)
    .replaceAll(/127\.0\.0\.1:\d{5}\b/g, '127.0.0.1:50000')
    .replaceAll(/ on Node \d+\.\d+\.\d+/g, ' on Node 22.14.0')
    .replaceAll(/[\u2801-\u28ff]/g, '⠹');
}

/** Pins the times on a screen, from top to bottom. Throws where there are more or fewer than `times`. */
export function pinTimes(rows, times) {
  const left = [...times];
  const pinned = rows.map((row) => pinRow(row, left));
  if (left.length > 0) throw new Error(`the screen has no time for ${left.join(', ')}`);
  return pinned;
}

function pinRow(row, left) {
  const text = row.map((cell) => cell.text).join('');
  const pins = Array.from(text.matchAll(TIME), ({ 0: found, index }) => {
    return { found, start: findCell(row, index), time: left.shift() };
  });
  const cells = [...row];
  // From the right, so that the places further left stay what they are.
  for (const { found, start, time } of pins.reverse()) {
    if (time === undefined) throw new Error(`the screen has one time more, ${found}`);
    const { style } = cells[start];
    const pinned = Array.from(time, (digit) => ({ text: digit, width: 1, style }));
    cells.splice(start, found.length, ...pinned);
  }
  return cells;
}

/** The cell whose text begins at `offset` of its row's. */
function findCell(row, offset) {
  let passed = 0;
  return row.findIndex(({ text }) => {
    passed += text.length;
    return passed > offset;
  });
}
