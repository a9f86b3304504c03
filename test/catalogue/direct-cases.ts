import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMatches } from '../../src/cli/logs/grep-pattern.ts';
import { loadLuauWasm } from '../../src/luau/luau-wasm.ts';
import { measureByteSource } from '../../src/open-cloud/byte-source.ts';
import type { LibraryCase } from './library-case.ts';
import { BYTES, loadOddWasm, place, upload } from './library-setup.ts';

/** What the functions of the library refuse, and what no command leads to in good time. */
export const directCases: readonly LibraryCase[] = [
  {
    does: 'an empty binary input',
    id: 'LX015',
    says: ['the binary input is empty'],
    call: () => measureByteSource(new Uint8Array()),
  },
  {
    does: 'a binary input of half a byte',
    id: 'LX015',
    says: ['the size of a binary input is a whole number of bytes'],
    call: ({ client }) => client.createBinaryInput({ universeId: '11', sizeBytes: 0.5 }),
  },
  {
    does: 'a binary input over 100 MiB',
    id: 'LX015',
    says: ['the binary input is 100.1 MiB, Open Cloud accepts 100 MiB'],
    call: ({ client }) => client.createBinaryInput({ universeId: '11', sizeBytes: 104_857_601 }),
  },
  {
    does: 'a directory for a binary input',
    id: 'LX015',
    says: ['cannot read DIR: it is a directory'],
    call: ({ directory }) => measureByteSource(directory),
  },
  {
    does: 'a binary input that is not there',
    id: 'LX015',
    says: ["cannot read DIR/no: ENOENT: no such file or directory, stat 'DIR/no'"],
    call: ({ directory }) => measureByteSource(join(directory, 'no')),
  },
  {
    does: 'a binary input of another size than its slot',
    id: 'LX015',
    says: ['the binary input is 5 bytes long, its slot was made for 9'],
    call: (session) => upload(session, BYTES, 9),
  },
  {
    does: 'a binary input that changes meanwhile',
    id: 'LX015',
    says: ['DIR/in changed its size while it was uploaded'],
    call: (session) => {
      const file = join(session.directory, 'in');
      writeFileSync(file, Buffer.alloc(5_000_000));
      session.options.onProgress = ({ doneBytes }) => doneBytes > 0 && truncateSync(file, 70_000);
      return upload(session, file, 5_000_000);
    },
  },
  {
    does: 'a universe that is none',
    id: 'LX005',
    says: ['a universe id is a positive whole number'],
    call: ({ client }) => client.createBinaryInput({ universeId: 'x', sizeBytes: 5 }),
  },
  {
    does: 'a place that is none',
    id: 'LX005',
    says: ['a universe, place or version id is a positive whole number'],
    call: ({ client }) => client.createTask({ ...place, placeId: 'x', script: 'A' }),
  },
  {
    does: 'a task path that is none',
    id: 'LX005',
    says: ['a part of the task path is not an id'],
    call: ({ client }) =>
      client.getTask({ universeId: '11', placeId: '22', versionId: null, sessionId: null, taskId: 'a/b' }),
  },
  {
    does: 'a slot for a binary input without its address',
    id: 'LX520',
    says: ['the answer is not from the API (the answer holds no binary input)', '4 tries'],
    faults: [{ request: 'createBinaryInput', times: 'always', do: { answer: { body: {} } } }],
    call: (session) => upload(session, BYTES),
  },
  {
    does: 'a slot for another binary input',
    id: 'LX520',
    says: ['the answer is not from the API (the answer is about another binary input)', '4 tries'],
    faults: [{ request: 'createBinaryInput', times: 'always', do: { patch: { size: 6 } } }],
    call: (session) => upload(session, BYTES),
  },
  {
    does: 'a virtual machine with too little memory',
    id: 'LX900',
    says: ['the memory of a script must be 2 to 2047 MiB, not 1', 'hint: install luau-exec again'],
    call: () => loadLuauWasm({ memoryMiB: 1 }),
  },
  {
    does: 'a virtual machine that is missing',
    id: 'LX900',
    says: ['the Luau VM cannot be read', 'file: DIR/no', 'hint: install luau-exec again'],
    call: ({ directory }) => loadLuauWasm({ memoryMiB: 32, file: join(directory, 'no') }),
  },
  {
    does: 'a virtual machine of another build',
    id: 'LX900',
    says: [
      'the Luau VM is not the build that this version works with',
      'file: DIR/odd.wasm',
      'sha256 found: 93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476',
      'sha256 expected: 922ec950bb3c30604cf06654ad554cded3a43d7d65378f292aefe506c0b2903b',
      'hint: install luau-exec again',
    ],
    call: ({ directory }) => loadOddWasm(directory, true),
  },
  {
    does: 'a virtual machine without memory',
    id: 'LX900',
    says: ['the Luau VM declares no memory', 'hint: install luau-exec again'],
    call: ({ directory }) => loadOddWasm(directory, false),
  },
  {
    // Through the command line it takes 5 s by the wall's clock.
    does: 'a pattern that takes too long',
    id: 'LX011',
    says: [
      '--grep took longer than 0.02 s and was stopped',
      'it was looking at message 1 of 1, of 41 characters',
      'hint: write a pattern that has fewer ways to match: no + or * inside another, such as (a+)+',
    ],
    call: () => findMatches({ pattern: /^(a+)+$/mu, texts: [`${'a'.repeat(40)}b`], limitMs: 20 }),
  },
];
