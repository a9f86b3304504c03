import type { IgnorePlan } from '../../config/init/git-ignore.ts';
import { requireFree } from '../../config/init/inspect-destination.ts';
import { writeConfig } from '../../config/init/write-config.ts';
import { describePrivacy, findShell } from '../../config/set-variable.ts';
import { type StoredPlace, storeKey } from '../../config/stored-key.ts';
import { LuauExecError } from '../../errors.ts';
import {
  formatInitDeeds,
  formatInitJson,
  formatNextSteps,
  type InitReport,
} from '../../output/format-init.ts';
import { createStyle } from '../../output/style.ts';
import { wrapText } from '../../output/wrap-text.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { askAnswers } from '../init/ask-answers.ts';
import type { InitAnswers } from '../init/init-answers.ts';
import { findInitFacts, type InitFacts } from '../init/init-facts.ts';
import { describeKey, findInitWarnings, listNextSteps } from '../init/init-outcome.ts';
import { hasAnswers, readAnswers } from '../init/read-answers.ts';
import type { Invocation } from '../invocation.ts';
import { protectEnvironment } from '../protect-environment.ts';
import type { InitOptions } from '../shared-options.ts';
import { openDialogue } from '../terminal-dialogue.ts';

const WIDEST = 100;
const USUAL_COLUMNS = 80;

/**
 * Writes `.luauexecrc` into the working directory, from answers at the terminal or from flags. Throws LX017 where there is
 * one already, LX074, LX602 when the user stops, and what bad flags throw; then no file has been written.
 */
export async function runInit(invocation: Invocation, options: InitOptions): Promise<number> {
  const { context, printer, protect } = invocation;
  checkGlobalFlags(options);
  protectEnvironment(invocation);
  const facts = await findInitFacts(context, { baseUrl: options.baseUrl });
  protect(String(facts.keptKey ?? ''));
  if (!options.force) requireFree(facts.destination);
  const answers = await findAnswers(invocation, { options, facts });
  const report = await carryOut(invocation, { answers, facts, replaces: options.force === true });
  if (printer.isJson) await printer.printData(`${formatInitJson(report)}\n`);
  else if (options.quiet) await printer.printWarnings(report.warnings);
  else {
    const { stderr, env, platform } = context;
    const style = await createStyle({ stream: stderr, env, colorFlag: options.color ?? null });
    const screen = { style, columns: readColumns(invocation) };
    await printer.printNotice(formatInitDeeds(report, { ...screen, privacy: describePrivacy(platform) }));
    await printer.printWarnings(report.warnings);
    await printer.printNotice(formatNextSteps(report.next, screen));
  }
  return EXIT_CODES.ok;
}

function checkGlobalFlags({ config, target, local }: InitOptions): void {
  const flag =
    config !== undefined ? '--config' : local ? '--local' : target !== undefined ? '--target' : null;
  if (flag === null) return;
  throw new LuauExecError(`init does not take ${flag}: it writes .luauexecrc into the working directory`, {
    id: 'LX003',
    kind: 'usage',
    hint: local ? '--local needs no config file: luau-exec run SCRIPT --local' : `leave ${flag} out`,
  });
}

async function findAnswers(
  invocation: Invocation,
  { options, facts }: { options: InitOptions; facts: InitFacts },
): Promise<InitAnswers> {
  const { context, printer, protect } = invocation;
  const isAsked = !printer.isJson && !hasAnswers(options);
  const dialogue = isAsked ? openDialogue(context, { untouched: 'nothing was written' }) : null;
  if (dialogue === null) return readAnswers({ context, options, facts, protect });
  const columns = readColumns(invocation);
  try {
    return await askAnswers({
      context,
      dialogue,
      facts,
      protect,
      say: (text) => context.stderr.write(`${wrapText(text, columns).join('\n')}\n`),
    });
  } finally {
    dialogue.close();
  }
}

async function carryOut(
  { context }: Invocation,
  { answers, facts, replaces }: { answers: InitAnswers; facts: InitFacts; replaces: boolean },
): Promise<InitReport> {
  const { destination, kept } = facts;
  const { universeId, placeId, key } = answers;
  const { apiKey, comment, holdsKey } = describeKey(key);
  const shell = findShell(context);
  const stored: StoredPlace | null =
    key.source === 'keyring' && key.key !== null ? await storeKey(facts.baseUrl, key.key, context) : null;
  const plan = await writeConfig({
    destination,
    content: { universeId, placeId, apiKey, keyComment: comment, kept },
    holdsKey: holdsKey || facts.keptHoldsKey,
    replaces,
  });
  return {
    file: destination.path,
    isReplaced: destination.kind !== 'nothing',
    universeId,
    placeId,
    apiKey: {
      source: key.source,
      variable: key.source === 'env' ? key.variable : null,
      storedIn: stored && (stored.path === null ? 'keyring' : 'file'),
      path: stored?.path ?? null,
      keyringProblem: stored?.problem ?? null,
    },
    gitIgnore: readPlan(plan),
    kept: Object.keys(kept),
    warnings: findInitWarnings({ answers, facts, env: context.env, shell }),
    next: listNextSteps({ answers, facts, shell }),
  };
}

function readPlan(plan: IgnorePlan | null): InitReport['gitIgnore'] {
  if (plan === null || plan.kind === 'no_git') return null;
  return plan.kind === 'add'
    ? { file: plan.file, pattern: plan.line, isAdded: true }
    : { file: plan.file, pattern: plan.pattern, isAdded: false };
}

/** Lines are broken for a terminal alone. */
function readColumns({ context: { stderr } }: Invocation): number {
  return stderr.isTTY ? Math.min(stderr.columns || USUAL_COLUMNS, WIDEST) : Number.POSITIVE_INFINITY;
}
