const LONGEST_WAIT_MS = 15_000;

/** What a process writes, read in order: each question goes on behind the answer to the one before. */
export class OutputReader {
  text = '';
  #readTo = 0;
  #hasEnded = false;
  #look: () => void = () => undefined;

  add(text: string): void {
    this.text += text;
    this.#look();
  }

  end(): void {
    this.#hasEnded = true;
    this.#look();
  }

  /** Resolves when the pattern has come; rejects with all that came instead when it does not, for a long time or ever. */
  until(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#look = () => undefined;
        settle();
      };
      const fail = (why: string) =>
        finish(() =>
          reject(new Error(`${why} without ${String(pattern)}: ${this.text.slice(this.#readTo)}`)),
        );
      const timer = setTimeout(() => fail('a long time went by'), LONGEST_WAIT_MS);
      this.#look = () => {
        const match = pattern.exec(this.text.slice(this.#readTo));
        if (match) {
          this.#readTo += match.index + match[0].length;
          finish(resolve);
        } else if (this.#hasEnded) fail('the output ended');
      };
      this.#look();
    });
  }
}
