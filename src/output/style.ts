import type { OutputStream } from '../context.ts';

type Paint = (text: string) => string;

/** The few colours this tool uses, each as a function of text. Off, they give the text back. */
export interface Style {
  isColored: boolean;
  red: Paint;
  yellow: Paint;
  green: Paint;
  cyan: Paint;
  magenta: Paint;
  dim: Paint;
  bold: Paint;
}

export interface StyleOptions {
  stream: OutputStream;
  env: Readonly<Record<string, string | undefined>>;
  /** `--color` is true, `--no-color` is false, null is neither. */
  colorFlag: boolean | null;
}

const keep: Paint = (text) => text;

export const plainStyle: Style = {
  isColored: false,
  red: keep,
  yellow: keep,
  green: keep,
  cyan: keep,
  magenta: keep,
  dim: keep,
  bold: keep,
};

/** The style for one stream. chalk is loaded only where there is colour: it costs milliseconds at every start. */
export async function createStyle(options: StyleOptions): Promise<Style> {
  if (!decideColor(options)) return plainStyle;
  const { Chalk } = await import('chalk');
  // An instance of our own: the default one decides by itself, and does not know NO_COLOR.
  const chalk = new Chalk({ level: 1 });
  return {
    isColored: true,
    red: (text) => chalk.red(text),
    yellow: (text) => chalk.yellow(text),
    green: (text) => chalk.green(text),
    cyan: (text) => chalk.cyan(text),
    magenta: (text) => chalk.magenta(text),
    dim: (text) => chalk.dim(text),
    bold: (text) => chalk.bold(text),
  };
}

/**
 * Flag, then FORCE_COLOR, then NO_COLOR, then whether this very stream is a terminal that can show colour. An empty
 * variable counts as not set (force-color.org, no-color.org).
 */
export function decideColor({ stream, env, colorFlag }: StyleOptions): boolean {
  if (colorFlag !== null) return colorFlag;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
