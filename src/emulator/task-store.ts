import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { TaskPath } from '../open-cloud/task-path.ts';
import { createV2Refusal } from './api-answers.ts';
import { LogStore } from './log-store.ts';
import type { LuauResult } from './luau/luau-runner.ts';
import type { NewTask } from './new-task.ts';
import type { PlaceAddress, Places, TaskTarget } from './places.ts';

export interface TaskRecord extends NewTask {
  path: TaskPath & { versionId: string; sessionId: string };
  /** The version that its server runs, which need not be that of the path. */
  bootedVersion: number;
  createdWallMs: number;
  updatedWallMs: number;
  logs: LogStore;
  /** Null until the script has ended. */
  end: TaskEnd | null;
}

export interface TaskEnd {
  result: LuauResult;
  binaryOutputUri: string;
  /** On the monotonic clock. */
  atMs: number;
}

export interface TaskStoreOptions {
  clock: Clock;
  places: Places;
  /** How long a place's slot stays taken after its task has ended. */
  slotReleaseMs: number;
}

const MAX_UNFINISHED = 10;
const RETENTION_MS = 24 * 60 * 60 * 1000;

/** All tasks of an emulator. Whatever needs to happen as time passes happens at the next look. */
export class TaskStore {
  readonly #options: TaskStoreOptions;
  readonly #tasks = new Map<string, TaskRecord>();

  constructor(options: TaskStoreOptions) {
    this.#options = options;
  }

  /** Adds a task in state PROCESSING. Refuses an unknown version (404) and an eleventh unfinished task (429). */
  create(target: TaskTarget, task: NewTask): TaskRecord {
    const { clock, places } = this.#options;
    const { versionId, bootedVersion } = places.resolveVersion(target);
    this.#forgetOldTasks();
    if (this.#countTakenSlots(target) >= MAX_UNFINISHED) {
      const message = `Place ${target.placeId} already has ${MAX_UNFINISHED} incomplete tasks.`;
      throw createV2Refusal('RESOURCE_EXHAUSTED', message);
    }
    const taskId = randomUUID();
    const wallMs = clock.wallNow();
    const record: TaskRecord = {
      ...task,
      path: { universeId: target.universeId, placeId: target.placeId, versionId, sessionId: taskId, taskId },
      bootedVersion,
      createdWallMs: wallMs,
      updatedWallMs: wallMs,
      logs: new LogStore(),
      end: null,
    };
    this.#tasks.set(taskId, record);
    return record;
  }

  finish(record: TaskRecord, result: LuauResult, binaryOutputUri: string): void {
    const { clock } = this.#options;
    record.end = { result, binaryOutputUri, atMs: clock.now() };
    record.updatedWallMs = clock.wallNow();
  }

  /** The task under any of its path forms. Refuses with 404 what is not there, or no longer. */
  find(path: TaskPath): TaskRecord {
    this.#forgetOldTasks();
    const record = this.#tasks.get(path.taskId);
    if (!record || !isSamePath(path, record)) throw createV2Refusal('NOT_FOUND', 'The task was not found.');
    return record;
  }

  #countTakenSlots({ universeId, placeId }: PlaceAddress): number {
    const { clock, slotReleaseMs } = this.#options;
    let count = 0;
    for (const { path, end } of this.#tasks.values()) {
      if (path.universeId !== universeId || path.placeId !== placeId) continue;
      if (end === null || clock.now() < end.atMs + slotReleaseMs) count++;
    }
    return count;
  }

  #forgetOldTasks(): void {
    const oldestMs = this.#options.clock.now() - RETENTION_MS;
    for (const [taskId, { end }] of this.#tasks) {
      if (end !== null && end.atMs <= oldestMs) this.#tasks.delete(taskId);
    }
  }
}

function isSamePath(asked: TaskPath, { path }: TaskRecord): boolean {
  return (
    asked.universeId === path.universeId &&
    asked.placeId === path.placeId &&
    (asked.versionId ?? path.versionId) === path.versionId &&
    (asked.sessionId ?? path.sessionId) === path.sessionId
  );
}
