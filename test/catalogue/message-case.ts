import type { CliSession, CliSessionOptions } from '../helpers/cli-session.ts';

/** One message, and the call that makes a user meet it. */
export interface MessageCase {
  /** What is wrong, in a few words; each case has its own. */
  does: string;
  /** What is typed behind `luau-exec`, as a shell takes it. `-q` is added to it, and `PORT` is the emulator's. */
  line: string;
  /** Null for what is no error and no warning. */
  id: string | null;
  exit: number;
  /**
   * All of stderr, line by line. `CWD` stands for the working directory, `HOST` for the emulator's host and port,
   * `TASK` for a task's path, `#` for a number that is not always the same.
   */
  says: readonly string[];
  session?: CliSessionOptions | (() => CliSessionOptions);
  /** What comes before the call: files, other calls. Returns what undoes it, where that is more than to delete files. */
  before?: (session: CliSession) => unknown;
  /** What happens as soon as the call has begun. */
  during?: (session: CliSession) => void;
  /** Ctrl-C comes while a request with such a method and path is on its way. */
  interruptAt?: RegExp;
  /** Another signal than that of Ctrl-C. */
  signalName?: 'SIGTERM' | 'SIGHUP';
  /** Without `-q`, for what is only told to those who did not ask for quiet. */
  isLoud?: true;
  /** People are told in other words, or not at all: the headline need not be among `says`. */
  isOnlyInJson?: true;
  /** `--json` says it elsewhere than in an error or a warning of a document, or not at all; the reason. */
  notInJson?: string;
}

/** What a user meets in one case, made the same for every run. */
export interface Meeting {
  exitCode: number;
  /** Lines of stderr as `says` has them. */
  lines: string[];
  /** What `--json` has: each error and warning of the document. */
  documented: Documented[];
  jsonExitCode: number;
  /** Everything that was printed, as it was. */
  texts: string[];
}

export interface Documented {
  id: string;
  message: string;
  facts: readonly string[];
  hint: string | null;
}
