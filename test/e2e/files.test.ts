import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Obstacle } from '../helpers/byte-gate.ts';
import { GATED_KEY, type GatedSession, useGatedSessions } from '../helpers/gated-session.ts';
import { createBytes, digest } from '../helpers/transfer-session.ts';

const open = useGatedSessions();
const BYTES = createBytes(3_000_001);
const PLACE = Buffer.concat([Buffer.from('<roblox!'), BYTES]);
const FILES = {
  'in.bin': BYTES,
  'game.rbxl': PLACE,
  'in.luau': 'return buffer.len(({...})[1].BinaryInput)',
  'out.luau':
    'print("made")\nreturn { BinaryOutput = ({...})[1].BinaryInput, ReturnValues = { game.PlaceVersion } }',
  'version.luau': 'return game.PlaceVersion',
};
const INPUT = ['in.luau', '--binary-input', 'in.bin'];
const OUTPUT = ['out.luau', '--binary-input', 'in.bin', '--binary-output', 'out.bin'];
const UPLOADED_PLACE = ['version.luau', '--place-file', 'game.rbxl'];

/** Resets the connections of one method after a part of their bodies, the first `times` of them. */
const reset = (method: string, share: number, times: number) => (seen: string, nth: number) =>
  seen === method && nth < times ? ({ stop: { share, how: 'reset' } } satisfies Obstacle) : null;

const openReset = (method: string, share: number, times: number) =>
  open({ files: FILES, obstruct: reset(method, share, times) });

/** The body of the last request to an address that ends so. */
function readLastBody({ api }: GatedSession, end: RegExp): Buffer {
  const head = api.heads.findLast(({ path }) => end.test(path));
  const bytes = api.received()[head?.connection ?? -1] ?? Buffer.alloc(0);
  return bytes.subarray(bytes.indexOf('\r\n\r\n') + 4);
}

function countTransfers({ api, store }: GatedSession): number[] {
  const isPlace = ({ path }: { path: string }) => path.startsWith('/universes/v1/');
  const count = (method: string) => store.heads.filter((head) => head.method === method).length;
  return [count('PUT'), count('GET'), api.heads.filter(isPlace).length];
}

/** Nothing but what was there before. */
function expectNothingLeft(session: GatedSession): void {
  expect(session.listFiles()).toEqual(Object.keys(FILES).sort());
  expect(session.listTemporary()).toEqual([]);
  const places = join(session.place.directory, 'home/.local/state/luau-exec/places');
  expect(existsSync(places) ? readdirSync(places) : []).toEqual([]);
}

