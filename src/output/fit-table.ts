import { fitText, measureWidth, padText } from './display-width.ts';

export interface TableColumn {
  title: string;
  /** One for each row, safe for a terminal and on one line. */
  cells: readonly string[];
  /** Columns with a greater rank are given up sooner where the screen is narrow; those with 0 are cut instead. */
  rank: number;
  /** Where this is given, cells may be cut to so many columns, and this end of them is kept. */
  flexible?: { leastWidth: number; keeps: 'start' | 'end' };
  paint?: (text: string, row: number) => string;
}

const GAP = '  ';

/** Lines of text, title first, none of them wider than `width` columns. All columns have as many cells. */
export function fitTable(
  columns: readonly TableColumn[],
  { width, paintTitle }: { width: number; paintTitle: (text: string) => string },
): string[] {
  const kept = chooseColumns(columns, width);
  const widths = decideWidths(kept, width);
  const rowCount = kept[0]?.cells.length ?? 0;
  const last = kept.length - 1;
  const keptEnds = kept.map(({ flexible }) => flexible?.keeps ?? 'start');
  const format = (
    texts: readonly string[],
    { ends, paint }: { ends: typeof keptEnds; paint: (text: string, index: number) => string },
  ) =>
    texts
      .map((text, index) => {
        const keeps = ends[index] ?? 'start';
        const cell = fitText(text, { width: widths[index] ?? 0, keeps });
        // No blanks at the end of a line: a narrow terminal would wrap them.
        return paint(index === last ? cell : padText(cell, widths[index] ?? 0), index);
      })
      .join(GAP);
  const titles = kept.map(({ title }) => title);
  const rows = Array.from({ length: rowCount }, (_, row) =>
    format(
      kept.map(({ cells }) => cells[row] ?? ''),
      { ends: keptEnds, paint: (text, index) => kept[index]?.paint?.(text, row) ?? text },
    ),
  );
  // A title is read from its beginning, whatever is told by the cells below.
  return [format(titles, { ends: [], paint: paintTitle }), ...rows];
}

function chooseColumns(columns: readonly TableColumn[], width: number): TableColumn[] {
  let kept = [...columns];
  while (sumWidths(kept.map(readLeastWidth)) > width) {
    const rank = Math.max(...kept.map((column) => column.rank));
    if (rank === 0) break;
    kept = kept.filter((column) => column.rank !== rank);
  }
  // Each of the rest gets one column of the screen at least.
  while (kept.length > 1 && sumWidths(kept.map(() => 1)) > width) kept.pop();
  return kept;
}

/** What the others leave goes to the flexible columns, and where that is less than nothing, all are cut from the right. */
function decideWidths(columns: readonly TableColumn[], width: number): number[] {
  let spare = width - sumWidths(columns.map(readLeastWidth));
  const widths = columns.map((column) => {
    const least = readLeastWidth(column);
    const extra = Math.max(0, Math.min(spare, readFullWidth(column) - least));
    spare -= extra;
    return least + extra;
  });
  for (let index = widths.length - 1; index >= 0 && spare < 0; index--) {
    const cut = Math.min(-spare, Math.max(0, (widths[index] ?? 0) - 1));
    widths[index] = (widths[index] ?? 0) - cut;
    spare += cut;
  }
  return widths;
}

function readFullWidth({ title, cells }: TableColumn): number {
  return Math.max(title.length, ...cells.map(measureWidth));
}

function readLeastWidth(column: TableColumn): number {
  const full = readFullWidth(column);
  return column.flexible ? Math.min(full, column.flexible.leastWidth) : full;
}

function sumWidths(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * Math.max(0, widths.length - 1));
}
