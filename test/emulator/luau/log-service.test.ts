import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runOnFakeClock, type ScriptRun } from '../../helpers/run-script.ts';

let clock: FakeClock;
let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32, whileBusy: () => clock.hold() });
});
beforeEach(() => {
  clock = new FakeClock();
});
afterAll(() => runLuau.close());

const HEAR = `
local heard = {}
game:GetService("LogService").MessageOut:Connect(function(message, kind)
  table.insert(heard, \`{kind.Name} {kind.Value} {message}\`)
end)
`;

function run(script: string): Promise<ScriptRun> {
  return runOnFakeClock(runLuau, clock, `${HEAR}${script}`);
}

describe('LogService.MessageOut', () => {
  test('tells every message with its type, in the order of printing, after the step that printed it', async () => {
    const { result, logs } = await run(`
print("a", 1)
warn("b")
task.spawn(error, "c", 0)
local before = #heard
task.wait()
return before, heard[1], heard[2], string.match(heard[3], "^[^\\n]*"), #heard`);
    expect(result).toEqual({
      kind: 'complete',
      results: [0, 'MessageOutput 0 a 1', 'MessageWarning 2 b', 'MessageError 3 c', 3],
    });
    expect(logs).toHaveLength(3);
  });

  test('a listener that prints is stopped, and the script goes on', async () => {
    const { result, logs } = await run(`
local count = 0
local connection = game.LogService.MessageOut:Connect(function() count += 1 print("again") end)
print("first")
task.wait()
connection:Disconnect()
return count > 1`);
    expect(result).toEqual({ kind: 'complete', results: [true] });
    expect(logs.some(({ message }) => message.startsWith('Maximum event re-entrancy depth exceeded'))).toBe(
      true,
    );
  });

  test('its types are items of an enum', async () => {
    const { result } = await run(`
local item = Enum.MessageType.MessageError
return typeof(item), tostring(item), item.EnumType == Enum.MessageType, typeof(Enum.MessageType), typeof(Enum)`);
    expect(result).toEqual({
      kind: 'complete',
      results: ['EnumItem', 'Enum.MessageType.MessageError', true, 'Enum', 'Enums'],
    });
  });
});
