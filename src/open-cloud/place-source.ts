import { open } from 'node:fs/promises';
import { LuauExecError } from '../errors.ts';
import { ByteMeter } from './byte-meter.ts';
import { type ByteSource, type OpenedSource, openByteSource, type SourceRules } from './byte-source.ts';
import type { PlaceBody } from './requests.ts';

/** The first bytes of a file, as many as a declaration and white space before the first element may take. */
const HEAD_BYTES = 1024;

/** How large a file may be is for the service to say. */
const PLACE: SourceRules = {
  requireSize(sizeBytes) {
    if (sizeBytes === 0) throw createPlaceError('the place file is empty');
  },
  createError: createPlaceError,
};

/** A place file that can be read any number of times. */
export interface OpenedPlace extends OpenedSource {
  contentType: PlaceBody['contentType'];
}

/** Throws LX020, kind `usage`, for what cannot be read or is no place file. The bytes decide, not the name. */
export async function openPlaceSource(source: ByteSource): Promise<OpenedPlace> {
  const opened = await openByteSource(source, PLACE);
  try {
    return { ...opened, contentType: readContentType(await readHead(source), source) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The SHA-256 of a place file in hexadecimal. Throws as `openPlaceSource` does, and the reason of an abort. */
export async function hashPlaceSource(
  source: ByteSource,
  { signal }: { signal: AbortSignal },
): Promise<string> {
  const opened = await openPlaceSource(source);
  try {
    const meter = new ByteMeter();
    for await (const chunk of opened.readChunks()) {
      signal.throwIfAborted();
      meter.add(chunk);
    }
    return meter.digest();
  } finally {
    await opened.close();
  }
}

async function readHead(source: ByteSource): Promise<string> {
  if (typeof source !== 'string') return Buffer.from(source.subarray(0, HEAD_BYTES)).toString('utf8');
  const file = await open(source);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function readContentType(head: string, source: ByteSource): PlaceBody['contentType'] {
  const name = typeof source === 'string' ? source : 'what was given';
  // Models begin in the same way, and only their names tell.
  if (/\.rbxmx?$/i.test(name)) {
    throw createPlaceError(
      `${name} is a model, not a place`,
      undefined,
      'save or build it as .rbxl or .rbxlx',
    );
  }
  if (head.startsWith('<roblox!')) return 'application/octet-stream';
  if (/^<roblox[\s>]/.test(skipProlog(head))) return 'application/xml';
  throw createPlaceError(
    `${name} is not a place file`,
    undefined,
    'name a file that Studio or rojo has made, .rbxl or .rbxlx',
  );
}

/** XML from its first element on: without byte order mark, declaration, comments and white space. */
function skipProlog(head: string): string {
  let rest = head.replace(/^\uFEFF/, '').trimStart();
  for (const [start, end] of [
    ['<?', '?>'],
    ['<!--', '-->'],
  ] as const) {
    while (rest.startsWith(start)) {
      const index = rest.indexOf(end, start.length);
      if (index === -1) return '';
      rest = rest.slice(index + end.length).trimStart();
    }
  }
  return rest;
}

function createPlaceError(message: string, cause?: unknown, hint: string | null = null): LuauExecError {
  return new LuauExecError(message, { id: 'LX020', kind: 'usage', hint, cause });
}
