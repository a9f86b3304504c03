// What a terminal shows after it was written to: rows of cells.
import xterm from '@xterm/headless';

/** The 16 colours that have names; the program uses no others. */
const COLORS = 16;

/**
 * Resolves to every row down to the last one with anything on it, what has scrolled away included. Throws where a cell
 * has a look that no picture shows.
 */
export async function readScreen(written, { columns, rows }) {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 1_000, allowProposedApi: true });
  try {
    await new Promise((resolve) => terminal.write(written, resolve));
    const { active } = terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, index) => readLine(active.getLine(index)));
    return lines.slice(0, lines.findLastIndex((line) => line.some(({ text }) => text !== ' ')) + 1);
  } finally {
    terminal.dispose();
  }
}

/** The text of a row, without the blanks at its end. */
export function formatRow(row) {
  return row
    .map(({ text }) => text)
    .join('')
    .trimEnd();
}

function readLine(line) {
  return Array.from({ length: line.length }, (_, column) => line.getCell(column))
    .filter((cell) => cell.getWidth() > 0)
    .map((cell) => ({ text: cell.getChars() || ' ', width: cell.getWidth(), style: readStyle(cell) }));
}

function readStyle(cell) {
  const isPlain =
    cell.isBgDefault() &&
    !cell.isInverse() &&
    !cell.isUnderline() &&
    !cell.isItalic() &&
    !cell.isStrikethrough() &&
    !cell.isInvisible() &&
    !cell.isOverline();
  const color = cell.isFgDefault() ? null : cell.getFgColor();
  if (!isPlain || (color !== null && !(cell.isFgPalette() && color < COLORS))) {
    throw new Error(`no picture shows the look of "${cell.getChars()}"`);
  }
  return { color, isBold: cell.isBold() !== 0, isDim: cell.isDim() !== 0 };
}
