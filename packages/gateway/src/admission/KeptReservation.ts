import type { ActualAmounts, Balance } from '../limits/Limiter';
import type { Log } from '../telemetry/log';
import type { KeptHold } from './HoldKeeper';
import type { Settleable } from './Settleable';

export interface KeptReservationOptions {
  readonly kept: readonly KeptHold[];
  /** Told where budgets stand after it. */
  readonly onBalances: (balances: readonly Balance[]) => void;
  readonly log: Log;
}

/** What was reserved for one request by itself, and is kept alive until it is settled. */
export class KeptReservation implements Settleable {
  readonly #options: KeptReservationOptions;

  constructor(options: KeptReservationOptions) {
    this.#options = options;
  }

  async settle(actual: ActualAmounts): Promise<void> {
    const { kept } = this.#options;
    if (kept.length === 1) return this.#settle(kept[0], actual);
    await Promise.all(kept.map(one => this.#settle(one, actual)));
    return undefined;
  }

  async #settle(kept: KeptHold, actual: ActualAmounts): Promise<void> {
    const { onBalances, log } = this.#options;
    const { keeper } = kept;
    keeper.drop(kept);
    try {
      const { balances } = await keeper.limiter.settle(kept.hold, actual);
      onBalances(balances);
    } catch (error) {
      // It lapses, and the ledger has what it took.
      log.error({ err: error }, 'A reservation could not be settled');
    }
  }
}
