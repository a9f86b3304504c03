import { aliasCases } from './alias-cases.ts';
import { argumentCases } from './argument-cases.ts';
import { badAnswerCases } from './bad-answer-cases.ts';
import { commandCases } from './command-cases.ts';
import { configFileCases } from './config-file-cases.ts';
import { configValueCases } from './config-value-cases.ts';
import { controlCases } from './control-cases.ts';
import { directCases } from './direct-cases.ts';
import { faultActionCases } from './fault-action-cases.ts';
import { faultsFileCases } from './faults-file-cases.ts';
import { fileCases } from './file-cases.ts';
import { fileLibraryCases } from './file-library-cases.ts';
import { initAnswerCases } from './init-answer-cases.ts';
import { initFileCases } from './init-file-cases.ts';
import { keyCases } from './key-cases.ts';
import type { LibraryCase } from './library-case.ts';
import { listCases } from './list-cases.ts';
import { logCases } from './log-cases.ts';
import { lostAnswerCases } from './lost-answer-cases.ts';
import { luauConfigCases } from './luau-config-cases.ts';
import { luaurcCases } from './luaurc-cases.ts';
import type { MessageCase } from './message-case.ts';
import { networkCases } from './network-cases.ts';
import { noticeCases } from './notice-cases.ts';
import { outcomeCases } from './outcome-cases.ts';
import { outputFileCases } from './output-file-cases.ts';
import { placeCases } from './place-cases.ts';
import { refusalCases } from './refusal-cases.ts';
import { reportOptionCases } from './report-option-cases.ts';
import { requireCases } from './require-cases.ts';
import { scriptCases } from './script-cases.ts';
import { settingCases } from './setting-cases.ts';
import { signalCases } from './signal-cases.ts';
import { storedKeyCases } from './stored-key-cases.ts';
import { syntaxCases } from './syntax-cases.ts';
import { transferCases } from './transfer-cases.ts';
import { unansweredCases } from './unanswered-cases.ts';
import { valueCases } from './value-cases.ts';
import { waitCases } from './wait-cases.ts';

/** All that a user can meet. */
export const cases: readonly MessageCase[] = [
  commandCases,
  reportOptionCases,
  valueCases,
  scriptCases,
  syntaxCases,
  argumentCases,
  requireCases,
  aliasCases,
  luaurcCases,
  luauConfigCases,
  keyCases,
  settingCases,
  configFileCases,
  configValueCases,
  storedKeyCases,
  refusalCases,
  lostAnswerCases,
  unansweredCases,
  badAnswerCases,
  networkCases,
  waitCases,
  outcomeCases,
  signalCases,
  controlCases,
  listCases,
  logCases,
  outputFileCases,
  fileCases,
  noticeCases,
  initAnswerCases,
  initFileCases,
  faultsFileCases,
  faultActionCases,
].flat();

/** What only a program can meet that uses the library, or that takes too long otherwise. */
export const libraryCases: readonly LibraryCase[] = [
  ...directCases,
  ...transferCases,
  ...placeCases,
  ...fileLibraryCases,
];
