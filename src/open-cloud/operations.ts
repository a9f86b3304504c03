import { MAX_BINARY_OUTPUT_BYTES } from './binary-input.ts';
import type { ExchangeLimits } from './exchange.ts';

export type OperationName =
  | 'createTask'
  | 'createTaskAtVersion'
  | 'getTask'
  | 'listLogs'
  | 'introspectKey'
  | 'createBinaryInput'
  | 'uploadPlace'
  | 'publishPlace'
  | MemoryStoreOperation
  | TransferName;

/** What only those need who stop a run or watch what it prints. */
export const CONTROL_OPERATIONS = ['updateSortedMapItem', 'readQueueItems', 'discardQueueItems'] as const;
export type MemoryStoreOperation = (typeof CONTROL_OPERATIONS)[number];

/** What goes to and from presigned URIs, which are no part of the API and are never sent a key. */
export type TransferName = 'uploadBinaryInput' | 'downloadBinaryOutput';

/** Waiting times between tries: `U(0,1) * min(capMs, baseMs * 2^i)`. */
export interface Backoff {
  baseMs: number;
  capMs: number;
}

/** What a request may have done whose answer never came. */
export interface LostAnswer {
  id: string;
  headline: string;
  /** Why it was not sent again. */
  fact: string;
  hint: string;
  /** How the user can have it sent again all the same; null where he cannot. */
  optIn: string | null;
}

export interface Operation {
  /** Words for messages: what the user was doing. */
  title: string;
  /** Requests a minute and key owner, by the OpenAPI document; the service's headers overrule it. Null: not known. */
  limitPerMinute: number | null;
  /** Any one of these lets a key do it; none where it needs none. */
  scopes: readonly string[];
  /** Where the key goes: into the header `x-api-key`, or only into the body, as what the request is about. */
  keyPlace: 'header' | 'body' | 'none';
  /** False: once the request may have left this machine it is never sent again unasked, and `lostAnswer` says why. */
  isSafeToRepeat: boolean;
  lostAnswer?: LostAnswer;
  isFreshSocket: boolean;
  limits: ExchangeLimits;
  backoff: Backoff;
  /** Tries in all; `Infinity` where only the time counts. */
  maxTries: number;
  /** Without one good answer for this long, the operation gives up. */
  patienceMs: number;
}

const WRITE = 'universe.place.luau-execution-session:write';
const READ = 'universe.place.luau-execution-session:read';
const MIB = 1024 * 1024;

const createTask: Operation = {
  title: 'submitting the script',
  limitPerMinute: 40,
  scopes: [WRITE],
  keyPlace: 'header',
  isSafeToRepeat: false,
  lostAnswer: {
    id: 'LX510',
    headline: 'the script was sent but no usable answer came: it may be running',
    fact: 'it was not sent again, so that it cannot run twice',
    hint: 'look at what the script changes before you run it again',
    optIn: '--retry-unsafe sends again where running twice does no harm',
  },
  isFreshSocket: true,
  limits: { connectMs: 10_000, headersMs: 30_000, bodyMs: 15_000, attemptMs: 60_000, maxBodyBytes: 16 * MIB },
  backoff: { baseMs: 500, capMs: 8_000 },
  maxTries: 5,
  patienceMs: Number.POSITIVE_INFINITY,
};

/** A stall limit rather than a time for the whole: nobody knows how fast the line is. */
const transfer: Omit<Operation, 'title' | 'maxTries'> = {
  limitPerMinute: null,
  scopes: [],
  keyPlace: 'none',
  isSafeToRepeat: true,
  isFreshSocket: true,
  limits: {
    connectMs: 10_000,
    headersMs: 60_000,
    bodyMs: 60_000,
    attemptMs: 3_600_000,
    maxBodyBytes: MAX_BINARY_OUTPUT_BYTES,
  },
  backoff: { baseMs: 1_000, capMs: 8_000 },
  patienceMs: Number.POSITIVE_INFINITY,
};

/** The same bytes as those of the newest version make no other one (seen live), so an upload can be repeated. */
const uploadPlace: Operation = {
  title: 'uploading the place',
  limitPerMinute: 30,
  scopes: ['universe-places:write'],
  keyPlace: 'header',
  isSafeToRepeat: true,
  isFreshSocket: true,
  // Roblox looks at the whole file before it answers.
  limits: { ...transfer.limits, headersMs: 120_000, maxBodyBytes: MIB },
  backoff: { baseMs: 1_000, capMs: 8_000 },
  maxTries: 4,
  patienceMs: Number.POSITIVE_INFINITY,
};

