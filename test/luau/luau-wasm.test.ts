import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadLuauWasm } from '../../src/luau/luau-wasm.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'luau-wasm-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const internal = (message: string) => expect.objectContaining({ id: 'LX900', kind: 'internal', message });

test('the VM that was built is the known one', () => {
  expect(String(loadLuauWasm({ memoryMiB: 32 }))).toBe('[object WebAssembly.Module]');
});

test('one changed byte is refused, with both hashes', () => {
  const bytes = readFileSync(createRequire(import.meta.url).resolve('#luau-wasm'));
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  const file = join(directory, 'luau.wasm');
  writeFileSync(file, bytes);
  expect(() => loadLuauWasm({ memoryMiB: 32, file })).toThrow(
    expect.objectContaining({
      id: 'LX900',
      kind: 'internal',
      message: 'the Luau VM is not the build that this version works with',
      facts: [
        `file: ${file}`,
        expect.stringMatching(/^sha256 found: [0-9a-f]{64}$/),
        'sha256 expected: 922ec950bb3c30604cf06654ad554cded3a43d7d65378f292aefe506c0b2903b',
      ],
    }),
  );
});

test('a missing file is named', () => {
  const file = join(directory, 'nowhere.wasm');
  expect(() => loadLuauWasm({ memoryMiB: 32, file })).toThrow(internal('the Luau VM cannot be read'));
});

test.each([0, 1, 2.5, 2048, Number.NaN])('memory of %d MiB is refused', (memoryMiB) => {
  expect(() => loadLuauWasm({ memoryMiB })).toThrow(
    internal(`the memory of a script must be 2 to 2047 MiB, not ${memoryMiB}`),
  );
});
