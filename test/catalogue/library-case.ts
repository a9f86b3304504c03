import type { Fault } from '../../src/emulator/faults.ts';
import type { TransferSession } from '../helpers/transfer-session.ts';

/** One message that no command leads to, and the call of the library, or of a function, that does. */
export interface LibraryCase {
  does: string;
  id: string;
  /** Headline, facts and hint, one a line. `DIR` stands for the working directory. */
  says: readonly string[];
  faults?: readonly Fault[];
  call: (session: TransferSession) => unknown;
}
