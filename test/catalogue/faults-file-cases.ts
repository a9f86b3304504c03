import { fault, file, line } from './faults-file-setup.ts';
import type { MessageCase } from './message-case.ts';

/** The facts of a request that is none. */
const REQUESTS = [
  '  over HTTP there are createTask, createTaskAtVersion, getTask, listLogs, createBinaryInput, uploadBinaryInput, downloadBinaryOutput, uploadPlace, introspectKey, createQueueItem, readQueueItems, discardQueueItems, listSortedMapItems, createSortedMapItem, getSortedMapItem, updateSortedMapItem, deleteSortedMapItem, publishMessage, and any',
  '  scripts call MemoryStoreSortedMap:GetAsync, MemoryStoreSortedMap:SetAsync, MemoryStoreSortedMap:UpdateAsync, MemoryStoreSortedMap:RemoveAsync, MemoryStoreSortedMap:GetRangeAsync, MemoryStoreSortedMap:GetSizeAsync, MemoryStoreQueue:AddAsync, MemoryStoreQueue:ReadAsync, MemoryStoreQueue:RemoveAsync, MemoryStoreQueue:GetSizeAsync, GlobalDataStore:GetAsync, GlobalDataStore:SetAsync, GlobalDataStore:UpdateAsync, GlobalDataStore:IncrementAsync, GlobalDataStore:RemoveAsync, DataStore:ListKeysAsync, MessagingService:PublishAsync, MessagingService:SubscribeAsync',
];

/** Files of faults that cannot be read, and faults that make no sense. */
export const faultsFileCases: readonly MessageCase[] = [
  {
    does: 'a faults file that is not there',
    line,
    id: 'LX011',
    exit: 2,
    says: [
      'error: the faults file f.json does not exist',
      'hint: name a JSON file; docs/faults.md has examples',
    ],
  },
  {
    does: 'a faults file that is no JSON',
    line,
    session: file('x'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: f.json is not JSON: Unexpected token \'x\', "x" is not valid JSON',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a faults file that is a list',
    line,
    session: file('[]'),
    id: 'LX011',
    exit: 2,
    says: ['error: f.json is a list, not an object', 'hint: the format is in docs/faults.md'],
  },
  {
    does: 'a faults file without faults',
    line,
    session: file('{}'),
    id: 'LX011',
    exit: 2,
    says: ['error: f.json has no list of faults', 'hint: write it as {"faults":[…]}'],
  },
  {
    does: 'a faults file with an object of faults',
    line,
    session: file('{"faults":{}}'),
    id: 'LX011',
    exit: 2,
    says: ['error: faults in f.json is an object, not a list', 'hint: the format is in docs/faults.md'],
  },
  {
    does: 'a faults file with a field that is mistyped',
    line,
    session: file('{"fauls":[]}'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: fauls in f.json is not a field of a fault',
      '  the fields here are faults',
      'hint: did you mean faults?',
    ],
  },
  {
    does: 'a faults file with a field that is like no other',
    line,
    session: file('{"faults":[{"zzzzzz":1}]}'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].zzzzzz in f.json is not a field of a fault',
      '  the fields here are request, nth, times, do',
      'hint: take it out',
    ],
  },
  {
    does: 'a fault without a request',
    line,
    session: file('{"faults":[{"do":{}}]}'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0] in f.json does not say which "request" it is about',
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a fault without a deed',
    line,
    session: file('{"faults":[{"request":"getTask"}]}'),
    id: 'LX011',
    exit: 2,
    says: ['error: faults[0] in f.json does not say what to "do"', 'hint: the format is in docs/faults.md'],
  },
  {
    does: 'a fault of a request that is mistyped',
    line,
    session: fault('getTsk', { never: true }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].request in f.json is "getTsk", which is no request',
      ...REQUESTS,
      'hint: did you mean getTask?',
    ],
  },
  {
    does: 'a fault of a request that is like no other',
    line,
    session: fault('zzzzzz', { never: true }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].request in f.json is "zzzzzz", which is no request',
      ...REQUESTS,
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a fault of a request that is a list',
    line,
    session: file('{"faults":[{"request":[],"do":{}}]}'),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].request in f.json is a list, which is no request',
      ...REQUESTS,
      'hint: the format is in docs/faults.md',
    ],
  },
  {
    does: 'a fault with a number that is none',
    line,
    session: fault('getTask', { never: true }, { nth: 0 }),
    id: 'LX011',
    exit: 2,
    says: [
      'error: faults[0].nth in f.json is 0, not a whole number from 1 to 1000000',
      'hint: the format is in docs/faults.md',
    ],
  },
];
