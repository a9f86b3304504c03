import type { Clock } from '../../clock.ts';

/** A message as subscribers get it. */
export interface PublishedMessage {
  /** JSON text. */
  dataJson: string;
  /** Seconds since the Unix epoch. */
  sentSeconds: number;
}

export interface Publication {
  universeId: string;
  topic: string;
  /** JSON text. */
  dataJson: string;
}

export interface Subscription {
  universeId: string;
  topic: string;
  deliver(message: PublishedMessage): void;
  /** Aborts when the script has ended, which ends what it subscribed to. */
  signal: AbortSignal;
}

/** Who listens to which topic. Messages are kept for nobody: who subscribes later does not get them. */
export class MessageBoard {
  readonly #clock: Clock;
  readonly #subscriptions = new Map<number, Subscription>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the number of the subscription. */
  subscribe(subscription: Subscription): number {
    this.#forgetEnded();
    this.#count++;
    this.#subscriptions.set(this.#count, subscription);
    return this.#count;
  }

  unsubscribe(id: number): void {
    this.#subscriptions.delete(id);
  }

  /** Hands the message to every subscriber of the universe's topic, in the order of subscription. */
  publish({ universeId, topic, dataJson }: Publication): void {
    this.#forgetEnded();
    const message = { dataJson, sentSeconds: this.#clock.wallNow() / 1000 };
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.universeId === universeId && subscription.topic === topic) {
        subscription.deliver(message);
      }
    }
  }

  // Not by a listener on each signal: Node warns on stderr when more than ten share one.
  #forgetEnded(): void {
    for (const [id, { signal }] of this.#subscriptions) {
      if (signal.aborted) this.#subscriptions.delete(id);
    }
  }
}
