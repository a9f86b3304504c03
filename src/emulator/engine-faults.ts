import type { Clock } from '../clock.ts';
import { ENGINE_METHOD_NAMES } from './engine-method-name.ts';
import type { FaultAction, FaultScript } from './faults.ts';
import type { EngineAnswer, EngineCalls } from './luau/luau-runner.ts';

/** The calls of an engine, some of which go wrong as the faults say. */
export function addEngineFaults(engine: EngineCalls, faults: FaultScript, clock: Clock): EngineCalls {
  return (call, answer, signal) => {
    const method = ENGINE_METHOD_NAMES.find((name) => name === call.method);
    const action = method === undefined ? null : faults.meetCall(method);
    if (action === null) return engine(call, answer, signal);
    if ('never' in action) return;
    const { delayMs = 0 } = action;
    const late = (outcome: EngineAnswer) => {
      if (delayMs === 0) return answer(outcome);
      const give = () => answer(outcome);
      // A sleep that is broken off belongs to a script that is over.
      clock.sleep(delayMs, signal).then(give, () => undefined);
    };
    if ('answer' in action) late({ ok: false, message: describeFailure(action.answer, call.method) });
    else engine(call, late, signal);
  };
}

type FailureAnswer = Extract<FaultAction, { answer: unknown }>['answer'];

function describeFailure({ status, body }: FailureAnswer, method: string): string {
  return typeof body === 'string' ? body : `InternalError: a fault answers ${method} with status ${status}`;
}
