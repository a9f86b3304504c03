import { LOCAL_TARGET } from '../../config/settings.ts';
import { LuauExecError } from '../../errors.ts';
import { sanitizeLine } from '../../output/sanitize.ts';
import type { Connection } from '../connect.ts';
import type { Invocation } from '../invocation.ts';
import { openDialogue } from '../terminal-dialogue.ts';

export interface PublishOptions {
  invocation: Invocation;
  connection: Connection;
  /** True after `--yes`: nobody is asked. */
  isConfirmed: boolean;
}

/**
 * Asks whether a place file may be published, which changes the game for everybody who joins it. Nobody is asked after
 * `--yes`, nor for an emulator of this process's own. Throws LX023 where the answer is no, and where nobody can be asked;
 * LX602 after Ctrl-C.
 */
export async function confirmPublish(
  name: string,
  { isConfirmed, invocation, connection }: PublishOptions,
): Promise<void> {
  if (isConfirmed || connection.target === LOCAL_TARGET) return;
  const { placeId, universeId } = connection;
  const dialogue = openDialogue(invocation.context, { untouched: 'nothing was sent' });
  if (dialogue === null) {
    throw new LuauExecError('--publish changes the live game, and nobody is here to be asked', {
      id: 'LX023',
      kind: 'usage',
      facts: ['nothing was sent'],
      hint: 'add --yes where that is meant',
    });
  }
  try {
    const where = `place ${placeId} of universe ${universeId}`;
    const question = `publish ${sanitizeLine(name)} as ${where}? it becomes what players join [y/N] `;
    const answer = await dialogue.askLine(question);
    if (/^\s*y(?:es)?\s*$/i.test(answer)) return;
  } finally {
    dialogue.close();
  }
  throw new LuauExecError('not published; nothing was sent', { id: 'LX023', kind: 'usage' });
}
