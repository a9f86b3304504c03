import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createGatewayRefusal, type Refuse } from './api-answers.ts';

/** One request as a handler sees it. */
export interface ApiRequest {
  /** The path without `/cloud/v2/`: for the API's own routes, a resource path. */
  resource: string;
  /** The parts of the path that the route names. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Throws a refusal (413) when the body is longer than `limitBytes`. */
  readBody(limitBytes: number): Promise<Uint8Array>;
  /** For bodies that are too large to be held: see `readPieces` below. */
  readPieces(take: (piece: Uint8Array) => void): Promise<void>;
  /** Makes a refusal in the family of bodies that the operation answers in. */
  refuse: Refuse;
}

/**
 * Reads a request's whole body. What is past the limit is read and thrown away, so that a client which is still
 * writing gets its answer instead of a reset connection.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let parts: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (part: Buffer) => {
      sizeBytes += part.length;
      if (sizeBytes <= limitBytes) {
        parts.push(part);
        return;
      }
      parts = [];
      reject(createGatewayRefusal(413));
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
}

/**
 * Hands over a request's body piece by piece and keeps none of it. Resolves at the end of the body, and rejects when
 * the client goes away before that.
 */
export function readPieces(request: IncomingMessage, take: (piece: Uint8Array) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    request.on('data', take);
    request.on('end', resolve);
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
}
