import { isAbsolute, relative, resolve } from 'node:path';
import { humanRenderer, isSummedUp } from './human.ts';
import type { Renderer, RendererOptions } from './renderer.ts';
import type { Report } from './report.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Piece } from './write-out.ts';

/**
 * What people read, with commands for GitHub Actions on stderr: log messages in a group that folds, and what went wrong
 * as an annotation of the line of the user's file.
 */
export function createGithubRenderer({ cwd, env }: RendererOptions): Renderer {
  const workspace = env.GITHUB_WORKSPACE || cwd;
  const locate = (file: string) => {
    const path = relative(workspace, resolve(cwd, file));
    return /^\.\.(?:[\\/]|$)/.test(path) || isAbsolute(path) ? file : path.replaceAll('\\', '/');
  };
  return {
    ...humanRenderer,
    renderEach: (report, options, run) => [
      ...humanRenderer.renderEach(report, options, run).flatMap((piece) => groupLogs(piece, report)),
      ...(isSummedUp(report, options) ? [] : annotate(report, locate)),
    ],
    renderLogs: (report, options) => [
      ...humanRenderer.renderLogs(report, options),
      ...annotate(report, locate),
    ],
    renderStatus: (report, options) => [
      ...humanRenderer.renderStatus(report, options),
      ...annotate(report, locate),
    ],
  };
}

/** Only on stderr: standard output is data, and may be read by a program. */
function groupLogs(piece: Piece, { script }: Report): Piece[] {
  if (piece.to !== 'stderr' || !piece.isRemote || piece.text === '') return [piece];
  const title = script === null ? 'log messages' : `log messages of ${script.name}`;
  return [formatCommand('group', {}, title), piece, formatCommand('endgroup', {}, '')];
}

/** What went wrong, as an annotation. */
function annotate({ error }: Report, locate: (file: string) => string): Piece[] {
  if (error === null) return [];
  const { file, line, column, id, message } = error;
  const isFile = file !== null && !/^-e?$/.test(file);
  const place = isFile
    ? {
        file: locate(file),
        ...(line === null ? {} : { line: String(line) }),
        ...(column === null ? {} : { col: String(column) }),
      }
    : {};
  return [formatCommand('error', { ...place, title: `luau-exec ${id}` }, message)];
}

/** A line that the runner obeys (actions/toolkit, command.ts), with everything in it escaped that could end it. */
function formatCommand(name: string, properties: Readonly<Record<string, string>>, message: string): Piece {
  const fields = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  const head = fields.length === 0 ? name : `${name} ${fields.join(',')}`;
  return { to: 'stderr', text: `::${head}::${escapeData(sanitizeLine(message))}\n`, isCommand: true };
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(sanitizeLine(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
