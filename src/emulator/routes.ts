import type { Answer } from './api-answers.ts';
import type { ApiRequest } from './api-request.ts';
import { createBinaryInput, downloadBinaryOutput, uploadBinaryInput } from './binary-handlers.ts';
import type { Quota } from './rate-windows.ts';
import { createTask, getTask, listLogs } from './task-handlers.ts';
import type { World } from './world.ts';

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Paths with `{name}` for a part that varies and holds no slash. */
  templates: readonly string[];
  /** Null for a presigned URI, which needs no key and is not counted. */
  quota: Quota | null;
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

/** Every route of the emulator. The limits are those of the service's OpenAPI document. */
const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    templates: [`${PLACE}/luau-execution-session-tasks`],
    quota: { operation: 'createTask', limitPerMinute: 40 },
    handle: createTask,
  },
  {
    method: 'POST',
    templates: [`${VERSION}/luau-execution-session-tasks`],
    quota: { operation: 'createTaskAtVersion', limitPerMinute: 5 },
    handle: createTask,
  },
  {
    method: 'GET',
    templates: TASKS,
    quota: { operation: 'getTask', limitPerMinute: 200 },
    handle: getTask,
  },
  {
    method: 'GET',
    templates: TASKS.map((task) => `${task}/logs`),
    quota: { operation: 'listLogs', limitPerMinute: 45 },
    handle: listLogs,
  },
  {
    method: 'POST',
    templates: [`${UNIVERSE}/luau-execution-session-task-binary-inputs`],
    quota: { operation: 'createBinaryInput', limitPerMinute: 5 },
    handle: createBinaryInput,
  },
  { method: 'PUT', templates: ['/emulator/binary-inputs/{id}'], quota: null, handle: uploadBinaryInput },
  { method: 'GET', templates: ['/emulator/binary-outputs/{id}'], quota: null, handle: downloadBinaryOutput },
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
