import type { StallListener } from '../../src/emulator/apply-fault.ts';
import type { FakeClock } from './fake-clock.ts';

/** The requests with one method and URL: alike as they are, only their numbers count. */
interface Lane {
  /** Sent, and neither answered nor failed. */
  underWay: number;
  /** Of these, the ones whose answers a fault holds back. */
  stalled: number;
  /** One for each request that virtual time has to wait for. */
  holds: (() => void)[];
}

/**
 * Makes virtual time stand still while requests are on the wire, save for those that the emulator leaves waiting on
 * purpose. An emulator is given `onStall`, and every request to it goes through `carry`.
 */
export class WireTraffic {
  readonly #clock: FakeClock;
  readonly #lanes = new Map<string, Lane>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async carry<Answer>(method: string, url: URL, send: () => Promise<Answer>): Promise<Answer> {
    const lane = this.#lane(`${method} ${url.pathname}${url.search}`);
    lane.underWay++;
    this.#balance(lane);
    try {
      return await send();
    } finally {
      // A client that gives up knows it sooner than the emulator. Until both do, time would move by one request less
      // than there is.
      const release = this.#clock.hold();
      lane.underWay--;
      this.#balance(lane);
      while (lane.stalled > lane.underWay) await new Promise((resolve) => setImmediate(resolve));
      release();
    }
  }

  readonly onStall: StallListener = ({ method, url }) => {
    const lane = this.#lane(`${method} ${url}`);
    lane.stalled++;
    this.#balance(lane);
    return () => {
      lane.stalled--;
      this.#balance(lane);
    };
  };

  #lane(key: string): Lane {
    const lane = this.#lanes.get(key) ?? { underWay: 0, stalled: 0, holds: [] };
    this.#lanes.set(key, lane);
    return lane;
  }

  #balance({ underWay, stalled, holds }: Lane): void {
    const wanted = Math.max(0, underWay - stalled);
    while (holds.length < wanted) holds.push(this.#clock.hold());
    while (holds.length > wanted) holds.pop()?.();
  }
}
