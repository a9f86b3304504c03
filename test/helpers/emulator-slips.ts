import type { Emulator } from '../../src/emulator/server.ts';

/** What went otherwise than a test has said: faults that no request met, and requests that nobody foresaw. */
export function describeSlips(emulator: Pick<Emulator, 'unmetFaults' | 'unknownRequests'>): string[] {
  return [
    ...emulator
      .unmetFaults()
      .map(({ metTimes, ...fault }) => `met ${metTimes} times only: the fault ${JSON.stringify(fault)}`),
    ...emulator.unknownRequests().map((request) => `the emulator has no answer for ${request}`),
  ];
}
