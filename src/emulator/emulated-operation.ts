/** Every operation that the emulator answers, under the name that faults and rate windows know it by. */
export const EMULATED_OPERATIONS = [
  'createTask',
  'createTaskAtVersion',
  'getTask',
  'listLogs',
  'createBinaryInput',
  'uploadBinaryInput',
  'downloadBinaryOutput',
  'introspectKey',
] as const;

export type EmulatedOperation = (typeof EMULATED_OPERATIONS)[number];
