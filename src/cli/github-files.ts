import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { LuauExecError, messageOf } from '../errors.ts';
import { formatGithubOutputs, formatGithubSummary, type GithubEnd } from '../output/format-github-end.ts';
import type { OutputFilePlace } from './output-file.ts';

/** Adds to the files that GitHub Actions names for a step's outputs and its summary; resolves to what went wrong. */
export async function appendGithubFiles(
  end: GithubEnd,
  { context, redact }: OutputFilePlace & { context: Pick<Context, 'env'> },
): Promise<LuauExecError[]> {
  const { env, cwd } = context;
  const delimiter = `luau-exec-${crypto.randomUUID()}`;
  const files = [
    { name: 'GITHUB_OUTPUT', path: env.GITHUB_OUTPUT, text: formatGithubOutputs(end, delimiter) },
    { name: 'GITHUB_STEP_SUMMARY', path: env.GITHUB_STEP_SUMMARY, text: formatGithubSummary(end) },
  ];
  const problems: LuauExecError[] = [];
  for (const { name, path, text } of files) {
    if (!path) continue;
    try {
      await appendFile(resolve(cwd, path), redact(text));
    } catch (cause) {
      const why = messageOf(cause);
      problems.push(
        new LuauExecError(`cannot write the file of ${name}: ${why}`, {
          id: 'LX074',
          kind: 'io',
          hint: `let ${name} name a file that you may write to`,
          cause,
        }),
      );
    }
  }
  return problems;
}
