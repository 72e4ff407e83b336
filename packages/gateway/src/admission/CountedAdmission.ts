import {
  counterName,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { RequestsUnderWay } from '../http/RequestsUnderWay';
import type { CompletionHistories } from '../limits/CompletionHistories';
import type { ActualAmounts } from '../limits/Limiter';
import type { Log } from '../telemetry/log';
import type { Admission } from './Admission';
import { amountsOf } from './amountsOf';
import type { BudgetStandings } from './BudgetStandings';
import type { HoldKeeper } from './HoldKeeper';
import type { Held } from './Reservation';

export interface CountedAdmissionOptions {
  readonly held: readonly Held[];
  /** Whether the next request may go another way for what this one spent. */
  readonly decidesOverNext: boolean;
  readonly keepers: (held: Held) => HoldKeeper;
  readonly histories: CompletionHistories;
  readonly standings: BudgetStandings;
  /** Those that are under way. */
  readonly settlements: Pick<RequestsUnderWay, 'track'>;
  readonly log: Log;
}

/** A request for which something was reserved: kept alive until its end is told, and then settled at what it really took. */
export class CountedAdmission implements Admission {
  readonly #options: CountedAdmissionOptions;
  #isOver = false;

  static create(options: CountedAdmissionOptions): CountedAdmission {
    for (const held of options.held) options.keepers(held).keep(held.hold);
    return new CountedAdmission(options);
  }

  private constructor(options: CountedAdmissionOptions) {
    this.#options = options;
  }

  async settle(events: readonly UsageEvent[]): Promise<void> {
    if (this.#isOver) return;
    this.#observe(events);
    const settled = this.#end(amountsOf(events));
    if (this.#options.decidesOverNext) await settled;
  }

  release(): void {
    void this.#end({ requests: 0, tokens: 0, money: 0 });
  }

  abandon(): void {
    void this.#end({});
  }

  async #end(actual: ActualAmounts): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#options.settlements.track(this.#settle(actual));
  }

  async #settle(actual: ActualAmounts): Promise<void> {
    const { held, keepers, standings, log } = this.#options;
    try {
      await Promise.all(
        held.map(async one => {
          const hold = keepers(one).drop(one.hold);
          const { balances } = await one.limiter.settle(hold, actual);
          if (!this.#options.decidesOverNext) return;
          for (const balance of balances) {
            standings.note(counterName(balance.counter), balance);
          }
        }),
      );
    } catch (error) {
      // It lapses, and the ledger has what it took.
      log.error({ err: error }, 'A reservation could not be settled');
    }
  }

  #observe(events: readonly UsageEvent[]): void {
    for (const { apiKeyId, modelId, outcome, usageSource, tokens } of events) {
      if (outcome !== 'complete' || usageSource !== 'reported') continue;
      this.#options.histories.observe(
        apiKeyId,
        modelId,
        tokens.input + tokens.cachedInput + tokens.cacheWrite,
        tokens.output + tokens.reasoning,
      );
    }
  }
}
