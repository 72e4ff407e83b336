/** Whom a request can wait for. */
export type WaitedFor = 'client' | 'upstream';

/** How long one of them was waited for; waits that overlap count once. */
class Wait {
  /** Waits that are going on: attempts may overlap. */
  open = 0;
  since = 0;
  total = 0;
}

/** How long a request waited for others: for its client's body, and for upstreams. What is left of its time is the gateway's own. */
export class Waits {
  readonly #monotonic: () => number;
  readonly #client = new Wait();
  readonly #upstream = new Wait();

  /** @param monotonic - milliseconds of a clock that never goes back */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** A wait begins; whoever says so says as well when it is over. */
  begin(whom: WaitedFor): void {
    const wait = this.#wait(whom);
    if (wait.open === 0) wait.since = this.#monotonic();
    wait.open += 1;
  }

  /** A wait that began is over. */
  end(whom: WaitedFor): void {
    const wait = this.#wait(whom);
    if (wait.open === 0) return;
    wait.open -= 1;
    if (wait.open === 0) wait.total += this.#monotonic() - wait.since;
  }

  /** Milliseconds so far. */
  of(whom: WaitedFor): number {
    const { open, since, total } = this.#wait(whom);
    return open === 0 ? total : total + this.#monotonic() - since;
  }

  #wait(whom: WaitedFor): Wait {
    return whom === 'client' ? this.#client : this.#upstream;
  }
}
