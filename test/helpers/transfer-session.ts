import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { LuauExecError } from '../../src/errors.ts';
import type { RequestTrace, RequestWait } from '../../src/open-cloud/api-session.ts';
import { OpenCloudClient } from '../../src/open-cloud/client.ts';
import type { HttpRequest } from '../../src/open-cloud/exchange.ts';
import type { StreamRequest } from '../../src/open-cloud/stream-exchange.ts';
import type { TransferProgress } from '../../src/open-cloud/transfer.ts';
import { createTransport } from '../../src/open-cloud/transport.ts';
import type { UploadOptions } from '../../src/open-cloud/upload.ts';
import { describeSlips } from './emulator-slips.ts';
import { FakeClock } from './fake-clock.ts';
import { createScriptedLuau, type ScriptedLuau } from './scripted-luau.ts';
import { WireTraffic } from './wire-traffic.ts';

export const TRANSFER_KEY = 'key-that-no-store-may-see-5c1f';

export interface TransferSessionOptions {
  faults?: readonly Fault[];
  /** What the script `export` returns as its binary output. */
  output?: Uint8Array;
  /** What may be changed about a request to a presigned URI on its way. */
  changeStream?: (request: StreamRequest) => StreamRequest;
}

/** A client, an emulator and its presigned URIs, on a clock that moves by itself while nothing is on the wire. */
export interface TransferSession {
  clock: FakeClock;
  emulator: Emulator;
  luau: ScriptedLuau;
  client: OpenCloudClient;
  directory: string;
  /** Every request, to the API and to presigned URIs: `PUT /emulator/binary-inputs/ID`. */
  requests: string[];
  /** The names and values of the headers with which presigned URIs were asked, as the emulator got them. */
  storeHeaders: string[][];
  waits: RequestWait[];
  traces: RequestTrace[];
  progress: TransferProgress[];
  /** For `uploadBinaryInput` and `downloadBinaryOutput`, to be changed where a test wants. */
  options: UploadOptions;
  /** Runs the script `export` and returns its binary output's URI. */
  createOutput(): Promise<string>;
  /** Runs a script with an input and returns the bytes that it was given. */
  readInput(path: string): Promise<Uint8Array | undefined>;
}

/** A function that makes sessions; each ends with its test, which fails for a fault that nobody met. */
export function useTransferSessions(): (options?: TransferSessionOptions) => Promise<TransferSession> {
  const cleanups: (() => unknown)[] = [];
  const emulators: Emulator[] = [];
  const openDirectory = useDirectories();
  afterEach(async () => {
    const slips = emulators.splice(0).flatMap(describeSlips);
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    if (slips.length > 0) throw new Error(slips.join('\n'));
  });
  return async ({ faults = [], output = new Uint8Array(), changeStream = keep } = {}) => {
    const clock = new FakeClock();
    const traffic = new WireTraffic(clock);
    const result = { kind: 'complete' as const, results: [], binaryOutput: output };
    const luau = createScriptedLuau({ export: { result }, import: {} });
    const emulator = await startEmulator({
      runLuau: luau.runLuau,
      clock: clock.background,
      apiKey: TRANSFER_KEY,
      faults,
      onStall: traffic.onStall,
    });
    emulators.push(emulator);
    const transport = createTransport({ clock, env: {} });
    cleanups.push(
      () => emulator.close(),
      () => transport.close(),
      clock.startAutomatic(),
    );
    const requests: string[] = [];
    const storeHeaders: string[][] = [];
    const note = (event: unknown) => {
      const request = readRequest(event);
      if (`http://${request?.headers.host}` !== emulator.baseUrl) return;
      if (request?.url?.startsWith('/emulator/')) storeHeaders.push(request.rawHeaders);
    };
    subscribe('http.server.request.start', note);
    cleanups.push(() => unsubscribe('http.server.request.start', note));
    const carry = <Answer>({ method, url }: HttpRequest | StreamRequest, send: () => Promise<Answer>) => {
      requests.push(`${method} ${url.pathname}`);
      return traffic.carry(method, url, send);
    };
    const client = new OpenCloudClient({
      apiKey: TRANSFER_KEY,
      baseUrl: emulator.baseUrl,
      exchange: (request) => carry(request, () => transport.exchange(request)),
      clock,
      random: () => 1,
    });
    const waits: RequestWait[] = [];
    const traces: RequestTrace[] = [];
    const progress: TransferProgress[] = [];
    const options: UploadOptions = {
      client,
      stream: (request) => carry(request, () => transport.stream(changeStream(request))),
      clock,
      random: () => 1,
      onWait: (wait) => waits.push(wait),
      onTrace: (trace) => traces.push(trace),
      onProgress: (step) => progress.push(step),
    };
    const place = { universeId: '11', placeId: '22', versionId: null, timeoutSeconds: null };
    return {
      ...{ clock, emulator, luau, client, directory: openDirectory(), requests, storeHeaders },
      ...{ waits, traces, progress, options },
      async createOutput() {
        const task = await client.createTask({ ...place, script: 'export', enableBinaryOutput: true });
        const { binaryOutputUri } = await client.getTask(task.path);
        requests.length = 0;
        return binaryOutputUri ?? '';
      },
      async readInput(path) {
        await client.createTask({ ...place, script: 'import', binaryInput: path });
        return luau.jobs.at(-1)?.binaryInput;
      },
    };
  };
}

function keep(request: StreamRequest): StreamRequest {
  return request;
}

function readRequest(event: unknown): IncomingMessage | null {
  if (typeof event !== 'object' || event === null || !('request' in event)) return null;
  return event.request instanceof IncomingMessage ? event.request : null;
}

/** A function that makes empty directories, which are removed after each test. */
export function useDirectories(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
  });
  return () => {
    const directory = mkdtempSync(join(tmpdir(), 'luau-exec-transfer-'));
    made.push(directory);
    return directory;
  };
}

/** Bytes without a pattern that a shift would hide, the same each time. */
export function createBytes(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  let state = 1;
  for (let index = 0; index < sizeBytes; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return bytes;
}

/** In hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Short words for bytes, where a difference would fill the screen. */
export function digest(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return 'nothing';
  return `${bytes.byteLength} bytes ${sha256(bytes).slice(0, 16)}`;
}

export function writeBytes(directory: string, bytes: Uint8Array): string {
  const name = join(directory, 'input.bin');
  writeFileSync(name, bytes);
  return name;
}

/** The names in a directory: that nothing is left there is part of what is tested. */
export function listNames(directory: string): string[] {
  return readdirSync(directory).sort();
}

export async function catchError(pending: Promise<unknown>): Promise<LuauExecError> {
  try {
    await pending;
  } catch (error) {
    if (error instanceof LuauExecError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
