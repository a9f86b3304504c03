import { OPERATIONS } from '../open-cloud/operations.ts';
import type { JsonValue } from '../open-cloud/task.ts';
import { type Answer, createGatewayRefusal, createJsonAnswer, createV2Refusal } from './api-answers.ts';
import type { ApiRequest } from './api-request.ts';
import { parseJsonObject } from './json-body.ts';
import { USER_ID } from './task-json.ts';
import type { World } from './world.ts';

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Tells of a key that is good here: enabled, without an end, and with every scope that this tool knows of, for
 * all universes. Refuses any other key with 401, which is the status that other clients look for.
 */
export async function introspectKey(world: World, request: ApiRequest): Promise<Answer> {
  const { apiKey } = parseJsonObject(await request.readBody(MAX_BODY_BYTES));
  if (typeof apiKey !== 'string' || apiKey === '') {
    throw createV2Refusal('INVALID_ARGUMENT', 'apiKey must be a string that is not empty.');
  }
  if (world.apiKey !== null && apiKey !== world.apiKey) throw createGatewayRefusal(401);
  return createJsonAnswer({
    name: 'luau-exec emulator',
    authorizedUserId: Number(USER_ID),
    scopes: listScopes(),
    enabled: true,
    expired: false,
  });
}

function listScopes(): JsonValue[] {
  const operations = new Map<string, Set<string>>();
  const scopes = Object.values(OPERATIONS).flatMap((operation) => operation.scopes);
  for (const scope of scopes) {
    const [name = '', operation = ''] = scope.split(':');
    operations.set(name, (operations.get(name) ?? new Set()).add(operation));
  }
  return [...operations].map(([name, words]) => ({
    name,
    operations: [...words].sort(),
    universeIds: ['*'],
  }));
}