/** A message that comes late is worth little, so nothing here is waited for long. */
const memoryStore: Omit<Operation, 'title' | 'scopes'> = {
  limitPerMinute: 1_000_000,
  keyPlace: 'header',
  isSafeToRepeat: true,
  isFreshSocket: false,
  limits: { connectMs: 5_000, headersMs: 8_000, bodyMs: 5_000, attemptMs: 10_000, maxBodyBytes: 8 * MIB },
  backoff: { baseMs: 500, capMs: 4_000 },
  maxTries: 5,
  patienceMs: 20_000,
};

/** What is known of each operation, as data: limits and scopes from the OpenAPI document, the rest is our policy. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  createTask,
  createTaskAtVersion: { ...createTask, limitPerMinute: 5 },
  getTask: {
    title: 'reading the task',
    limitPerMinute: 200,
    scopes: [READ, WRITE],
    keyPlace: 'header',
    isSafeToRepeat: true,
    isFreshSocket: false,
    limits: { connectMs: 5_000, headersMs: 8_000, bodyMs: 10_000, attemptMs: 15_000, maxBodyBytes: 16 * MIB },
    backoff: { baseMs: 500, capMs: 8_000 },
    maxTries: Number.POSITIVE_INFINITY,
    patienceMs: 120_000,
  },
  listLogs: {
    title: 'reading the logs',
    limitPerMinute: 45,
    scopes: [READ, WRITE],
    keyPlace: 'header',
    isSafeToRepeat: true,
    isFreshSocket: false,
    limits: { connectMs: 5_000, headersMs: 15_000, bodyMs: 30_000, attemptMs: 30_000, maxBodyBytes: 8 * MIB },
    backoff: { baseMs: 500, capMs: 4_000 },
    maxTries: 5,
    patienceMs: 20_000,
  },
  // Not in the OpenAPI document: from Roblox's page on API keys, whose example sends the key in the body alone.
  introspectKey: {
    title: 'looking at the key',
    limitPerMinute: null,
    scopes: [],
    keyPlace: 'body',
    isSafeToRepeat: true,
    isFreshSocket: false,
    limits: { connectMs: 5_000, headersMs: 8_000, bodyMs: 10_000, attemptMs: 15_000, maxBodyBytes: MIB },
    backoff: { baseMs: 500, capMs: 4_000 },
    maxTries: 3,
    patienceMs: 15_000,
  },
  createBinaryInput: {
    title: 'preparing the binary input',
    limitPerMinute: 5,
    scopes: [WRITE],
    keyPlace: 'header',
    // A slot that nobody uses is gone after 15 minutes.
    isSafeToRepeat: true,
    isFreshSocket: false,
    limits: { connectMs: 10_000, headersMs: 15_000, bodyMs: 10_000, attemptMs: 20_000, maxBodyBytes: MIB },
    backoff: { baseMs: 1_000, capMs: 8_000 },
    maxTries: 4,
    patienceMs: Number.POSITIVE_INFINITY,
  },
  uploadPlace,
  publishPlace: {
    ...uploadPlace,
    title: 'publishing the place',
    // Somebody else may have published meanwhile, and would be overwritten.
    isSafeToRepeat: false,
    lostAnswer: {
      id: 'LX511',
      headline: 'the place was sent but no usable answer came: it may be published',
      fact: "it was not sent again, so that it cannot replace somebody else's",
      hint: 'look at the version history of the place before you publish it again',
      optIn: null,
    },
  },
  updateSortedMapItem: {
    ...memoryStore,
    title: 'telling the run to stop',
    scopes: ['memory-store.sorted-map:write'],
  },
  readQueueItems: {
    ...memoryStore,
    title: 'reading live log messages',
    scopes: ['memory-store.queue:dequeue'],
  },
  discardQueueItems: {
    ...memoryStore,
    title: 'discarding live log messages',
    scopes: ['memory-store.queue:discard'],
  },
  uploadBinaryInput: { ...transfer, title: 'uploading the binary input', maxTries: 4 },
  downloadBinaryOutput: { ...transfer, title: 'downloading the binary output', maxTries: 5 },
};

/** The first read of a task has taken over 30 s under load (seen live), so it gets the time a create gets. */
export const FIRST_GET_LIMITS: ExchangeLimits = {
  ...OPERATIONS.getTask.limits,
  headersMs: 60_000,
  attemptMs: 60_000,
};
