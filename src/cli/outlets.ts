import type { Context } from '../context.ts';
import type { LuauExecError } from '../errors.ts';
import { createRenderer } from '../output/create-renderer.ts';
import { type GithubGuard, isGithubActions } from '../output/github-guard.ts';
import type { OutputChoice, OutputFormat } from '../output/output-choice.ts';
import type { Renderer } from '../output/renderer.ts';
import { type Piece, writePieces } from '../output/write-out.ts';
import { type OutputFile, openOutputFile } from './output-file.ts';
import { type NamedFile, requireOwnFiles } from './require-own-files.ts';

export interface OutletOptions {
  context: Context;
  /** One of them is for the standard streams. */
  choices: readonly OutputChoice[];
  guard: GithubGuard;
  /** The text without its secrets, for what goes into a file. */
  redact: (text: string) => string;
}

/** What a renderer is asked for. */
export type Rendering = (renderer: Renderer) => Piece[];

/** The formats of one call, each on its way to a file or to the standard streams. */
export interface Outlets {
  /** The format of the standard streams. */
  readonly shownFormat: OutputFormat;
  /** What goes to the standard streams, ready to be written. */
  render(rendering: Rendering): Piece[];
  writeToStreams(pieces: readonly Piece[]): Promise<void>;
  /** What goes wrong is kept. */
  writeToFiles(rendering: Rendering): void;
  /** What has gone wrong with files: the first problem of each. */
  listProblems(): LuauExecError[];
}

/** The files of `--output`, under the names of their formats. */
export function listOutputFiles(choices: readonly OutputChoice[]): NamedFile[] {
  return choices.flatMap(({ format, file }) =>
    file === null ? [] : [{ flag: `--output ${format}`, name: file }],
  );
}

/** Empties the files. Throws LX003 for one that is named twice or is a script, LX074 for one that cannot be written. */
export async function openOutlets({ context, choices, guard, redact }: OutletOptions): Promise<Outlets> {
  const { stdout, stderr, env, cwd } = context;
  requireOwnFiles(listOutputFiles(choices), cwd);
  const shown = choices.find(({ file }) => file === null)?.format ?? 'human';
  const shownFormat = shown === 'human' && isGithubActions(env) ? 'github' : shown;
  const shownRenderer = await createRenderer(shownFormat, context);
  const files: { renderer: Renderer; file: OutputFile; problem: LuauExecError | null }[] = [];
  for (const { format, file } of choices) {
    if (file === null) continue;
    const renderer = await createRenderer(format, context);
    files.push({ renderer, file: openOutputFile(file, { context, redact }), problem: null });
  }
  const protect = (piece: Piece): Piece => {
    if (piece.isCommand) return { ...piece, text: guard.allow(redact(piece.text)) };
    return piece.isRemote ? { ...piece, text: guard.enclose(piece.text) } : piece;
  };
  return {
    shownFormat,
    render: (rendering) => rendering(shownRenderer).filter(({ text }) => text !== ''),
    writeToStreams: (pieces) => writePieces(pieces.map(protect), { stdout, stderr }),
    writeToFiles(rendering) {
      for (const outlet of files) {
        const pieces = rendering(outlet.renderer);
        const text = pieces.map((piece) => (piece.to === 'stdout' ? piece.text : '')).join('');
        const problem = text === '' ? null : outlet.file.append(text);
        outlet.problem ??= problem;
      }
    },
    listProblems: () => files.flatMap(({ problem }) => (problem === null ? [] : [problem])),
  };
}
