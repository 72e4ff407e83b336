/** Knows which requests are under way, so that nothing they need is taken away before they are over. */
export class RequestsUnderWay {
  readonly #requests = new Set<Promise<unknown>>();

  /** Counts a request until it is over, whichever way. */
  async track<T>(request: Promise<T>): Promise<T> {
    this.#requests.add(request);
    try {
      return await request;
    } finally {
      this.#requests.delete(request);
    }
  }

  /** Resolves once none is under way. */
  async allOver(): Promise<void> {
    while (this.#requests.size > 0) {
      await Promise.allSettled(this.#requests);
    }
  }
}
