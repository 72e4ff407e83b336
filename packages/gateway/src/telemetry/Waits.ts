/** Whom a request can wait for. */
export type WaitedFor = 'client' | 'upstream';

interface Wait {
  /** Waits of this kind that are going on: attempts may overlap. */
  open: number;
  since: number;
  total: number;
}

/**
 * How long a request waited for others: for its client's body, and for upstreams. What is left of its time is the gateway's own.
 *
 * Waits of one kind that overlap count once.
 */
export class Waits {
  readonly #monotonic: () => number;
  readonly #waits: Readonly<Record<WaitedFor, Wait>> = {
    client: { open: 0, since: 0, total: 0 },
    upstream: { open: 0, since: 0, total: 0 },
  };

  /** @param monotonic - milliseconds of a clock that never goes back */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** A wait begins; what is returned ends it, however often it is called. */
  begin(whom: WaitedFor): () => void {
    const wait = this.#waits[whom];
    if (wait.open === 0) wait.since = this.#monotonic();
    wait.open += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      wait.open -= 1;
      if (wait.open === 0) wait.total += this.#monotonic() - wait.since;
    };
  }

  /** Milliseconds so far. */
  of(whom: WaitedFor): number {
    const { open, since, total } = this.#waits[whom];
    return open === 0 ? total : total + this.#monotonic() - since;
  }
}
