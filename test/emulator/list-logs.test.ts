import { describe, expect, it } from 'vitest';
import { useEmulators, v2Body } from './emulator-session.ts';

const start = useEmulators();

describe('list logs', () => {
  it('is empty until the task has finished, then holds one chunk with everything', async () => {
    const { create, get, clock } = await start({
      scripts: {
        chatty: {
          afterMs: 3000,
          logs: [
            { level: 'OUTPUT', message: 'one\ntwo' },
            { level: 'INFO', message: '' },
            { level: 'WARNING', message: 'three', atMs: 1234 },
            { level: 'ERROR', message: 'four', atMs: 1234 },
            { level: 'UNSPECIFIED', message: 'five', atMs: 2000 },
          ],
        },
      },
    });
    const path = await create({ script: 'chatty' });
    await clock.advance(2999);
    expect((await get(`/cloud/v2/${path}/logs`)).text).toBe(
      '{"luauExecutionSessionTaskLogs":[],"nextPageToken":""}',
    );
    await clock.advance(1);
    const flat = {
      luauExecutionSessionTaskLogs: [
        { path: `${path}/logs/1`, messages: ['one\ntwo', '', 'three', 'four', 'five'] },
      ],
      nextPageToken: '',
    };
    for (const query of ['', '?view=FLAT', '?view=VIEW_UNSPECIFIED', '?maxPageSize=1&pageToken=']) {
      expect((await get(`/cloud/v2/${path}/logs${query}`)).json).toEqual(flat);
    }
    const first = '2026-11-21T09:00:00Z';
    const later = '2026-11-21T09:00:01.234Z';
    expect((await get(`/cloud/v2/${path}/logs?view=STRUCTURED`)).json).toEqual({
      luauExecutionSessionTaskLogs: [
        {
          path: `${path}/logs/1`,
          structuredMessages: [
            { message: 'one\ntwo', createTime: first, messageType: 'OUTPUT' },
            { message: '', createTime: first, messageType: 'INFO' },
            { message: 'three', createTime: later, messageType: 'WARNING' },
            { message: 'four', createTime: later, messageType: 'ERROR' },
            {
              message: 'five',
              createTime: '2026-11-21T09:00:02Z',
              messageType: 'MESSAGE_TYPE_UNSPECIFIED',
            },
          ],
        },
      ],
      nextPageToken: '',
    });
  });

  it('has one empty chunk for a script that printed nothing', async () => {
    const { create, get } = await start();
    const path = await create({ script: 'quick' });
    expect((await get(`/cloud/v2/${path}/logs`)).text).toBe(
      `{"luauExecutionSessionTaskLogs":[{"path":"${path}/logs/1","messages":[]}],"nextPageToken":""}`,
    );
  });

  it('gives pages of chunks where chunks are small', async () => {
    const logs = ['a', 'b', 'c', 'd', 'e'].map((message) => ({ level: 'OUTPUT' as const, message }));
    const { create, get } = await start({ logChunkMessages: 2, scripts: { chatty: { logs } } });
    const path = await create({ script: 'chatty' });
    const chunk = (id: number, messages: string[]) => ({ path: `${path}/logs/${id}`, messages });
    const chunks = [chunk(1, ['a', 'b']), chunk(2, ['c', 'd']), chunk(3, ['e'])];
    for (const [query, from, to, nextPageToken] of [
      ['', 0, 3, ''],
      ['?maxPageSize=3', 0, 3, ''],
      ['?maxPageSize=10001', 0, 3, ''],
      ['?maxPageSize=2', 0, 2, '2'],
      ['?maxPageSize=2&pageToken=2', 2, 3, ''],
      ['?maxPageSize=1&pageToken=1', 1, 2, '2'],
    ] as const) {
      expect([query, (await get(`/cloud/v2/${path}/logs${query}`)).json]).toEqual([
        query,
        { luauExecutionSessionTaskLogs: chunks.slice(from, to), nextPageToken },
      ]);
    }
  });

  it.each([
    ['pageToken=1', 'pageToken is not valid.'],
    ['pageToken=0', 'pageToken is not valid.'],
    ['pageToken=abc', 'pageToken is not valid.'],
    ['pageToken=99999999999999999999', 'pageToken is not valid.'],
    ['maxPageSize=0', 'maxPageSize must be a positive whole number.'],
    ['maxPageSize=-1', 'maxPageSize must be a positive whole number.'],
    ['maxPageSize=1.5', 'maxPageSize must be a positive whole number.'],
    ['maxPageSize=', 'maxPageSize must be a positive whole number.'],
    ['view=STRUCTURED,FLAT', 'view must be FLAT or STRUCTURED.'],
  ])('refuses %s', async (query, message) => {
    const { create, get } = await start();
    const reply = await get(`/cloud/v2/${await create({ script: 'quick' })}/logs?${query}`);
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual(v2Body('INVALID_ARGUMENT', message));
  });

  it('keeps the newest 450 KB and drops the head without a mark', async () => {
    // 953 characters and 47 for the message make 1,000; 460 of them fit below 460,800.
    const text = (index: number) => String(index).padStart(953, '.');
    const logs = Array.from({ length: 500 }, (_, index) => ({
      level: 'OUTPUT' as const,
      message: text(index),
    }));
    const { create, get } = await start({ scripts: { flood: { logs } } });
    const { json } = await get(`/cloud/v2/${await create({ script: 'flood' })}/logs`);
    const messages = Array.from({ length: 460 }, (_, index) => text(index + 40));
    expect(json.luauExecutionSessionTaskLogs).toEqual([{ path: expect.any(String), messages }]);
    expect(json.nextPageToken).toBe('');
  });
});
