import { describe, expect, it } from 'vitest';
import { EntriesInMemory } from '../../src/emulator/data-stores/entries-in-memory.ts';
import { createEngineCalls, EngineFailure, type EngineMethods } from '../../src/emulator/engine-calls.ts';
import { ENGINE_METHOD_NAMES } from '../../src/emulator/engine-method-name.ts';
import { createEngineMethods } from '../../src/emulator/engine-methods.ts';
import type { EngineAnswer } from '../../src/emulator/luau/luau-runner.ts';
import { createMemoryMethods } from '../../src/emulator/memory-store/memory-methods.ts';
import { MemoryStores } from '../../src/emulator/memory-store/memory-stores.ts';
import { MessageBoard } from '../../src/emulator/messaging/message-board.ts';
import { FakeClock } from '../helpers/fake-clock.ts';

const methods: EngineMethods = {
  now: (input, { universeId }) => [input, universeId],
  later: async (input) => input,
  fails: () => {
    throw new EngineFailure('Words: of a failure');
  },
  failsLater: () => Promise.reject(new EngineFailure('later')),
  breaks: () => {
    throw new TypeError('of a slip');
  },
  breaksLater: () => Promise.reject(new TypeError('of a slip')),
};

function call(method: string): Promise<EngineAnswer> {
  const { signal } = new AbortController();
  return new Promise((resolve) => createEngineCalls(methods, '11')({ method, input: 5 }, resolve, signal));
}

describe('the call of a method', () => {
  it.each<[string, EngineAnswer]>([
    ['now', { ok: true, value: [5, '11'] }],
    ['later', { ok: true, value: 5 }],
    ['fails', { ok: false, message: 'Words: of a failure' }],
    ['failsLater', { ok: false, message: 'later' }],
    ['breaks', { ok: false, message: 'luau-exec emulator: breaks failed: TypeError: of a slip' }],
    ['breaksLater', { ok: false, message: 'luau-exec emulator: breaksLater failed: TypeError: of a slip' }],
    ['unknown', { ok: false, message: 'luau-exec emulator: unknown is not emulated' }],
  ])('%s', async (method, answer) => {
    expect(await call(method)).toEqual(answer);
  });

  it('says what the prelude got wrong', async () => {
    const clock = new FakeClock();
    const engine = createEngineCalls(createMemoryMethods(new MemoryStores(clock), clock), '11');
    const { signal } = new AbortController();
    const answers: EngineAnswer[] = [];
    for (const input of [{ map: 5 }, { map: 'm', key: null }, null]) {
      engine({ method: 'MemoryStoreSortedMap:GetAsync', input }, (answer) => answers.push(answer), signal);
    }
    const failed = 'luau-exec emulator: MemoryStoreSortedMap:GetAsync failed: Error: the prelude sent';
    expect(answers).toEqual(
      ['map', 'key', 'map'].map((name) => ({ ok: false, message: `${failed} no ${name} of the right type` })),
    );
  });

  it('has a name for each method that a fault can be for', () => {
    const clock = new FakeClock();
    const data = {
      memory: new MemoryStores(clock),
      entries: new EntriesInMemory(),
      messages: new MessageBoard(clock),
      clock,
    };
    const known = Object.keys(createEngineMethods(data));
    expect(ENGINE_METHOD_NAMES.filter((name) => !known.includes(name))).toEqual([]);
  });
});
