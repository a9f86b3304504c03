import { LuauExecError } from '../errors.ts';
import { requireInputSize } from './binary-input.ts';
import type { OperationName } from './operations.ts';
import type { StreamBody } from './stream-body.ts';
import { formatTaskPath, isResourceId, parseTaskPath, type TaskPath } from './task-path.ts';

/** A request before it has an origin and a key. `path` begins with a slash and holds no user text unescaped. */
export interface ApiRequest {
  operation: OperationName;
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  query: Record<string, string>;
  /** JSON text, or what else `contentType` names; null where the request has no body. */
  body: string | StreamBody | null;
  contentType?: string;
}

export interface CreateTaskParameters {
  universeId: string;
  placeId: string;
  /** Null runs at head: the latest saved version, published or not. */
  versionId: string | null;
  script: string;
  /** 1 to 300; null leaves the service's default of 300 s. */
  timeoutSeconds: number | null;
  /** Resource path of a binary input slot. */
  binaryInput?: string;
  enableBinaryOutput?: boolean;
}

export type TaskView = 'BASIC' | 'FULL';
export type LogView = 'FLAT' | 'STRUCTURED';

/** Throws `LuauExecError` of kind `usage` for an id that is not a positive whole number: it could change the URL. */
export function createTaskRequest(parameters: CreateTaskParameters): ApiRequest {
  const { universeId, placeId, versionId, timeoutSeconds } = parameters;
  for (const id of [universeId, placeId, versionId ?? '1']) {
    if (!isResourceId(id)) throw usageError('a universe, place or version id is a positive whole number');
  }
  const version = versionId === null ? '' : `/versions/${versionId}`;
  return {
    operation: versionId === null ? 'createTask' : 'createTaskAtVersion',
    method: 'POST',
    path: `/cloud/v2/universes/${universeId}/places/${placeId}${version}/luau-execution-session-tasks`,
    query: {},
    body: JSON.stringify({
      script: parameters.script,
      ...(timeoutSeconds === null ? {} : { timeout: `${timeoutSeconds}s` }),
      ...(parameters.binaryInput === undefined ? {} : { binaryInput: parameters.binaryInput }),
      ...(parameters.enableBinaryOutput ? { enableBinaryOutput: true } : {}),
    }),
  };
}

/** Throws as `createTaskRequest` does, for a path that `parseTaskPath` would not have returned. */
export function getTaskRequest(path: TaskPath, view: TaskView): ApiRequest {
  return {
    operation: 'getTask',
    method: 'GET',
    path: `/cloud/v2/${formatSafePath(path)}`,
    query: { view },
    body: null,
  };
}

/** Throws as `getTaskRequest` does. */
export function listLogsRequest(path: TaskPath, view: LogView, pageToken: string): ApiRequest {
  return {
    operation: 'listLogs',
    method: 'GET',
    path: `/cloud/v2/${formatSafePath(path)}/logs`,
    query: { view, maxPageSize: '10000', ...(pageToken === '' ? {} : { pageToken }) },
    body: null,
  };
}

export interface CreateBinaryInputParameters {
  universeId: string;
  /** 1 to 104,857,600 (100 MiB): exactly as many bytes as will be uploaded. */
  sizeBytes: number;
}

/** Throws as `createTaskRequest` does, and LX015 for a size that no binary input can have. */
export function createBinaryInputRequest({ universeId, sizeBytes }: CreateBinaryInputParameters): ApiRequest {
  if (!isResourceId(universeId)) throw usageError('a universe id is a positive whole number');
  requireInputSize(sizeBytes);
  return {
    operation: 'createBinaryInput',
    method: 'POST',
    path: `/cloud/v2/universes/${universeId}/luau-execution-session-task-binary-inputs`,
    query: {},
    body: JSON.stringify({ size: sizeBytes }),
  };
}

/** `Saved` is the place's newest version, which head runs; `Published` is also what players join. */
export type PlaceVersionType = 'Saved' | 'Published';

export interface UploadPlaceParameters {
  universeId: string;
  placeId: string;
  versionType: PlaceVersionType;
}

/** What is uploaded as a version of a place. */
export interface PlaceBody extends StreamBody {
  contentType: 'application/octet-stream' | 'application/xml';
}

/** Throws as `createTaskRequest` does. */
export function uploadPlaceRequest(
  { universeId, placeId, versionType }: UploadPlaceParameters,
  body: PlaceBody,
): ApiRequest {
  for (const id of [universeId, placeId]) {
    if (!isResourceId(id)) throw usageError('a universe or place id is a positive whole number');
  }
  return {
    operation: versionType === 'Published' ? 'publishPlace' : 'uploadPlace',
    method: 'POST',
    path: `/universes/v1/${universeId}/places/${placeId}/versions`,
    query: { versionType },
    body,
    contentType: body.contentType,
  };
}

/** Asks what a key is and may do. The key is in the body, which no trace and no error shows. */
export function introspectKeyRequest(apiKey: string): ApiRequest {
  return {
    operation: 'introspectKey',
    method: 'POST',
    path: '/api-keys/v1/introspect',
    query: {},
    body: JSON.stringify({ apiKey }),
  };
}

function formatSafePath(path: TaskPath): string {
  const text = formatTaskPath(path);
  if (!parseTaskPath(text)) throw usageError('a part of the task path is not an id');
  return text;
}

function usageError(message: string): LuauExecError {
  return new LuauExecError(message, { id: 'LX005', kind: 'usage' });
}
