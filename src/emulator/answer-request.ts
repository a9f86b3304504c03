import type { IncomingMessage } from 'node:http';
import { type Answer, createGatewayRefusal, createV2Refusal, Refusal } from './api-answers.ts';
import { type ApiRequest, readBody, readPieces } from './api-request.ts';
import { formatRateHeaders } from './rate-windows.ts';
import { matchRoute, type Route, type RouteMatch } from './routes.ts';
import type { World } from './world.ts';

/** The route that a request has taken. */
export function findRoute({ method = '', url = '' }: IncomingMessage): RouteMatch {
  const [pathname = ''] = splitOnce(url, '?');
  return matchRoute(method, pathname);
}

/** Answers one HTTP request in the order of the service: route, key, rate, then the operation itself. Never rejects. */
export function answerRequest(world: World, incoming: IncomingMessage, match: RouteMatch): Promise<Answer> {
  return settle(async () => {
    const [pathname = '', search = ''] = splitOnce(incoming.url ?? '', '?');
    if (match.kind === 'unknown') throw createGatewayRefusal(404);
    if (match.kind === 'wrong_method') throw createGatewayRefusal(405, { allow: match.allowed.join(', ') });
    const { route } = match;
    const request: ApiRequest = {
      resource: pathname.replace(/^\/cloud\/v2\//, ''),
      params: match.params,
      query: new URLSearchParams(search),
      headers: incoming.headers,
      readBody: (limitBytes) => readBody(incoming, limitBytes),
      readPieces: (take) => readPieces(incoming, take),
      refuse: route.refuse ?? createV2Refusal,
    };
    return admit(world, route, request, async () => route.handle(world, request));
  });
}

async function admit(
  world: World,
  { operation, limitPerMinute }: Route,
  { headers, refuse }: ApiRequest,
  operate: () => Promise<Answer>,
): Promise<Answer> {
  if (limitPerMinute === null) return operate();
  if (!isGoodKey(headers['x-api-key'], world.apiKey)) throw createGatewayRefusal(401);
  const reading = world.rates.take({ operation, limitPerMinute });
  const answer = await settle(() => {
    if (reading.isAllowed) return operate();
    const message = `The limit of ${limitPerMinute} requests per minute was exceeded.`;
    throw refuse('RESOURCE_EXHAUSTED', message);
  });
  return { ...answer, headers: { ...answer.headers, ...formatRateHeaders(reading, answer.status) } };
}

function isGoodKey(key: string | string[] | undefined, goodKey: string | null): boolean {
  return goodKey === null ? typeof key === 'string' && key !== '' : key === goodKey;
}

async function settle(operate: () => Promise<Answer>): Promise<Answer> {
  try {
    return await operate();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return createV2Refusal('INTERNAL', `The emulator failed: ${String(error)}`).answer;
  }
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
