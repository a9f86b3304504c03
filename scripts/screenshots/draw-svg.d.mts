import type { Cell } from './screen.mjs';

export function drawSvg(picture: {
  rows: readonly Cell[][];
  columns: number;
  title: string;
  windowTitle: string;
}): string;
