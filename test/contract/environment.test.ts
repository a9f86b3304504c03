import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/open-cloud/task.ts';
import { CONTRACT_TARGETS, CONTRACT_TIMEOUT_MS, type Connection, useConnection } from './contract-targets.ts';

async function resultsOf({ run }: Connection, lines: string[]): Promise<JsonValue[]> {
  const { task } = await run(lines.join('\n'));
  if (task.phase !== 'complete') throw new Error(`the script did not complete: ${JSON.stringify(task)}`);
  return task.results;
}

describe.each(CONTRACT_TARGETS)('inside a task on $name', { timeout: CONTRACT_TIMEOUT_MS }, (target) => {
  const service = useConnection(target);

  it('game and RunService say what this is', async () => {
    const { universeId, placeId } = service();
    const results = await resultsOf(service(), [
      'local Run = game:GetService("RunService")',
      'local flags = { Run:IsServer(), Run:IsClient(), Run:IsStudio(), Run:IsRunning(), Run:IsRunMode() }',
      'return game.GameId, game.PlaceId, flags, typeof(game)',
    ]);
    const flags = [true, false, false, false, false];
    expect(results).toEqual([Number(universeId), Number(placeId), flags, 'Instance']);
  });

  it('HttpService reads what it wrote', async () => {
    const results = await resultsOf(service(), [
      'local Http = game:GetService("HttpService")',
      'local data = { list = { 1, 2.5, "three", false }, nested = { text = "\\"ü\\"\\n" } }',
      'local text = Http:JSONEncode(data)',
      'return Http:JSONDecode(text), Http:JSONDecode("[1, {\\"a\\": \\"\\\\u00e9\\"}]"), #Http:GenerateGUID(false)',
    ]);
    const data = { list: [1, 2.5, 'three', false], nested: { text: '"ü"\n' } };
    expect(results).toEqual([data, [1, { a: 'é' }], 36]);
  });

  it('task makes threads take turns', async () => {
    const results = await resultsOf(service(), [
      'local order = {}',
      'local function note(what) table.insert(order, what) end',
      'task.defer(note, "deferred")',
      'task.delay(0.3, note, "delayed")',
      'task.cancel(task.delay(0.1, note, "cancelled"))',
      'task.spawn(function() note("spawned") task.wait(0.1) note("waited") end)',
      'note("main")',
      'local passed = task.wait(0.6)',
      'local beat = game:GetService("RunService").Heartbeat:Wait()',
      'return order, passed >= 0.6, beat > 0',
    ]);
    const order = ['spawned', 'main', 'deferred', 'waited', 'delayed'];
    expect(results).toEqual([order, true, true]);
  });

  it('a directive at the top of the chunk does not move its lines', async () => {
    const { task } = await service().run('--!strict\n--!optimize 2\nerror("here")');
    expect(task).toMatchObject({ error: { message: expect.stringMatching(/^TaskScript:3: here/) } });
  });

  it('bytes go in, and others come out', async () => {
    const { send, run, client, universeId } = service();
    const slots = `/cloud/v2/universes/${universeId}/luau-execution-session-task-binary-inputs`;
    const slot = await send({ method: 'POST', to: slots, body: JSON.stringify({ size: 4 }) });
    const { path, uploadUri } = JSON.parse(new TextDecoder().decode(slot.body));
    expect(path).toMatch(new RegExp(`^${slots.slice('/cloud/v2/'.length)}/[^/]+$`));
    const upload = await send({ method: 'PUT', to: uploadUri, body: new Uint8Array([1, 2, 3, 255]) });
    expect(upload.status).toBe(200);

    const script = [
      'local input: buffer = (({ ... })[1] :: any).BinaryInput',
      'local output = buffer.create(4)',
      'for i = 0, 3 do buffer.writeu8(output, i, 255 - buffer.readu8(input, 3 - i)) end',
      'return { BinaryOutput = output, ReturnValues = { buffer.len(input), "done" } }',
    ].join('\n');
    const { task } = await run(script, { binaryInput: path, enableBinaryOutput: true });
    expect(task).toMatchObject({ state: 'COMPLETE', results: [4, 'done'], binaryInput: path });
    const { binaryOutputUri } = await client.getTask(task.path);
    const download = await send({ method: 'GET', to: binaryOutputUri ?? '' });
    expect([download.status, [...download.body]]).toEqual([200, [0, 252, 253, 254]]);
  });
});
