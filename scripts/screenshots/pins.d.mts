import type { Cell } from './screen.mjs';

export function pinWritten(written: string, options: { home: string }): string;
export function pinTimes(rows: readonly Cell[][], times: readonly string[]): Cell[][];
