import type { JsonValue } from '../open-cloud/task.ts';

/** One HTTP answer, ready to be written. Header names are lower case. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** A request that is not carried out; thrown anywhere below the router, which sends `answer`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(message: string, answer: Answer) {
    super(message);
    this.answer = answer;
  }
}

const CODE_STATUS = {
  INVALID_ARGUMENT: 400,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
} as const;

type RefusalCode = keyof typeof CODE_STATUS;

/** Makes a refusal in one family of bodies; the HTTP status follows from the code. */
export type Refuse = (code: RefusalCode, message: string) => Refusal;

const GATEWAY_MESSAGE = {
  401: 'Invalid API Key',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  411: 'LengthRequired',
  413: 'PayloadTooLarge',
} as const;

export function createJsonAnswer(value: JsonValue, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

export function createTextAnswer(text: string): Answer {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) };
}

export function createBytesAnswer(body: Uint8Array): Answer {
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body };
}

/** A refusal in the words of an Open Cloud v2 service. */
export const createV2Refusal: Refuse = (code, message) =>
  new Refusal(message, createJsonAnswer({ code, message, details: [] }, CODE_STATUS[code]));

/** A refusal in the words of an Open Cloud v1 service. */
export const createV1Refusal: Refuse = (code, message) =>
  new Refusal(message, createJsonAnswer({ error: code, message, errorDetails: [] }, CODE_STATUS[code]));

/** A refusal in the words of the gateway that stands in front of all services. */
export function createGatewayRefusal(
  status: keyof typeof GATEWAY_MESSAGE,
  headers: Record<string, string> = {},
): Refusal {
  const message = GATEWAY_MESSAGE[status];
  const answer = createJsonAnswer({ errors: [{ code: 0, message }] }, status);
  return new Refusal(message, { ...answer, headers: { ...answer.headers, ...headers } });
}
