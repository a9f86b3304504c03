import { describe, expect, it } from 'vitest';
import { addResultEncoder } from '../../src/script/encode-results.ts';
import { decodeResults } from '../../src/values/decode-results.ts';
import type { LuauValue } from '../../src/values/luau-value.ts';
import { CONTRACT_TARGETS, CONTRACT_TIMEOUT_MS, useConnection } from './contract-targets.ts';

const SCRIPT = `
local deep = {}
local at = deep
for i = 1, 40 do
	at.next = {}
	at = at.next
end
return nil, 0/0, -1/0, -0, 2^53, 2^60, 0.1, 123456.789, 1/3, 5e-324, "\\255\\0", "ä🎮\\n\\1", buffer.fromstring("ab"),
	vector.create(1, 0.1, -0), { 1, nil, 3 }, { a = {}, [5] = true }, deep, deep, nil`;

// That nothing which the encoder lets through as plain JSON is changed on the way.
describe.each(CONTRACT_TARGETS)('$name', { timeout: CONTRACT_TIMEOUT_MS }, (target) => {
  const service = useConnection(target);

  it('carries encoded values without loss', async () => {
    const { task } = await service().run(addResultEncoder(SCRIPT));
    const values = decodeResults(task.phase === 'complete' ? task.results : []);
    const table = (...entries: [LuauValue, LuauValue][]): LuauValue => ({
      kind: 'table',
      entries: new Map(entries),
      hasMetatable: false,
    });
    expect(values.slice(0, 16)).toEqual([
      ...[null, Number.NaN, Number.NEGATIVE_INFINITY, -0, 2 ** 53, 2 ** 60, 0.1, 123456.789, 1 / 3, 5e-324],
      { kind: 'bytes', bytes: new Uint8Array([255, 0]) },
      'ä🎮\n\x01',
      { kind: 'buffer', bytes: new Uint8Array([97, 98]) },
      { kind: 'vector', x: 1, y: Math.fround(0.1), z: -0 },
      table([1, 1], [3, 3]),
      table(['a', table()], [5, true]),
    ]);
    expect(values).toHaveLength(19);
    expect(values[16]).toBe(values[17]);
    let depth = 0;
    for (let at = values[16]; typeof at === 'object' && at?.kind === 'table'; at = at.entries.get('next'))
      depth++;
    expect(depth).toBe(41);
  });
});
