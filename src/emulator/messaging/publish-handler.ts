import { type Answer, createJsonAnswer, createV2Refusal, type Refusal } from '../api-answers.ts';
import type { ApiRequest } from '../api-request.ts';
import { parseJsonObject } from '../json-body.ts';
import { readId } from '../task-handlers.ts';
import type { World } from '../world.ts';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_TOPIC_CHARACTERS = 80;
const MAX_MESSAGE_BYTES = 1024;

/** Publishes a text to the scripts that run in a universe, as `MessagingService:PublishAsync` would. */
export async function publishMessage(world: World, request: ApiRequest): Promise<Answer> {
  const universeId = readId(request, 'universeId');
  const { topic, message } = parseJsonObject(await request.readBody(MAX_BODY_BYTES));
  const dataJson = JSON.stringify(readMessage(message));
  world.messages.publish({ universeId, topic: readTopic(topic), dataJson });
  return createJsonAnswer({});
}

function readTopic(value: unknown): string {
  const length = typeof value === 'string' ? [...value].length : 0;
  if (typeof value !== 'string' || length < 1 || length > MAX_TOPIC_CHARACTERS) {
    throw invalid(`topic must be a string of 1 to ${MAX_TOPIC_CHARACTERS} characters.`);
  }
  return value;
}

function readMessage(value: unknown): string {
  if (typeof value !== 'string') throw invalid('message must be a string.');
  const sizeBytes = Buffer.byteLength(value);
  if (sizeBytes <= MAX_MESSAGE_BYTES) return value;
  throw invalid(`message is ${sizeBytes} bytes long, at most ${MAX_MESSAGE_BYTES} are allowed.`);
}

function invalid(message: string): Refusal {
  return createV2Refusal('INVALID_ARGUMENT', message);
}
