import { describe, expect, it } from 'vitest';
import { readGrant } from '../../src/open-cloud/key-info.ts';
import { OPERATIONS } from '../../src/open-cloud/operations.ts';
import { CONTRACT_TARGETS, CONTRACT_TIMEOUT_MS, useConnection } from './contract-targets.ts';

describe.each(CONTRACT_TARGETS)('the key, on $name', { timeout: CONTRACT_TIMEOUT_MS }, (target) => {
  const service = useConnection(target);

  it('can be looked at by whoever has it', async () => {
    const { client, universeId } = service();
    const { scopes, ...info } = await client.introspectKey();
    expect(info).toMatchObject({ isEnabled: true, isExpired: false, authorizedUserId: expect.any(String) });
    for (const { scopes: needed } of [OPERATIONS.createTask, OPERATIONS.getTask]) {
      const grants = needed.map((scope) => readGrant(scopes, scope, universeId));
      expect(grants).toContainEqual({ isGranted: true, hasUniverse: true });
    }
  });

  it('is refused when it does not exist', async () => {
    await expect(service().createStranger().introspectKey()).rejects.toMatchObject({ httpStatus: 401 });
  });

  it('may read a place where a task that does not exist is not found', async () => {
    const { client, createStranger, universeId, placeId } = service();
    const id = '00000000-0000-0000-0000-000000000000';
    const path = { universeId, placeId, versionId: '1', sessionId: id, taskId: id };
    await expect(client.getTask(path)).rejects.toMatchObject({ httpStatus: 404 });
    await expect(createStranger().getTask(path)).rejects.toMatchObject({ httpStatus: 401 });
  });
});
