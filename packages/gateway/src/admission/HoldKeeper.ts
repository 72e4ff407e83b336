import { Bag, NOWHERE, type Bagged } from '../collections/Bag';
import type { Hold, Limiter } from '../limits/Limiter';

/** How long a hold lives without being renewed: what a gateway reserved that died is free after it. */
export const HOLD_TTL_MS = 60_000;
const RENEW_EVERY_MS = 20_000;
/** At a time, so that thousands of streams do not come to the store at once. */
const BATCH = 50;

/** A hold that is kept alive. */
export interface KeptHold extends Bagged {
  readonly keeper: HoldKeeper;
  /** As it was renewed last. */
  hold: Hold;
  /** Whether it was there when holds were last renewed; most requests are over before that. */
  isOld: boolean;
}

/** Keeps the holds of requests under way alive for as long as they last. */
export class HoldKeeper {
  readonly limiter: Limiter;
  readonly #kept = new Bag<KeptHold>();
  readonly #timer: NodeJS.Timeout;
  #renewing = false;

  static start(options: { limiter: Limiter; everyMs?: number }): HoldKeeper {
    return new HoldKeeper(options.limiter, options.everyMs ?? RENEW_EVERY_MS);
  }

  private constructor(limiter: Limiter, everyMs: number) {
    this.limiter = limiter;
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

  keep(hold: Hold): KeptHold {
    const kept = { keeper: this, hold, isOld: false, place: NOWHERE };
    this.#kept.add(kept);
    return kept;
  }

  /** Its request is over. */
  drop(kept: KeptHold): void {
    this.#kept.delete(kept);
  }

  /** Renews what has been there for a while. */
  async renew(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    try {
      const all = this.#kept.toArray();
      const old = all.filter(({ isOld }) => isOld);
      for (const kept of all) kept.isOld = true;
      for (let i = 0; i < old.length; i += BATCH) {
        const batch = old.slice(i, i + BATCH);
        const renewed = await this.limiter.renew(
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
