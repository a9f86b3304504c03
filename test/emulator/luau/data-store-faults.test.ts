import { expect, test } from 'vitest';
import { useControlSessions } from '../../helpers/control-session.ts';

const openSession = useControlSessions();

test('a save that fails on purpose leaves what was there, and can be tried again', async () => {
  const script = `
local store = game:GetService("DataStoreService"):GetDataStore("coins")
store:SetAsync("ada", 5)
local function add(old) return old + 1 end
local first = pcall(store.UpdateAsync, store, "ada", add)
local between = store:GetAsync("ada")
local second = store:UpdateAsync("ada", add)
return first, between, second`;
  const session = await openSession({
    files: { 'a.luau': script },
    faults: [{ request: 'GlobalDataStore:UpdateAsync', do: { answer: { status: 503 } } }],
  });
  const { stdout } = await session.run('run', 'a.luau');
  expect(stdout).toBe('false\n5\n6\n');
});
