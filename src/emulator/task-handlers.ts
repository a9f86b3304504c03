import { isResourceId, parseTaskPath, type TaskPath } from '../open-cloud/task-path.ts';
import { type Answer, createJsonAnswer, createV2Refusal } from './api-answers.ts';
import type { ApiRequest } from './api-request.ts';
import { formatLogsPage, parseLogsQuery } from './logs-page.ts';
import { parseNewTask } from './new-task.ts';
import { formatCreatedTask, formatTask, type TaskView } from './task-json.ts';
import type { World } from './world.ts';

// A script of 4 MiB may need six bytes of JSON for each of its own.
const MAX_CREATE_BODY_BYTES = 32 * 1024 * 1024;

/** Answers at once with the task in state PROCESSING; the script runs after that. */
export async function createTask(world: World, request: ApiRequest): Promise<Answer> {
  const universeId = readId(request, 'universeId');
  const placeId = readId(request, 'placeId');
  const versionId = request.params.versionId === undefined ? null : readId(request, 'versionId');
  const task = parseNewTask(await request.readBody(MAX_CREATE_BODY_BYTES));
  const input = task.binaryInput === '' ? null : world.slots.readInput(task.binaryInput, universeId);
  const record = world.tasks.create({ universeId, placeId, versionId }, task);
  const answer = createJsonAnswer(formatCreatedTask(record));
  world.runs.start(record, input);
  return answer;
}

export function getTask(world: World, request: ApiRequest): Answer {
  const path = readTaskPath(request.resource);
  const view = parseTaskView(request.query.get('view'));
  return createJsonAnswer(formatTask(world.tasks.find(path), view));
}

export function listLogs(world: World, request: ApiRequest): Answer {
  const path = readTaskPath(request.resource.slice(0, -'/logs'.length));
  const query = parseLogsQuery(request.query);
  return createJsonAnswer(formatLogsPage(world.tasks.find(path), query, world.logChunkMessages));
}

/** The id that the request's path has under this name. Throws a refusal (400) when it is no such number. */
export function readId({ params, refuse }: ApiRequest, name: string): string {
  const id = params[name];
  if (id === undefined || !isResourceId(id)) {
    throw refuse('INVALID_ARGUMENT', `${name} in the path must be a positive whole number.`);
  }
  return id;
}

function readTaskPath(resource: string): TaskPath {
  const path = parseTaskPath(resource);
  if (!path) throw createV2Refusal('INVALID_ARGUMENT', 'The path of the task is not valid.');
  return path;
}

function parseTaskView(text: string | null): TaskView {
  if (text === null || text === 'VIEW_UNSPECIFIED' || text === 'BASIC') return 'BASIC';
  if (text === 'FULL') return 'FULL';
  throw createV2Refusal('INVALID_ARGUMENT', 'view must be BASIC or FULL.');
}
