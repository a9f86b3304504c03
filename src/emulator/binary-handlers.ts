import {
  type Answer,
  createBytesAnswer,
  createGatewayRefusal,
  createJsonAnswer,
  createV2Refusal,
} from './api-answers.ts';
import type { ApiRequest } from './api-request.ts';
import { parseJsonObject } from './json-body.ts';
import { readId } from './task-handlers.ts';
import type { World } from './world.ts';

const MAX_INPUT_BYTES = 100 * 1024 * 1024;
const MAX_CREATE_BODY_BYTES = 64 * 1024;

export async function createBinaryInput(world: World, request: ApiRequest): Promise<Answer> {
  const universeId = readId(request, 'universeId');
  const sizeBytes = parseSize(parseJsonObject(await request.readBody(MAX_CREATE_BODY_BYTES)).size);
  const { path, uploadUri } = world.slots.createInput(universeId, sizeBytes);
  return createJsonAnswer({ path, size: sizeBytes, uploadUri });
}

/** Takes the bytes of a binary input. They must be exactly as many as the slot was made for, said beforehand. */
export async function uploadBinaryInput(world: World, request: ApiRequest): Promise<Answer> {
  const slot = world.slots.findUpload(request.params.id ?? '', request.query.get('signature'));
  const contentLength = request.headers['content-length'];
  if (contentLength === undefined) throw createGatewayRefusal(411);
  if (Number(contentLength) !== slot.sizeBytes) {
    const message = `The upload is ${contentLength} bytes long, the binary input was made for ${slot.sizeBytes}.`;
    throw createV2Refusal('INVALID_ARGUMENT', message);
  }
  slot.bytes = await request.readBody(slot.sizeBytes);
  return createBytesAnswer(new Uint8Array());
}

export function downloadBinaryOutput(world: World, request: ApiRequest): Answer {
  return createBytesAnswer(world.slots.readOutput(request.params.id ?? '', request.query.get('signature')));
}

// A 64-bit number may come as a string in JSON that is made from protocol buffers.
function parseSize(value: unknown): number {
  const size = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > MAX_INPUT_BYTES) {
    throw createV2Refusal('INVALID_ARGUMENT', `size must be a whole number from 1 to ${MAX_INPUT_BYTES}.`);
  }
  return size;
}
