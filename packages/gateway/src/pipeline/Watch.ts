import { NOWHERE } from '../collections/Bag';
import type { Exchange, OnClose } from '../http/exchange';
import { Stop } from '../upstream/Stop';
import { dueIn, sweep, unsweep, type Swept } from '../upstream/sweep';

/** How long an attempt may last. */
export interface WatchOptions {
  readonly totalTimeoutMs: number;
  /** How long the upstream may go on after the client has hung up, asked when it does; 0 stops it at once. */
  readonly drainMs: () => number;
}

/**
 * Watches over an attempt: that its client is there, and that it does not last for ever.
 *
 * It is over when the attempt's time is, or when its client has hung up and what is still to come is not waited for any longer.
 */
export class Watch extends Stop implements Swept, OnClose {
  place = NOWHERE;
  readonly #exchange: Pick<Exchange, 'res' | 'onClose'>;
  readonly #drainMs: () => number;
  #dueAt: number;
  #clientIsGone = false;

  constructor(
    exchange: Pick<Exchange, 'res' | 'onClose'>,
    { totalTimeoutMs, drainMs }: WatchOptions,
  ) {
    super();
    this.#exchange = exchange;
    this.#drainMs = drainMs;
    this.#dueAt = dueIn(totalTimeoutMs);
    sweep(this);
    if (exchange.res.destroyed) this.closed();
    else exchange.onClose = this;
  }

  clientIsGone(): boolean {
    return this.#clientIsGone;
  }

  /** Ends it, and stops what is under way: nobody is left to take it. */
  giveUp(): void {
    this.now();
    this.end();
  }

  /** To be called at the end of the attempt, however it ends. */
  end(): void {
    unsweep(this);
    if (this.#exchange.onClose === this) this.#exchange.onClose = null;
  }

  sweep(now: number): void {
    if (now < this.#dueAt) return;
    // Should nobody end it, by a bug, it is not to be looked at for ever.
    unsweep(this);
    this.now();
  }

  closed(): void {
    if (this.#exchange.res.writableFinished) return;
    this.#clientIsGone = true;
    const drainMs = this.#drainMs();
    if (drainMs > 0) this.#dueAt = Math.min(this.#dueAt, dueIn(drainMs));
    else this.now();
  }
}
