import { constants } from 'node:fs';
import { lstat, open, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { LuauExecError, messageOf } from '../../errors.ts';

/** Whether git leaves a file alone: no git project, a pattern that was there, or a line that is to be added. */
export type IgnorePlan =
  | { kind: 'no_git' }
  | { kind: 'ignored'; file: string; pattern: string }
  | { kind: 'add'; file: string; line: string; text: string };

/** The patterns of one file, for paths relative to `directory`. */
interface RuleFile {
  path: string;
  directory: string;
  rules: Ignore;
}

interface Verdict {
  isIgnored: boolean;
  file: string;
  pattern: string;
}

const IGNORE_FILE = '.gitignore';
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/**
 * How `file`, an absolute path, comes to be ignored by the git project that it lies in. Reads, and writes nothing. git
 * itself is not run, as it would obey the settings of a repository that may be a stranger's. Throws LX017 where a line
 * in the project's `.gitignore` could not help, and LX074.
 */
export async function planIgnore(file: string): Promise<IgnorePlan> {
  const root = await findGitRoot(dirname(file));
  if (root === null) return { kind: 'no_git' };
  const parts = relative(root, file).split(sep);
  const ruleFiles = await loadRuleFiles(root, parts.slice(0, -1));
  const verdict = judge(parts, { root, ruleFiles });
  if (verdict?.isIgnored) return { kind: 'ignored', file: verdict.file, pattern: verdict.pattern };
  const path = join(root, IGNORE_FILE);
  const line = `/${parts.map(escapePart).join('/')}`;
  const before = await readIgnoreFile(path);
  const text = formatAddition(before, line);
  const after = ruleFiles.map((entry) =>
    entry.path === path ? createRuleFile(path, { directory: root, text: before + text }) : entry,
  );
  const later = judge(parts, { root, ruleFiles: after });
  if (later?.isIgnored) return { kind: 'add', file: path, line, text };
  throw createIgnoreError(`git would not ignore ${file}`, {
    fact: later === null ? `its name cannot be written in ${path}` : `a pattern in ${later.file} includes it`,
    hint: `${later === null ? '' : 'take that pattern out, or '}keep the key elsewhere: --key-source env`,
  });
}

/** Does what was planned. Throws LX074. */
export async function applyIgnore(plan: IgnorePlan): Promise<void> {
  if (plan.kind !== 'add') return;
  try {
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | NO_FOLLOW;
    const handle = await open(plan.file, flags, 0o666);
    try {
      await handle.writeFile(plan.text);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw createAccessError(`${plan.file} could not be written`, cause);
  }
}

/** The nearest directory from `start` upwards that has `.git`. */
export async function findGitRoot(start: string): Promise<string | null> {
  for (let directory = start; ; directory = dirname(directory)) {
    if (await lstat(join(directory, '.git')).catch(() => null)) return directory;
    if (directory === dirname(directory)) return null;
  }
}

/** The files that git would ask, in the order from weak to strong. */
async function loadRuleFiles(root: string, folders: readonly string[]): Promise<RuleFile[]> {
  const directories = [root, ...folders.map((_, index) => join(root, ...folders.slice(0, index + 1)))];
  const paths = [
    { path: join(root, '.git', 'info', 'exclude'), directory: root },
    ...directories.map((directory) => ({ path: join(directory, IGNORE_FILE), directory })),
  ];
  return Promise.all(
    paths.map(async ({ path, directory }) => {
      // git follows no link of this name either.
      const isFile = await lstat(path).then(
        (entry) => entry.isFile(),
        () => false,
      );
      const text = isFile ? await readFile(path, 'utf8').catch(() => '') : '';
      return createRuleFile(path, { directory, text });
    }),
  );
}

function createRuleFile(path: string, { directory, text }: { directory: string; text: string }): RuleFile {
  // Taken for ignored where it is not would be worse than a line too many.
  return { path, directory, rules: ignore({ ignorecase: false }).add(text.replace(/^\ufeff/, '')) };
}

/** What the strongest pattern says; what lies in a directory that is ignored is ignored whatever else is said. */
function judge(
  parts: readonly string[],
  { root, ruleFiles }: { root: string; ruleFiles: readonly RuleFile[] },
): Verdict | null {
  let last: Verdict | null = null;
  for (let count = 1; count <= parts.length; count++) {
    const path = join(root, ...parts.slice(0, count));
    last = judgeOne(path, { isDirectory: count < parts.length, ruleFiles });
    if (last?.isIgnored) return last;
  }
  return last;
}

function judgeOne(
  path: string,
  { isDirectory, ruleFiles }: { isDirectory: boolean; ruleFiles: readonly RuleFile[] },
): Verdict | null {
  for (const { path: file, directory, rules } of [...ruleFiles].reverse()) {
    const name = relative(directory, path).split(sep).join('/');
    if (name === '' || name === '..' || name.startsWith('../')) continue;
    const { ignored, unignored, rule } = rules.test(isDirectory ? `${name}/` : name);
    if (ignored || unignored) return { isIgnored: ignored, file, pattern: rule?.pattern ?? '' };
  }
  return null;
}

async function readIgnoreFile(path: string): Promise<string> {
  const entry = await lstat(path).catch(() => null);
  if (entry === null) return '';
  if (entry.isFile()) {
    return readFile(path, 'utf8').catch((cause: unknown) => {
      throw createAccessError(`${path} could not be read`, cause);
    });
  }
  throw createIgnoreError(`${path} is not a regular file, so nothing can be added to it`, {
    fact: 'git follows no link of this name',
    hint: 'make it a file, or keep the key elsewhere: --key-source env',
  });
}

/** The line in the file's own line ends, behind the end of a last line that has none. */
function formatAddition(before: string, line: string): string {
  const end = before.includes('\r\n') ? '\r\n' : '\n';
  return `${before === '' || before.endsWith('\n') ? '' : end}${line}${end}`;
}

function escapePart(part: string): string {
  return part.replace(/[\\*?[\]]/g, '\\$&');
}

function createIgnoreError(message: string, { fact, hint }: { fact: string; hint: string }): LuauExecError {
  return new LuauExecError(message, { id: 'LX017', kind: 'usage', facts: [fact], hint });
}

function createAccessError(message: string, cause: unknown): LuauExecError {
  return new LuauExecError(`${message}: ${messageOf(cause)}`, {
    id: 'LX074',
    kind: 'io',
    hint: 'keep the key elsewhere: --key-source env',
    cause,
  });
}
