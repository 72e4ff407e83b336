import type { Hold, Limiter } from '../limits/Limiter';

/** How long a hold lives without being renewed: what a gateway reserved that died is free after it. */
export const HOLD_TTL_MS = 60_000;
const RENEW_EVERY_MS = 20_000;
/** At a time, so that thousands of streams do not come to the store at once. */
const BATCH = 50;

interface Kept {
  hold: Hold;
  /** Whether it was there when holds were last renewed; most requests are over before that. */
  isOld: boolean;
}

/** Keeps the holds of requests under way alive for as long as they last. */
export class HoldKeeper {
  readonly #limiter: Pick<Limiter, 'renew'>;
  readonly #kept = new Map<string, Kept>();
  readonly #timer: NodeJS.Timeout;
  #renewing = false;

  static start(options: {
    limiter: Pick<Limiter, 'renew'>;
    everyMs?: number;
  }): HoldKeeper {
    return new HoldKeeper(options.limiter, options.everyMs ?? RENEW_EVERY_MS);
  }

  private constructor(limiter: Pick<Limiter, 'renew'>, everyMs: number) {
    this.#limiter = limiter;
    this.#timer = setInterval(() => void this.renew(), everyMs);
    this.#timer.unref();
  }

  /** How many requests hold something. */
  get size(): number {
    return this.#kept.size;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  keep(hold: Hold): void {
    this.#kept.set(hold.id, { hold, isOld: false });
  }

  /** Its request is over. @returns the hold as it was renewed last */
  drop(hold: Hold): Hold {
    const kept = this.#kept.get(hold.id);
    this.#kept.delete(hold.id);
    return kept?.hold ?? hold;
  }

  /** Renews what has been there for a while. */
  async renew(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    try {
      const old = [...this.#kept.values()].filter(({ isOld }) => isOld);
      for (const kept of this.#kept.values()) kept.isOld = true;
      for (let i = 0; i < old.length; i += BATCH) {
        const batch = old.slice(i, i + BATCH);
        const renewed = await this.#limiter.renew(
          batch.map(({ hold }) => hold),
          HOLD_TTL_MS,
        );
        batch.forEach((kept, n) => {
          kept.hold = renewed[n] ?? kept.hold;
        });
      }
    } catch {
      // A store that fails is dealt with where it is asked; what is not renewed now is renewed next time, or lapses.
    } finally {
      this.#renewing = false;
    }
  }
}
