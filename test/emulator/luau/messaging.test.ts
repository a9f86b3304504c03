import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEngineCalls } from '../../../src/emulator/engine-calls.ts';
import type { ClosableLuauRunner, EngineCalls } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { MessageBoard } from '../../../src/emulator/messaging/message-board.ts';
import { createMessagingMethods } from '../../../src/emulator/messaging/messaging-methods.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runScript, type ScriptRun, scriptError } from '../../helpers/run-script.ts';

const NOW_SECONDS = Date.parse('2026-11-21T09:00:00.000Z') / 1000;
const SERVICE = `local Messaging = game:GetService("MessagingService")
`;

let clock: FakeClock;
let messages: MessageBoard;
let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32, whileBusy: () => clock.hold() });
});
beforeEach(() => {
  clock = new FakeClock();
  messages = new MessageBoard(clock);
});
afterAll(() => runLuau.close());

interface RunOptions {
  universeId?: string;
  engine?: EngineCalls;
  /** Called when the script prints. */
  onPrint?: () => void;
}

async function run(script: string, options: RunOptions = {}): Promise<ScriptRun> {
  const { universeId = '11', onPrint } = options;
  const { engine = createEngineCalls(createMessagingMethods(messages), universeId) } = options;
  const stop = clock.startAutomatic();
  try {
    const job = { clock, timeoutMs: 300_000, engine, ...(onPrint && { onLog: onPrint }) };
    return await runScript(runLuau, `${SERVICE}${script}`, job);
  } finally {
    stop();
  }
}

async function resultsOf(script: string, options?: RunOptions): Promise<unknown> {
  const { result } = await run(script, options);
  return result.kind === 'complete' ? result.results : result;
}

/** What the expression, which stands in line 3, raises. */
function errorOf(expression: string): Promise<unknown> {
  return resultsOf(`local ok, problem = pcall(function()
  return ${expression}
end)
return if ok then "no error" else problem`);
}

/** Waits for two messages and returns their data; what stands behind the subscription is run then. */
const collect = (then: string) => `local heard = {}
Messaging:SubscribeAsync("topic", function(message) table.insert(heard, message.Data) end)
${then}
while #heard < 2 do task.wait(1) end
return heard`;

describe('a message', () => {
  test('reaches the publisher too, with the time at which it was sent', async () => {
    const script = `local heard
Messaging:SubscribeAsync("topic", function(message) heard = message end)
local count = select("#", Messaging:PublishAsync("topic", { text = "é", list = { 1, 2 } }))
return heard, count`;
    expect(await resultsOf(script)).toEqual([
      { Data: { text: 'é', list: [1, 2] }, Sent: expect.closeTo(NOW_SECONDS, 0) },
      0,
    ]);
  });

  test('reaches every task that listens, in the order of publishing', async () => {
    const publish = 'for _, data in { "a", "b" } do Messaging:PublishAsync("topic", data) end';
    let other: Promise<unknown> | undefined;
    const onPrint = () => {
      other = resultsOf(collect(publish));
    };
    expect(await resultsOf(collect('print("listens")'), { onPrint })).toEqual([['a', 'b']]);
    expect(await other).toEqual([['a', 'b']]);
  });

  test('stays in its topic and its universe', async () => {
    const script = `local heard = 0
Messaging:SubscribeAsync("topic", function() heard += 1 end)
Messaging:PublishAsync("Topic", 1)
Messaging:PublishAsync("topic", 1)
task.wait(5)
return heard`;
    const [one, other] = await Promise.all([resultsOf(script), resultsOf(script, { universeId: '12' })]);
    expect([one, other]).toEqual([[1], [1]]);
  });

  test("is each listener's own copy", async () => {
    const script = `local seen = {}
for _ = 1, 2 do
  Messaging:SubscribeAsync("topic", function(message)
    message.Data.count += 1
    table.insert(seen, message.Data.count)
  end)
end
Messaging:PublishAsync("topic", { count = 0 })
return seen`;
    expect(await resultsOf(script)).toEqual([[1, 1]]);
  });

  test('may be of exactly 1,024 bytes of JSON', async () => {
    const script = `local heard
Messaging:SubscribeAsync("topic", function(message) heard = #message.Data end)
Messaging:PublishAsync("topic", string.rep("é", 511))
return heard`;
    expect(await resultsOf(script)).toEqual([1022]);
  });

  test('published from outside is heard as well', async () => {
    const publish = (dataJson: string) => messages.publish({ universeId: '11', topic: 'topic', dataJson });
    const onPrint = () => {
      publish('"from outside"');
      publish('[1]');
    };
    expect(await resultsOf(collect('print("listens")'), { onPrint })).toEqual([['from outside', [1]]]);
  });
});

