import { type Clock, systemClock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import { ApiSession, type RequestTrace, type RequestWait } from './api-session.ts';
import { type BinaryInput, parseBinaryInput } from './binary-input.ts';
import { createCallSignal } from './call-signal.ts';
import { createGrace } from './create-grace.ts';
import type { Exchange } from './exchange.ts';
import { FreedSlots } from './freed-slots.ts';
import { type KeyInfo, parseKeyInfo } from './key-info.ts';
import { MemoryStore } from './memory-store.ts';
import { FIRST_GET_LIMITS, type OperationName } from './operations.ts';
import type { RateWindow } from './pacing.ts';
import {
  type CreateBinaryInputParameters,
  type CreateTaskParameters,
  createBinaryInputRequest,
  createTaskRequest,
  getTaskRequest,
  introspectKeyRequest,
  type LogView,
  listLogsRequest,
  type PlaceBody,
  type TaskView,
  type UploadPlaceParameters,
  uploadPlaceRequest,
} from './requests.ts';
import { isFinished, type LogMessage, type Task } from './task.ts';
import { formatTaskPath, type TaskPath } from './task-path.ts';
import { parseCreatedTask, parseLogPage, parsePlaceVersion, parseTask } from './wire.ts';

export interface OpenCloudClientOptions {
  apiKey: string;
  /** Origin of the API; https, or http on loopback. */
  baseUrl?: string;
  exchange: Exchange;
  clock?: Clock;
  random?: () => number;
  /** For messages only: the proxy in use, without credentials. */
  proxy?: string | null;
  userAgent?: string;
  onTrace?: (trace: RequestTrace) => void;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Told each time the request is held back, before the wait begins. */
  onWait?: ((wait: RequestWait) => void) | undefined;
}

export interface CreateCallOptions extends CallOptions {
  /** How long limits may hold the create back; 5 minutes by default. */
  queueTimeoutMs?: number;
  /** Allows sending again what may have run. Only for scripts that may run twice. */
  isRepeatAllowed?: boolean;
}

export interface GetCallOptions extends CallOptions {
  view?: TaskView;
  /** When this process created the task, on the client's clock: a 404 right after that is not believed. */
  createdAtMs?: number;
  isFirst?: boolean;
  /** How long to go on without one good answer, and how long limits may hold the read back; 2 and 5 minutes. */
  patienceMs?: number;
}

export interface QueuedCallOptions extends CallOptions {
  /** How long limits may hold the request back; 5 minutes by default. */
  queueTimeoutMs?: number;
}

/** What could be read of the logs. `error` says why that is not all, `chunkCount` 0 means they are not there yet. */
export interface LogReading {
  messages: LogMessage[];
  chunkCount: number;
  error: LuauExecError | null;
}

const MAX_LOG_PAGES = 50;
const READ_THROTTLE_PATIENCE_MS = 300_000;

/** Roblox Open Cloud's Luau Execution API. Every method throws `LuauExecError`; none prints, none reads the world. */
export class OpenCloudClient {
  readonly origin: string;
  /** The memory store of any experience that the key may reach. */
  readonly memoryStore: MemoryStore;
  readonly #session: ApiSession;
  readonly #clock: Clock;
  readonly #apiKey: string;
  readonly #freedSlots = new FreedSlots();

  constructor(options: OpenCloudClientOptions) {
    this.origin = new URL(options.baseUrl ?? 'https://apis.roblox.com').origin;
    this.#clock = options.clock ?? systemClock;
    this.#apiKey = options.apiKey;
    this.#session = new ApiSession({
      ...options,
      origin: this.origin,
      clock: this.#clock,
      random: options.random ?? Math.random,
      proxy: options.proxy ?? null,
      userAgent: options.userAgent ?? 'luau-exec',
    });
    this.memoryStore = new MemoryStore(this.#session);
  }

  /** The rate window that the service last reported for an operation; null before it has. */
  readWindow(operation: OperationName): RateWindow | null {
    return this.#session.readWindow(operation);
  }

  /**
   * Submits a script. Once the request may have been written it is never sent again (unless `isRepeatAllowed`):
   * if no usable answer comes the error's kind is `unknown`, because the script may be running.
   */
  async createTask(parameters: CreateTaskParameters, options: CreateCallOptions = {}): Promise<Task> {
    const signal = createCallSignal(options.signal);
    const grace = createGrace(this.#clock, signal);
    try {
      return await this.#session.call(createTaskRequest(parameters), parseCreatedTask, {
        signal: grace.signal,
        waitSignal: signal,
        onWait: options.onWait,
        universeId: parameters.universeId,
        placeId: parameters.placeId,
        throttlePatienceMs: options.queueTimeoutMs ?? 300_000,
        isRepeatAllowed: options.isRepeatAllowed ?? false,
        readSlotWaitMs: () => this.#freedSlots.readWaitMs(parameters.placeId, this.#clock.now()),
        accept: (task) =>
          task.path.universeId === parameters.universeId && task.path.placeId === parameters.placeId,
      });
    } finally {
      grace.end();
    }
  }

  /**
   * Makes room for a binary input, which `uploadBinaryInput` then fills. Retried freely: room that nobody uses is gone
   * after 15 minutes. Throws LX015 before anything is sent for a size that is not within 1 byte to 100 MiB.
   */
  async createBinaryInput(
    parameters: CreateBinaryInputParameters,
    options: QueuedCallOptions = {},
  ): Promise<BinaryInput> {
    const { universeId, sizeBytes } = parameters;
    const request = createBinaryInputRequest(parameters);
    const slot = await this.#session.call(request, (text) => parseBinaryInput(text, parameters), {
      signal: createCallSignal(options.signal),
      onWait: options.onWait,
      universeId,
      throttlePatienceMs: options.queueTimeoutMs ?? 300_000,
    });
    return { ...slot, universeId, sizeBytes, createdAtMs: this.#clock.now() };
  }

  /**
   * Uploads a place file, which `uploadPlace` opens, and resolves with the id of the version that holds it. Retried
   * freely, unless it is published.
   */
  async uploadPlace({
    body,
    ...options
  }: UploadPlaceParameters & { body: PlaceBody } & QueuedCallOptions): Promise<string> {
    const { universeId, placeId } = options;
    return this.#session.call(uploadPlaceRequest(options, body), parsePlaceVersion, {
      signal: createCallSignal(options.signal),
      onWait: options.onWait,
      universeId,
      placeId,
      throttlePatienceMs: options.queueTimeoutMs ?? 300_000,
    });
  }

  /** Reads a task as it is now; retries for up to 2 minutes without one good answer. */
  async getTask(path: TaskPath, options: GetCallOptions = {}): Promise<Task> {
    const { createdAtMs, patienceMs } = options;
    const task = await this.#session.call(getTaskRequest(path, options.view ?? 'BASIC'), parseTask, {
      signal: createCallSignal(options.signal),
      onWait: options.onWait,
      path,
      throttlePatienceMs: patienceMs ?? READ_THROTTLE_PATIENCE_MS,
      ...(patienceMs === undefined ? {} : { patienceMs }),
      taskAgeMs: createdAtMs === undefined ? null : this.#clock.now() - createdAtMs,
      ...(options.isFirst ? { firstTryLimits: FIRST_GET_LIMITS } : {}),
      accept: (task) =>
        task.path.taskId === path.taskId &&
        task.path.universeId === path.universeId &&
        task.path.placeId === path.placeId,
    });
    if (createdAtMs !== undefined && isFinished(task)) this.#freedSlots.note(path.placeId, this.#clock.now());
    return task;
  }

  /**
   * Reads all pages of a task's logs. Never throws for a page that cannot be read: what was read is returned beside
   * the error. Throws only when `signal` aborts.
   */
  async listLogs(path: TaskPath, options: CallOptions & { view?: LogView } = {}): Promise<LogReading> {
    const reading: LogReading = { messages: [], chunkCount: 0, error: null };
    const signal = createCallSignal(options.signal);
    const seenTokens = new Set<string>();
    let pageToken = '';
    try {
      do {
        seenTokens.add(pageToken);
        const request = listLogsRequest(path, options.view ?? 'STRUCTURED', pageToken);
        const page = await this.#session.call(request, parseLogPage, {
          signal,
          onWait: options.onWait,
          path,
          throttlePatienceMs: 120_000,
        });
        reading.messages.push(...page.messages);
        reading.chunkCount += page.chunkCount;
        pageToken = page.nextPageToken;
      } while (pageToken !== '' && !seenTokens.has(pageToken) && seenTokens.size < MAX_LOG_PAGES);
      if (pageToken !== '') reading.error = unendingLogs(path, seenTokens.has(pageToken));
    } catch (error) {
      if (!(error instanceof LuauExecError)) throw error;
      reading.error = error;
    }
    return reading;
  }

  /**
   * What the service says of this client's key, which goes to `origin` and nowhere else. A key that is refused is an
   * error of kind `auth`. A limit is not waited for.
   */
  async introspectKey(options: CallOptions = {}): Promise<KeyInfo> {
    return this.#session.call(introspectKeyRequest(this.#apiKey), parseKeyInfo, {
      signal: createCallSignal(options.signal),
      onWait: options.onWait,
      throttlePatienceMs: 0,
    });
  }
}

function unendingLogs(path: TaskPath, isRepeated: boolean): LuauExecError {
  const taskPath = formatTaskPath(path);
  const why = isRepeated ? 'a page names itself as the next' : `there are more than ${MAX_LOG_PAGES} pages`;
  return new LuauExecError(`the logs do not end: ${why}`, {
    id: 'LX302',
    kind: 'bad_response',
    taskPath,
    hint: `luau-exec logs ${taskPath}`,
  });
}
