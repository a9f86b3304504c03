/** Files of `src` whose words are no messages of the kind that the catalogue holds, and who holds them. */
export const OTHER_WORDS: readonly { files: RegExp; why: string }[] = [
  {
    files:
      /^(?:cli\/(?:define\/|help\/(?!usage-error)|completion\/|program|shared-options|log-level-option|exit-codes)|output\/envelope-keys|open-cloud\/limits)/,
    why: 'help, manual and completion: test/cli/help, test/cli/completion',
  },
  {
    files: /^(?:cli\/doctor\/|cli\/commands\/doctor|output\/format-doctor)/,
    why: 'findings of doctor: test/cli/doctor-checks.test.ts',
  },
  {
    files: /^(?:cli\/init\/(?:ask-answers|questions)|config\/init\/format-config)/,
    why: 'the dialogue of init and its file: test/cli/init, test/e2e/init.test.ts',
  },
  { files: /^cli\/watch\/describe-watch/, why: 'what --watch sees: test/cli/watch' },
  {
    files:
      /^output\/(?:progress|format-transfer|terminal-stream|format-list|format-luau|format-logs|script-position|traceback|xml)/,
    why: 'progress and data: test/output',
  },
  {
    files: /^emulator\/(?!fault-|parse-fault|server)/,
    why: 'words of the service that the emulator plays: test/emulator',
  },
  { files: /^luau\/(?!luau-wasm)/, why: 'bugs of our own' },
  {
    files: /^history\/(?:check-state-directory|state-directory)|^config\/search-places/,
    why: 'what doctor finds, and names of folders: test/history, test/config',
  },
  { files: /^open-cloud\/operations/, why: 'what progress says is being done: test/output/progress.test.ts' },
  { files: /^script\/(?:syntax\/|bundle\.ts|wrapping|encode-literal)/, why: 'Luau, not English' },
  {
    files: /^(?:script\/harness|task\/harness-marks)/,
    why: 'what the harness leaves in a log: test/script/harness.test.ts, test/cli/live.test.ts',
  },
  { files: /^script\/version-guard/, why: 'Luau, not English' },
  { files: /^values\//, why: 'errors of decodeResults: test/values' },
];

const KILLED = 'a run that is killed in the seconds in which its version guard fires';
const NO_TIME = 'a guard that takes all the time there was: test/task/run-guarded.test.ts';
const SPOOL_FULL = 'a temporary directory that is full';

/** Words that no case leads to. One that some case prints after all does not belong here, and fails. */
export const UNMET_WORDS: ReadonlyMap<string, string> = new Map([
  ['the run has ended, and nothing of its script has run', KILLED],
  ['the time to wait was over before the script was sent to version … of the place', NO_TIME],
  ['nothing of the script has run: the server that it met had another version', NO_TIME],
  ['wait longer, or use --pin always', NO_TIME],
  ['cannot keep the binary input in the temporary directory: ', SPOOL_FULL],
  ['free some space there, or name a file instead of a pipe', SPOOL_FULL],
  [
    'Open Cloud answered before all of the place was sent',
    'a server that answers too early: test/open-cloud/upload-place.test.ts',
  ],
  [', version … of the place', 'how a run went that was well: test/cli/place-file.test.ts'],
  [': it takes $1 and was given $2', 'replaces words of commander: "words too many" has what comes of it'],
  ['The API key comes from the environment: ….', 'a comment in the file of init'],
  ['The API key comes from the environment.', 'a comment in the file of init'],
  ['The API key is in the keyring of each user: luau-exec auth set.', 'a comment in the file of init'],
  ['No API key yet: … in the environment, or luau-exec auth set.', 'a comment in the file of init'],
  ['Remove-Item Env:', 'words for PowerShell: test/cli/windows.test.ts'],
  ['as plain text', 'words for Windows: test/cli/windows.test.ts'],
  ['Ctrl-Z and Enter', 'words for Windows: test/cli/windows.test.ts'],
  ['The API key itself: keep this file to yourself, and out of git.', 'a comment in the file of init'],
  ['stopped by ', 'the reason of a signal, which is told in other words'],
  ['another script', 'every script has a name'],
  ['nothing that is sent has changed', 'told by --watch: test/cli/watch'],
  ['the package @napi-rs/keyring is not installed', 'of the real keyring: test/system/keyring.test.ts'],
  ['unknown error', 'every error of the file system has a code'],
  ['the Luau VM is missing', 'Node finds no file that package.json names: an installation without dist'],
  [' of … left, reset in … s', 'the trace of -vv: test/cli/errors.test.ts'],
  [
    'more came than can be an answer',
    'the limit of a stream is told by its length first: test/open-cloud/transport-stream.test.ts',
  ],
  [' bytes came of ', 'the end of the connection is told first: test/open-cloud/download.test.ts'],
  ['answered before all was sent', 'needs a server that answers too early: test/open-cloud/upload.test.ts'],
  ['a thrown ', 'nothing throws what no text can be made of: test/output/describe-error.test.ts'],
  [
    'name the scripts in it',
    'a directory that takes the place of a file while it is read: test/script/load-source.test.ts',
  ],
]);

/** Places where a message is made and that no case leads to, by file and the beginning of their source. */
export const UNMET_SITES: ReadonlyMap<string, string> = new Map([
  [
    'config/init/write-config.ts: createTakenError(',
    'another process makes the file between a look and the writing',
  ],
  ["luau/luau-wasm.ts: unusable('the Luau VM is missing'", 'Node finds no file that package.json names'],
  [
    'open-cloud/part-file.ts: createWriteError(file, error)',
    'a disk that is full while a download is written',
  ],
  ['open-cloud/byte-source.ts: createReadError(source, error, rules)', 'a file that goes between two looks'],
  ['task/run-task.ts: new LuauExecError( `the time to wait was over', NO_TIME],
  ['open-cloud/spool-bytes.ts: createSpoolError(error)', SPOOL_FULL],
  ['open-cloud/spool-bytes.ts: new LuauExecError(', SPOOL_FULL],
  [
    'open-cloud/upload-place.ts: new LuauExecError(headline',
    'a server that answers too early: test/open-cloud/upload-place.test.ts',
  ],
  [
    'task/watch-task.ts: waitTimeoutError(latest, options)',
    'the other of two clocks that can see the end first: test/faults/row-40-clocks.test.ts',
  ],
]);
