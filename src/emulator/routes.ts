import { type Answer, createV1Refusal, type Refuse } from './api-answers.ts';
import type { ApiRequest } from './api-request.ts';
import { createBinaryInput, downloadBinaryOutput, uploadBinaryInput } from './binary-handlers.ts';
import type { EmulatedOperation } from './emulated-operation.ts';
import { introspectKey } from './key-handler.ts';
import { createQueueItem, discardQueueItems, readQueueItems } from './memory-store/queue-handlers.ts';
import {
  createSortedMapItem,
  deleteSortedMapItem,
  getSortedMapItem,
  listSortedMapItems,
  updateSortedMapItem,
} from './memory-store/sorted-map-handlers.ts';
import { publishMessage } from './messaging/publish-handler.ts';
import { uploadPlace } from './place-handler.ts';
import { createTask, getTask, listLogs } from './task-handlers.ts';
import type { World } from './world.ts';

export interface Route {
  operation: EmulatedOperation;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Paths with `{name}` for a part that varies and holds no slash. */
  templates: readonly string[];
  /** Null for what needs no key in the header and is not counted, such as a presigned URI. */
  limitPerMinute: number | null;
  /** The family of its refusals; that of v2 when absent. */
  refuse?: Refuse;
  handle(world: World, request: ApiRequest): Answer | Promise<Answer>;
}

export type RouteMatch =
  | { kind: 'found'; route: Route; params: Record<string, string> }
  | { kind: 'wrong_method'; allowed: string[] }
  | { kind: 'unknown' };

const UNIVERSE = '/cloud/v2/universes/{universeId}';
const PLACE = `${UNIVERSE}/places/{placeId}`;
const VERSION = `${PLACE}/versions/{versionId}`;
const TASKS = [PLACE, VERSION].flatMap((parent) => [
  `${parent}/luau-execution-session-tasks/{taskId}`,
  `${parent}/luau-execution-sessions/{sessionId}/tasks/{taskId}`,
]);

/** Not met in practice: the request units of a universe run out long before. */
const MEMORY_LIMIT = 1_000_000;
const QUEUE_ITEMS = `${UNIVERSE}/memory-store/queues/{queueId}/items`;
const MAP_ITEMS = `${UNIVERSE}/memory-store/sorted-maps/{mapId}/items`;

/** Every route of the emulator. The limits are those of the service's OpenAPI document. */
const ROUTES: readonly Route[] = [
  {
    operation: 'createTask',
    method: 'POST',
    templates: [`${PLACE}/luau-execution-session-tasks`],
    limitPerMinute: 40,
    handle: createTask,
  },
  {
    operation: 'createTaskAtVersion',
    method: 'POST',
    templates: [`${VERSION}/luau-execution-session-tasks`],
    limitPerMinute: 5,
    handle: createTask,
  },
  {
    operation: 'getTask',
    method: 'GET',
    templates: TASKS,
    limitPerMinute: 200,
    handle: getTask,
  },
  {
    operation: 'listLogs',
    method: 'GET',
    templates: TASKS.map((task) => `${task}/logs`),
    limitPerMinute: 45,
    handle: listLogs,
  },
  {
    operation: 'createBinaryInput',
    method: 'POST',
    templates: [`${UNIVERSE}/luau-execution-session-task-binary-inputs`],
    limitPerMinute: 5,
    handle: createBinaryInput,
  },
  {
    operation: 'uploadPlace',
    method: 'POST',
    templates: ['/universes/v1/{universeId}/places/{placeId}/versions'],
    limitPerMinute: 30,
    refuse: createV1Refusal,
    handle: uploadPlace,
  },
  {
    operation: 'introspectKey',
    method: 'POST',
    templates: ['/api-keys/v1/introspect'],
    limitPerMinute: null,
    handle: introspectKey,
  },
  {
    operation: 'publishMessage',
    method: 'POST',
    templates: [`${UNIVERSE}:publishMessage`],
    limitPerMinute: 5000,
    handle: publishMessage,
  },
  {
    operation: 'uploadBinaryInput',
    method: 'PUT',
    templates: ['/emulator/binary-inputs/{id}'],
    limitPerMinute: null,
    handle: uploadBinaryInput,
  },
  {
    operation: 'downloadBinaryOutput',
    method: 'GET',
    templates: ['/emulator/binary-outputs/{id}'],
    limitPerMinute: null,
    handle: downloadBinaryOutput,
  },
  {
    operation: 'createQueueItem',
    method: 'POST',
    templates: [QUEUE_ITEMS],
    limitPerMinute: MEMORY_LIMIT,
    handle: createQueueItem,
  },
  {
    operation: 'readQueueItems',
    method: 'GET',
    templates: [`${QUEUE_ITEMS}:read`],
    limitPerMinute: MEMORY_LIMIT,
    handle: readQueueItems,
  },
  {
    operation: 'discardQueueItems',
    method: 'POST',
    templates: [`${QUEUE_ITEMS}:discard`],
    limitPerMinute: MEMORY_LIMIT,
    handle: discardQueueItems,
  },
  {
    operation: 'listSortedMapItems',
    method: 'GET',
    templates: [MAP_ITEMS],
    limitPerMinute: MEMORY_LIMIT,
    handle: listSortedMapItems,
  },
  {
    operation: 'createSortedMapItem',
    method: 'POST',
    templates: [MAP_ITEMS],
    limitPerMinute: MEMORY_LIMIT,
    handle: createSortedMapItem,
  },
  {
    operation: 'getSortedMapItem',
    method: 'GET',
    templates: [`${MAP_ITEMS}/{itemId}`],
    limitPerMinute: MEMORY_LIMIT,
    handle: getSortedMapItem,
  },
  {
    operation: 'updateSortedMapItem',
    method: 'PATCH',
    templates: [`${MAP_ITEMS}/{itemId}`],
    limitPerMinute: MEMORY_LIMIT,
    handle: updateSortedMapItem,
  },
  {
    operation: 'deleteSortedMapItem',
    method: 'DELETE',
    templates: [`${MAP_ITEMS}/{itemId}`],
    limitPerMinute: MEMORY_LIMIT,
    handle: deleteSortedMapItem,
  },
];

const COMPILED = ROUTES.flatMap((route) =>
  route.templates.map((template) => ({ route, pattern: compileTemplate(template) })),
);

/** The route for a method and a path, which is taken as it came: nothing is decoded or normalised. */
export function matchRoute(method: string, pathname: string): RouteMatch {
  const allowed = new Set<string>();
  for (const { route, pattern } of COMPILED) {
    const match = pattern.exec(pathname);
    if (!match) continue;
    if (route.method === method) return { kind: 'found', route, params: { ...match.groups } };
    allowed.add(route.method);
  }
  return allowed.size === 0 ? { kind: 'unknown' } : { kind: 'wrong_method', allowed: [...allowed] };
}

function compileTemplate(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}
