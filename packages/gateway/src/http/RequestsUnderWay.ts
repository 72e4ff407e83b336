/** Knows whether requests are under way, so that nothing they need is taken away before they are over. */
export class RequestsUnderWay {
  #count = 0;
  #waiting: Array<() => void> = [];

  /** A request begins. */
  begin(): void {
    this.#count += 1;
  }

  /** A request that began is over, whichever way. */
  end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Counts a request until it is over, whichever way. */
  async track<T>(request: Promise<T>): Promise<T> {
    this.begin();
    try {
      return await request;
    } finally {
      this.end();
    }
  }

  /** Resolves once none is under way. */
  async allOver(): Promise<void> {
    while (this.#count > 0) {
      await new Promise<void>(resolve => {
        this.#waiting.push(resolve);
      });
    }
  }
}
