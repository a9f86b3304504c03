import type { ServerResponse } from 'node:http';
import type { Answer } from './api-answers.ts';
import type { Writing } from './faults.ts';

const BODILESS: ReadonlySet<number> = new Set([204, 304]);
const PIECE_BYTES = 64 * 1024;

/** Writes a whole answer and leaves the connection open for the next request. */
export function writeAnswer(response: ServerResponse, answer: Answer): void {
  const { status, body } = answer;
  writeHead(response, BODILESS.has(status) ? answer : withLength(answer));
  response.end(body);
}

/**
 * Writes an answer as a fault wants it. `pause` waits between two pieces of a body that drips, and rejects when the
 * client has gone away.
 */
export async function writeBadly(
  response: ServerResponse,
  answer: Answer,
  { truncate, drip, endless }: Writing,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  if (endless) return writeEndlessly(response, answer);
  if (truncate === undefined && !drip) return writeAnswer(response, answer);
  const { body } = answer;
  writeHead(response, withLength(answer));
  response.flushHeaders();
  if (drip) {
    for (let start = 0; start < body.byteLength; start += drip.bytes) {
      await pause(drip.everyMs);
      await writePart(response, body.subarray(start, start + drip.bytes));
    }
    response.end();
    return;
  }
  await writePart(response, body.subarray(0, truncate));
  // Not destroyed: what the client has sent and we have not read would turn the end into a reset.
  response.socket?.end();
}

function writeHead(response: ServerResponse, { status, headers }: Omit<Answer, 'body'>): void {
  // An answer has a date of its own, or none on purpose; Node would add the machine's.
  response.sendDate = false;
  response.writeHead(status, headers);
}

function withLength({ status, headers, body }: Answer): Omit<Answer, 'body'> {
  return { status, headers: { ...headers, 'content-length': String(body.byteLength) } };
}

/** In chunks, as a body without a length is; nothing but the client's leaving ends it. */
async function writeEndlessly(response: ServerResponse, answer: Answer): Promise<void> {
  const { byteLength } = answer.body;
  const piece = Buffer.alloc(
    byteLength * Math.ceil(PIECE_BYTES / byteLength) || PIECE_BYTES,
    byteLength === 0 ? ' ' : answer.body,
  );
  writeHead(response, answer);
  while (!response.destroyed) await writePart(response, piece);
}

/** Resolves when the part has left for the client, or the client is gone. */
function writePart(response: ServerResponse, part: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (part.byteLength === 0) resolve();
    else response.write(part, () => resolve());
  });
}
