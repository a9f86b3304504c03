import { CallInput } from '../call-input.ts';
import type { EngineMethods } from '../engine-calls.ts';
import type { MessageBoard } from './message-board.ts';

/** What MessagingService does outside of a script. Topics and messages were checked by the prelude. */
export function createMessagingMethods(messages: MessageBoard): EngineMethods {
  return {
    'MessagingService:PublishAsync': (value, { universeId }) => {
      const input = new CallInput(value);
      messages.publish({ universeId, topic: input.text('topic'), dataJson: input.text('dataJson') });
      return null;
    },
    // The first answer is the number of the subscription, each further one a message.
    'MessagingService:SubscribeAsync': (value, { universeId, signal, answerAgain }) =>
      messages.subscribe({
        universeId,
        topic: new CallInput(value).text('topic'),
        signal,
        deliver: ({ dataJson, sentSeconds }) => answerAgain({ dataJson, sentSeconds }),
      }),
    'RBXScriptConnection:Disconnect': (value) => {
      messages.unsubscribe(new CallInput(value).number('subscription'));
      return null;
    },
  };
}