describe('a subscription', () => {
  test('ends with Disconnect, for good', async () => {
    const script = `local first, second = 0, 0
local connection = Messaging:SubscribeAsync("topic", function() first += 1 end)
Messaging:SubscribeAsync("topic", function() second += 1 end)
Messaging:PublishAsync("topic", 1)
local before = connection.Connected
connection:Disconnect()
connection:Disconnect()
Messaging:PublishAsync("topic", 1)
task.wait(1)
return before, connection.Connected, first, second, typeof(connection)`;
    expect(await resultsOf(script)).toEqual([true, false, 1, 2, 'RBXScriptConnection']);
  });

  test('gets no message any more that was under way at its end', async () => {
    const script = `local heard, second = 0, nil
Messaging:SubscribeAsync("topic", function() heard += 1 second:Disconnect() end)
second = Messaging:SubscribeAsync("topic", function() heard += 10 end)
Messaging:PublishAsync("topic", 1)
return heard`;
    expect(await resultsOf(script)).toEqual([1]);
  });

  test('is ended once, where the messages come from as well', async () => {
    const methods = createMessagingMethods(messages);
    const calls: string[] = [];
    const engine: EngineCalls = (call, ...rest) => {
      calls.push(call.method);
      createEngineCalls(methods, '11')(call, ...rest);
    };
    const script = `local connection = Messaging:SubscribeAsync("topic", print)
connection:Disconnect()
connection:Disconnect()`;
    await run(script, { engine });
    expect(calls).toEqual(['MessagingService:SubscribeAsync', 'RBXScriptConnection:Disconnect']);
  });

  test('a callback that yields or fails stops nothing', async () => {
    const { result, logs } = await run(`local heard = {}
Messaging:SubscribeAsync("topic", function(message)
  task.wait(message.Data)
  table.insert(heard, message.Data)
end)
Messaging:SubscribeAsync("topic", function() error("broken") end)
Messaging:PublishAsync("topic", 2)
Messaging:PublishAsync("topic", 1)
task.wait(3)
return heard`);
    expect(result).toEqual({ kind: 'complete', results: [[1, 2]] });
    expect(logs.map(({ message }) => message.split('\n')[0])).toEqual([
      'TaskScript:7: broken',
      'TaskScript:7: broken',
    ]);
  });

  test('left open ends with the script, however that ends', async () => {
    const subscribe = 'Messaging:SubscribeAsync("topic", print)\n';
    expect(await resultsOf(`${subscribe}return 1`)).toEqual([1]);
    expect(await resultsOf(`${subscribe}error("end")`)).toEqual(scriptError('TaskScript:3: end'));
    expect(await resultsOf(`${subscribe}coroutine.yield()`)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    const publish = 'Messaging:PublishAsync("topic", "nobody listens") return 2';
    expect(await run(publish)).toEqual({ result: { kind: 'complete', results: [2] }, logs: [] });
  });
});

describe('an error is in the line of the script', () => {
  test.each([
    ['Messaging:PublishAsync("", 1)', 'a topic must not be empty'],
    ['Messaging:PublishAsync(string.rep("é", 81), 1)', 'a topic has 81 characters, 80 are allowed'],
    ['Messaging:PublishAsync("topic", nil)', 'a message cannot be nil'],
    ['Messaging:PublishAsync("topic", { print })', 'a message cannot hold a value of type function'],
    [
      'Messaging:PublishAsync("topic", string.rep("x", 1023))',
      'the message has 1025 bytes as JSON, 1024 are allowed',
    ],
    ['Messaging:SubscribeAsync("", print)', 'a topic must not be empty'],
    [
      'Messaging:SubscribeAsync("topic", 1)',
      "invalid argument #2 to 'SubscribeAsync' (function expected, got number)",
    ],
    [
      'Messaging:SubscribeAsync({}, print)',
      "invalid argument #1 to 'SubscribeAsync' (string expected, got table)",
    ],
  ])('%s', async (expression, message) => {
    expect(await errorOf(expression)).toEqual([`TaskScript:3: ${message}`]);
  });

  test.each(['x', 'é'.repeat(80)])('but not for the topic %j', async (topic) => {
    expect(await errorOf(`Messaging:PublishAsync("${topic}", 1)`)).toEqual(['no error']);
  });
});
