import type { SettingsWarning } from '../../config/key-exposure.ts';
import type { SettingsSearch } from '../../config/load-settings.ts';
import type { ErrorKind } from '../../errors.ts';
import type { KeyInfo } from '../../open-cloud/key-info.ts';
import type { RateWindow } from '../../open-cloud/pacing.ts';

/** What came of one request that the doctor may make. */
export type Finding<T> =
  | { kind: 'answered'; value: T }
  /** The service said no: a 4xx. `words` are its own. */
  | { kind: 'refused'; status: number; words: string | null }
  /** No answer, or none that the API gives. */
  | { kind: 'failed'; errorKind: ErrorKind; headline: string; hint: string | null }
  | { kind: 'not_asked' };

export interface SeenWindow extends RateWindow {
  /** What the requests that it limits are for. */
  title: string;
}

/** What the service's answers told. */
export interface ServiceFacts {
  introspection: Finding<KeyInfo>;
  /** A read of a task that does not exist in the place: a 404 is the good answer. */
  place: Finding<null>;
  /** How far this machine's clock is ahead of the service's; null when no answer had a date. */
  clockSkewMs: number | null;
  windows: readonly SeenWindow[];
  /** On the monotonic clock, to read `windows` against. */
  nowMs: number;
  wallNowMs: number;
}

/** What is known without asking anybody. */
export interface ToolFacts {
  toolVersion: string;
  nodeVersion: string;
  /** As in package.json: `>=20.19`. */
  nodeRange: string;
  config: Pick<SettingsSearch, 'file' | 'directories' | 'shell'>;
}

export interface MachineFacts {
  /** Host and port; null where none is set. */
  proxyHost: string | null;
  /** The value of NODE_EXTRA_CA_CERTS, and why it is of no use; null where it is not set. */
  extraCertificates: { file: string; problem: string | null } | null;
  /** Null where the system names no home directory. */
  stateDirectory: string | null;
  stateProblem: string | null;
}

/** A setting with the words for where it came from. */
export interface SourcedValue<T> {
  value: T;
  source: string;
}

/** All that the verdicts rest on. No secret is in it. */
export interface DoctorFacts {
  tool: ToolFacts;
  machine: MachineFacts;
  service: ServiceFacts;
  /** Null where no key was found. */
  apiKeySource: string | null;
  warnings: readonly SettingsWarning[];
  universeId: SourcedValue<string | null>;
  placeId: SourcedValue<string | null>;
  /** Whether runs are to be stopped or watched through the memory store. */
  isControlWanted: boolean;
  origin: SourcedValue<string>;
  /** Where Roblox is. */
  usualOrigin: string;
  isLoopback: boolean;
}