describe.each([10, 50, 99])('a connection that is reset once after %i %% of the bytes', (percent) => {
  it('costs an input nothing', async () => {
    const session = await openReset('PUT', percent / 100, 1);
    const { exitCode, stdout } = await session.place.run(['run', ...INPUT]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${BYTES.byteLength}\n` });
    expect(digest(session.jobs[0]?.binaryInput)).toBe(digest(BYTES));
    expect(countTransfers(session)).toEqual([2, 0, 0]);
    expectNothingLeft(session);
  });

  it('costs an output nothing', async () => {
    const session = await openReset('GET', percent / 100, 1);
    const { exitCode, stdout } = await session.place.run(['run', ...OUTPUT]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '1\n' });
    expect(digest(session.read('out.bin'))).toBe(digest(BYTES));
    expect(countTransfers(session)).toEqual([1, 2, 0]);
    expect(session.listFiles()).toEqual([...Object.keys(FILES), 'out.bin'].sort());
    expect(session.listTemporary()).toEqual([]);
  });

  it('costs a place nothing', async () => {
    const session = await openReset('POST', percent / 100, 1);
    const { exitCode, stdout } = await session.place.run(['run', ...UPLOADED_PLACE]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '2\n' });
    expect(digest(readLastBody(session, /\/versions\?/))).toBe(digest(PLACE));
    expect(countTransfers(session)).toEqual([0, 0, 2]);
  });
});

describe('a connection that is reset again and again', () => {
  // Side by side, as each waits for seconds between its tries.
  it('is given up: no half file, results where there are some, and what to do', async () => {
    const [input, output, place] = await Promise.all([
      openReset('PUT', 0.5, 4),
      openReset('GET', 0.5, 5),
      openReset('POST', 0.5, 4),
    ]);
    const [inputRun, outputRun, placeRun] = await Promise.all([
      input.place.run(['run', ...INPUT]),
      output.place.run(['run', ...OUTPUT]),
      place.place.run(['run', ...UPLOADED_PLACE]),
    ]);
    const GONE = /^error: uploading the (?:binary input|place) failed for \d+ s \(last: .*, 4 tries\)$/m;
    for (const { exitCode, stdout, stderr } of [inputRun, placeRun]) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
      expect(stderr).toMatch(GONE);
      expect(stderr).toContain('\nhint: check the network, then run it again\n');
    }
    expect([input.jobs, place.jobs]).toEqual([[], []]);
    expect(outputRun).toMatchObject({ exitCode: 7, stdout: '1\n' });
    expect(outputRun.stderr).toContain('\nmade\n');
    expect(outputRun.stderr).toMatch(
      /^error: downloading the binary output failed for \d+ s \(last: the answer was cut off, 5 tries\)$/m,
    );
    for (const session of [input, output, place]) expectNothingLeft(session);
    const [, hint = ''] = /^hint: luau-exec (wait .*)$/m.exec(outputRun.stderr) ?? [];
    expect(await output.place.run(hint.split(' '))).toMatchObject({ exitCode: 0, stdout: '1\n' });
    expect(digest(output.read('out.bin'))).toBe(digest(BYTES));
  }, 60_000);
});

describe('an address that has expired', () => {
  // Late enough for all to have been sent: who is answered sooner may find the connection reset instead.
  const refused = { answer: { status: 403, body: 'Request has expired' }, delayMs: 500 };

  it('is replaced for an input', async () => {
    const session = await open({ files: FILES, faults: [{ request: 'uploadBinaryInput', do: refused }] });
    expect(await session.place.run(['run', ...INPUT])).toMatchObject({ exitCode: 0 });
    expect(countTransfers(session)).toEqual([2, 0, 0]);
    const [first, second] = session.store.heads;
    expect(first?.path).not.toBe(second?.path);
    expect(digest(session.jobs[0]?.binaryInput)).toBe(digest(BYTES));
  });

  it('of an output is said with the results', async () => {
    const session = await open({ files: FILES, faults: [{ request: 'downloadBinaryOutput', do: refused }] });
    const { exitCode, stdout, stderr } = await session.place.run(['run', ...OUTPUT]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '1\n' });
    expect(stderr).toContain('error: downloading the binary output was refused (403)\n');
    expect(stderr).toContain(
      '  the address of binary data is valid for 15 minutes, and this one may be older\n',
    );
    expect(stderr).toMatch(/^hint: luau-exec wait universes\/\S+ --binary-output out\.bin$/m);
    expect(countTransfers(session)).toEqual([1, 1, 0]);
    expectNothingLeft(session);
  });
});

describe('the API key', () => {
  it('goes to the API and nowhere else, and signatures are told nobody', async () => {
    const session = await openReset('GET', 0.5, 1);
    const argv = ['run', ...OUTPUT, '--place-file', 'game.rbxl'];
    const { exitCode, stdout, stderr } = await session.place.run([
      ...argv,
      '-vv',
      '--output',
      'json=report.json',
    ]);
    expect(exitCode).toBe(0);
    const sent = session.store.received().map(splitRequest);
    const host = `host: ${new URL(session.store.url).host}`;
    const common = [host, 'connection: close', 'user-agent: luau-exec'];
    const put = [...common, 'content-type: application/octet-stream', `content-length: ${BYTES.byteLength}`];
    expect(sent.map(({ method, headers }) => [method, headers])).toEqual([
      ['PUT', put],
      ['GET', common],
      ['GET', common],
    ]);
    expect(sent.map(({ body }) => digest(body))).toEqual(
      [BYTES, Buffer.alloc(0), Buffer.alloc(0)].map(digest),
    );
    expect(session.store.received().some((bytes) => bytes.includes(GATED_KEY))).toBe(false);
    for (const bytes of session.api.received()) {
      const text = bytes.toString('latin1');
      const requests = text.match(/(?:GET|POST) \/\S+ HTTP\/1\.1\r\n/g) ?? [];
      expect(text.match(new RegExp(`^x-api-key: ${GATED_KEY}\r$`, 'gm'))).toHaveLength(requests.length);
    }
    const signatures = session.store.heads.map(({ path }) =>
      new URL(path, 'http://x').searchParams.get('signature'),
    );
    const written = listAll(join(session.place.directory, 'home')).map((name) => readFileSync(name, 'utf8'));
    const told = [stdout, stderr, session.read('report.json').toString(), ...written].join('\n');
    expect(stderr).toMatch(/^PUT \S+\/emulator\/binary-inputs\/\S+ 200 /m);
    expect(written).not.toEqual([]);
    for (const secret of [GATED_KEY, 'signature', ...signatures]) expect(told).not.toContain(secret);
  });
});

interface SentRequest {
  method: string;
  headers: string[];
  body: Buffer;
}

function splitRequest(bytes: Buffer): SentRequest {
  const end = bytes.indexOf('\r\n\r\n');
  const [line = '', ...headers] = bytes.toString('latin1', 0, end).split('\r\n');
  return { method: line.split(' ')[0] ?? '', headers, body: bytes.subarray(end + 4) };
}

/** All files below a directory. */
function listAll(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
