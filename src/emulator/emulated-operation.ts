/** Every operation that the emulator answers, under the name that faults and rate windows know it by. */
export const EMULATED_OPERATIONS = [
  'createTask',
  'createTaskAtVersion',
  'getTask',
  'listLogs',
  'createBinaryInput',
  'uploadBinaryInput',
  'downloadBinaryOutput',
  'uploadPlace',
  'introspectKey',
  'createQueueItem',
  'readQueueItems',
  'discardQueueItems',
  'listSortedMapItems',
  'createSortedMapItem',
  'getSortedMapItem',
  'updateSortedMapItem',
  'deleteSortedMapItem',
  'publishMessage',
] as const;

export type EmulatedOperation = (typeof EMULATED_OPERATIONS)[number];
