// Draws a screen as a window in SVG: real text on an exact grid, colours of its own, nothing fetched and nothing run.
import { formatRow } from './screen.mjs';

const CELL = { width: 8.4, height: 20 };
const FONT_SIZE = 14;
const PADDING = { side: 16, top: 12, bottom: 14 };
const TITLE_HEIGHT = 34;
/** How far the line on which letters stand is below the top of their row. */
const BASELINE = 14.5;
const FONTS =
  "ui-monospace,SFMono-Regular,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

const WINDOW = { background: '#161b22', bar: '#21262d', edge: '#444c56', text: '#d1d7e0', faint: '#9198a1' };
const BUTTONS = ['#ff5f57', '#febc2e', '#28c840'];
/** Each has a contrast of 4.5 or more to the window's background. */
const COLORS = [
  ['#7d8590', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#d1d7e0'],
  ['#8b949e', '#ffa198', '#7ee787', '#f2cc60', '#a5d6ff', '#e2c5ff', '#76e3ea', '#f0f6fc'],
].flat();

/** `title` is for readers who cannot see the picture; `windowTitle` stands in the bar of the window. */
export function drawSvg({ rows, columns, title, windowTitle }) {
  const width = round(columns * CELL.width + 2 * PADDING.side);
  const height = TITLE_HEIGHT + PADDING.top + rows.length * CELL.height + PADDING.bottom;
  const runs = rows.map((row) => readRuns(row));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
      ' role="img" aria-labelledby="title text">',
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="text">${escapeXml(rows.map(formatRow).join('\n'))}</desc>`,
    `<style>${formatStyles(runs.flat())}</style>`,
    ...drawWindow({ width, height, windowTitle }),
    ...runs.flatMap((ofRow, index) => ofRow.map((run) => drawRun(run, index))),
    '</svg>\n',
  ].join('\n');
}

function drawWindow({ width, height, windowTitle }) {
  const bar = `M.5 ${TITLE_HEIGHT}V8.5a8 8 0 0 1 8-8H${width - 8.5}a8 8 0 0 1 8 8V${TITLE_HEIGHT}z`;
  return [
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="${WINDOW.background}"/>`,
    `<path d="${bar}" fill="${WINDOW.bar}"/>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="none" stroke="${WINDOW.edge}"/>`,
    ...BUTTONS.map((fill, index) => `<circle cx="${20 + 20 * index}" cy="17.5" r="6" fill="${fill}"/>`),
    `<text x="${width / 2}" y="22" class="bar">${escapeXml(windowTitle)}</text>`,
  ];
}

/**
 * The pieces of a row that are drawn as one: no two blanks in a row, one style, and either ASCII or characters of one
 * width outside it, which may come from another font and would push the others aside.
 */
function readRuns(row) {
  const runs = [];
  let column = 0;
  let blanks = 0;
  for (const { text, width, style } of row) {
    const start = column;
    column += width;
    if (text === ' ') {
      blanks++;
      continue;
    }
    const kind = `${formatClass(style)}|${width}|${/^[\x21-\x7e]+$/.test(text)}`;
    const last = runs.at(-1);
    if (last?.kind === kind && blanks < 2 && (blanks === 0 || width === 1)) {
      last.text += ' '.repeat(blanks) + text;
      last.width = column - last.column;
    } else {
      runs.push({ kind, style, text, column: start, width });
    }
    blanks = 0;
  }
  return runs;
}

/** `textLength` holds the grid whatever font there is. */
function drawRun({ text, column, width, style }, rowIndex) {
  const x = round(PADDING.side + column * CELL.width);
  const y = TITLE_HEIGHT + PADDING.top + rowIndex * CELL.height + BASELINE;
  const name = formatClass(style);
  return (
    `<text x="${x}" y="${y}" textLength="${round(width * CELL.width)}" lengthAdjust="spacingAndGlyphs"` +
    `${name === '' ? '' : ` class="${name}"`}>${escapeXml(text)}</text>`
  );
}

function formatClass({ color, isBold, isDim }) {
  return [color === null ? '' : `c${color}`, isBold ? 'b' : '', isDim ? 'd' : ''].filter(Boolean).join(' ');
}

function formatStyles(runs) {
  const used = [...new Set(runs.flatMap(({ style }) => (style.color === null ? [] : [style.color])))].sort(
    (one, other) => one - other,
  );
  return [
    `text{font:${FONT_SIZE}px ${FONTS};fill:${WINDOW.text};white-space:pre}`,
    `.bar{font-size:13px;fill:${WINDOW.faint};text-anchor:middle}`,
    ...used.map((color) => `.c${color}{fill:${COLORS[color]}}`),
    '.b{font-weight:bold}',
    // Not transparent: it has to be read on the window as well.
    `.d{fill:${WINDOW.faint}}`,
  ].join('');
}

function escapeXml(text) {
  const names = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => names[character]);
}

function round(value) {
  return Math.round(value * 100) / 100;
}
