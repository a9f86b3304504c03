import { expect, test } from 'vitest';
import { createTaskRequest, getTaskRequest, listLogsRequest } from '../../src/open-cloud/requests.ts';
import { readPath, TASK_PATH } from './answers.ts';

const base = { universeId: '11', placeId: '22', versionId: null, script: 'return 1', timeoutSeconds: null };

test.each([
  [base, 'createTask', '', { script: 'return 1' }],
  [
    { ...base, versionId: '3', timeoutSeconds: 60 },
    'createTaskAtVersion',
    '/versions/3',
    { script: 'return 1', timeout: '60s' },
  ],
  [
    { ...base, binaryInput: 'universes/11/x', enableBinaryOutput: true },
    'createTask',
    '',
    { script: 'return 1', binaryInput: 'universes/11/x', enableBinaryOutput: true },
  ],
  [{ ...base, enableBinaryOutput: false }, 'createTask', '', { script: 'return 1' }],
])('create %j', (parameters, operation, version, body) => {
  const request = createTaskRequest(parameters);
  expect(request).toMatchObject({ operation, method: 'POST', query: {} });
  expect(request.path).toBe(`/cloud/v2/universes/11/places/22${version}/luau-execution-session-tasks`);
  expect(JSON.parse(String(request.body))).toEqual(body);
});

test('reads name the task by the path as it came', () => {
  expect(getTaskRequest(readPath(), 'BASIC')).toEqual({
    operation: 'getTask',
    method: 'GET',
    path: `/cloud/v2/${TASK_PATH}`,
    query: { view: 'BASIC' },
    body: null,
  });
  expect(listLogsRequest(readPath(), 'FLAT', '')).toMatchObject({
    path: `/cloud/v2/${TASK_PATH}/logs`,
    query: { view: 'FLAT', maxPageSize: '10000' },
  });
  expect(listLogsRequest(readPath(), 'STRUCTURED', 'a&b').query.pageToken).toBe('a&b');
});

test.each(['1/../2', '1?x', '-1', '1e3', '０１', '', '..'])('the id %j never becomes part of a URL', (id) => {
  const refused = expect.objectContaining({ id: 'LX005', kind: 'usage' });
  expect(() => createTaskRequest({ ...base, universeId: id })).toThrow(refused);
  expect(() => createTaskRequest({ ...base, placeId: id })).toThrow(refused);
  expect(() => createTaskRequest({ ...base, versionId: id })).toThrow(refused);
  expect(() => getTaskRequest({ ...readPath(), placeId: id }, 'BASIC')).toThrow(refused);
  expect(() => listLogsRequest({ ...readPath(), universeId: id }, 'FLAT', '')).toThrow(refused);
});
