export interface CellStyle {
  /** 0 to 15, as terminals number them; null for the usual one. */
  color: number | null;
  isBold: boolean;
  isDim: boolean;
}

export interface Cell {
  /** A blank where nothing was written. */
  text: string;
  /** In columns, 1 or 2. */
  width: number;
  style: CellStyle;
}

export function readScreen(written: string, size: { columns: number; rows: number }): Promise<Cell[][]>;
export function formatRow(row: readonly Cell[]): string;
