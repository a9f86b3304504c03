import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { answerRequest, findRoute } from './answer-request.ts';
import type { Answer } from './api-answers.ts';
import { applyFault, type StallListener } from './apply-fault.ts';
import type { FaultScript } from './faults.ts';
import type { World } from './world.ts';
import { writeAnswer } from './write-answer.ts';

export interface RequestServer {
  world: World;
  clock: Clock;
  faults: FaultScript;
  onStall: StallListener;
  /** Called with `METHOD /path` of a request that the emulator has no operation for. */
  onUnknown(request: string): void;
}

/** Serves one request to its end, as it should be or as a fault wants it. */
export async function serveRequest(
  server: RequestServer,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { world, clock, faults, onStall, onUnknown } = server;
  const match = findRoute(incoming);
  if (match.kind !== 'found') onUnknown(`${incoming.method} ${incoming.url}`);
  const act = async () => withDate(await answerRequest(world, incoming, match), clock);
  const action = match.kind === 'found' ? faults.meet(match.route.operation) : null;
  if (!action) return writeAnswer(response, await act());
  const blank = withDate({ status: 200, headers: {}, body: new Uint8Array() }, clock);
  await applyFault({ action, incoming, response, clock, onStall, act, blank });
}

/** Node would take the machine's time, and every other time of the emulator is its clock's. */
function withDate(answer: Answer, clock: Clock): Answer {
  const date = new Date(clock.wallNow()).toUTCString();
  return { ...answer, headers: { date, ...answer.headers } };
}
