import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { collect, NODE, ROOT, useWorkplaces, type Workplace } from '../helpers/bin.ts';
import { createBytes, digest } from '../helpers/transfer-session.ts';

const open = useWorkplaces();
const LIBRARY = pathToFileURL(join(ROOT, 'dist', 'index.js')).href;
const MIB = 1024 * 1024;
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Runs code in a process of its own with the built library, and returns what it writes as JSON. */
async function runCode(place: Workplace, code: string) {
  const imports = ['createTransport', 'downloadBinaryOutput', 'measureByteSource', 'OpenCloudClient'];
  const names = [...imports, 'startEmulator', 'systemClock', 'uploadBinaryInput', 'watchTask'].join(', ');
  const text = `import { ${names} } from ${JSON.stringify(LIBRARY)};\n${code}`;
  const child = spawn(NODE, ['--input-type=module', '-e', text], {
    cwd: place.directory,
    env: place.environment,
  });
  const result = await collect(child);
  expect([result.exitCode, result.stderr]).toEqual([0, '']);
  return JSON.parse(result.stdout);
}

/** Takes whatever is uploaded, and gives as many bytes as the URL asks for, without ever holding them. */
async function startStore(): Promise<{ url: string; receivedBytes: () => number }> {
  let receivedBytes = 0;
  const server = createServer((request, response) => {
    if (request.method === 'PUT') {
      request.on('data', (chunk: Buffer) => {
        receivedBytes += chunk.byteLength;
      });
      request.on('end', () => response.end());
      return;
    }
    const sizeMib = Number(request.url?.slice(1));
    response.writeHead(200, { 'content-length': sizeMib * MIB });
    const piece = Buffer.alloc(MIB, 'x');
    const write = (left: number) => {
      if (left > 0) response.write(piece, () => write(left - 1));
      else response.end();
    };
    write(sizeMib);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}`, receivedBytes: () => receivedBytes };
}

describe('the built library', () => {
  it('takes bytes to a script and back', async () => {
    const place = open();
    const bytes = createBytes(3 * MIB + 1);
    writeFileSync(join(place.directory, 'in.bin'), bytes);
    const report = await runCode(
      place,
      `
      const emulator = await startEmulator();
      const transport = createTransport({ clock: systemClock, env: {} });
      const client = new OpenCloudClient({
        apiKey: 'any', baseUrl: emulator.baseUrl, exchange: transport.exchange,
      });
      const transfer = { client, stream: transport.stream };
      const slot = await client.createBinaryInput({
        universeId: '1', sizeBytes: await measureByteSource('in.bin'),
      });
      const { path } = await uploadBinaryInput(slot, 'in.bin', transfer);
      const script = 'local input = ({...})[1].BinaryInput ' +
        'return { BinaryOutput = input, ReturnValues = { buffer.len(input) } }';
      let { path: task } = await client.createTask({
        universeId: '1', placeId: '2', versionId: null, timeoutSeconds: null,
        script, binaryInput: path, enableBinaryOutput: true,
      });
      let last;
      do last = await client.getTask(task); while (last.phase === 'unfinished');
      const { sizeBytes, sha256 } = await downloadBinaryOutput(last.binaryOutputUri, 'out.bin', transfer);
      await transport.close();
      await emulator.close();
      console.log(JSON.stringify({ results: last.results, sizeBytes, sha256 }));
    `,
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(report).toEqual({ results: [bytes.byteLength], sizeBytes: bytes.byteLength, sha256 });
    expect(digest(readFileSync(join(place.directory, 'out.bin')))).toBe(digest(bytes));
  });

  it('holds neither an input of 100 MiB nor an output of 100 MiB in memory', async () => {
    const place = open();
    const store = await startStore();
    for (const [name, sizeMib] of [
      ['warm.bin', 30],
      ['in.bin', 100],
    ] as const) {
      writeFileSync(join(place.directory, name), '');
      truncateSync(join(place.directory, name), sizeMib * MIB);
    }
    const report = await runCode(
      place,
      `
      const transport = createTransport({ clock: systemClock, env: {} });
      const origin = ${JSON.stringify(store.url)};
      const transfer = { client: { origin }, stream: transport.stream };
      const slot = { path: 'p', universeId: '1', uploadUri: origin + '/in', createdAtMs: systemClock.now() };
      // What is garbage by now is not collected at once, so a first round shows how much there may be of it.
      await uploadBinaryInput({ ...slot, sizeBytes: ${30 * MIB} }, 'warm.bin', transfer);
      await downloadBinaryOutput(origin + '/30', 'small.bin', transfer);
      const beforeKib = process.resourceUsage().maxRSS;
      await uploadBinaryInput({ ...slot, sizeBytes: ${100 * MIB} }, 'in.bin', transfer);
      await downloadBinaryOutput(origin + '/100', 'out.bin', transfer);
      await transport.close();
      console.log(JSON.stringify({ grownMib: (process.resourceUsage().maxRSS - beforeKib) / 1024 }));
    `,
    );
    expect(report.grownMib).toBeLessThan(60);
    expect(store.receivedBytes()).toBe(130 * MIB);
    expect(statSync(join(place.directory, 'out.bin')).size).toBe(100 * MIB);
  });
});
