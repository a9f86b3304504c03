import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultAction } from '../../src/emulator/faults.ts';
import { loadLuauWasm } from '../../src/luau/luau-wasm.ts';
import type { ByteSource } from '../../src/open-cloud/byte-source.ts';
import { downloadBinaryOutput } from '../../src/open-cloud/download.ts';
import { ExchangeError, type ExchangeFailure } from '../../src/open-cloud/exchange.ts';
import { uploadBinaryInput } from '../../src/open-cloud/upload.ts';
import type { TransferSession } from '../helpers/transfer-session.ts';
import type { LibraryCase } from './library-case.ts';

export const BYTES = Buffer.from('hello');
const CHECK_URL = 'hint: check the base URL; if it is right, report this';
export const place = { universeId: '11', placeId: '22', versionId: null, timeoutSeconds: null };

export async function upload(session: TransferSession, source: ByteSource, sizeBytes = 5): Promise<unknown> {
  const slot = await session.client.createBinaryInput({ universeId: '11', sizeBytes });
  return uploadBinaryInput(slot, source, session.options);
}

/** Downloads to a file of this name, after something was done to it. */
export function downloadTo(
  name: string,
  prepare: (file: string, session: TransferSession) => unknown = () => {},
) {
  return async (session: TransferSession) => {
    const file = join(session.directory, name);
    prepare(file, session);
    return downloadBinaryOutput(await session.createOutput(), file, session.options);
  };
}

/** An address that the service would have to have given. */
export function refuseUri(does: string, uri: string, reason: string): LibraryCase {
  return {
    does: `binary data at an address ${does}`,
    id: 'LX531',
    says: [
      `refused an address that the service gave for binary data: ${reason}`,
      'nothing was sent there',
      CHECK_URL,
    ],
    call: ({ directory, options }) => downloadBinaryOutput(uri, join(directory, 'out'), options),
  };
}

export function uploading(action: FaultAction): Pick<LibraryCase, 'faults' | 'call'> {
  return {
    faults: [{ request: 'uploadBinaryInput', times: 'always', do: action }],
    call: (session) => upload(session, BYTES),
  };
}

/** The network fails while the input is uploaded. */
export function failing(failure: ExchangeFailure, code: string, message: string): Pick<LibraryCase, 'call'> {
  return {
    call: (session) => {
      session.options.stream = async () => {
        throw new ExchangeError(message, { failure, code, wasSent: false, isReusedSocket: false });
      };
      return upload(session, BYTES);
    },
  };
}

/** A module of eight bytes, which is the least that there can be. */
export function loadOddWasm(directory: string, isHashChecked: boolean): unknown {
  const file = join(directory, 'odd.wasm');
  writeFileSync(file, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  return loadLuauWasm({ memoryMiB: 32, file, isHashChecked });
}
