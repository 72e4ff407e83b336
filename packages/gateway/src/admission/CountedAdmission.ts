import {
  counterName,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { RequestsUnderWay } from '../http/RequestsUnderWay';
import type { CompletionHistories } from '../limits/CompletionHistories';
import { NOTHING } from '../limits/actualOf';
import type { ActualAmounts } from '../limits/Limiter';
import type { ServedModel } from '../snapshot/Snapshot';
import type { Log } from '../telemetry/log';
import type { Admission } from './Admission';
import { amountsOf } from './amountsOf';
import type { BudgetStandings } from './BudgetStandings';
import type { HoldKeeper } from './HoldKeeper';
import type { Held } from './Reservation';

export interface CountedAdmissionOptions {
  /** The model that it was let in for. */
  readonly modelId: string;
  readonly held: readonly Held[];
  /** Reserves what holds for another model alone; `null`: there is no room. */
  readonly reserveFor: (model: ServedModel) => Promise<readonly Held[] | null>;
  /** Whether the next request may go another way for what this one spent. */
  readonly decidesOverNext: boolean;
  readonly keepers: (held: Held) => HoldKeeper;
  readonly histories: CompletionHistories;
  readonly standings: BudgetStandings;
  /** Those that are under way. */
  readonly settlements: Pick<RequestsUnderWay, 'track'>;
  readonly log: Log;
}

/** What a request came to: by what was reserved for it, and by what was reserved for models that it fell back to. */
interface Took {
  readonly own: ActualAmounts;
  readonly fallback: (modelId: string) => ActualAmounts;
}

/** A request for which something was reserved: kept alive until its end is told, and then settled at what it really took. */
export class CountedAdmission implements Admission {
  readonly #options: CountedAdmissionOptions;
  /** By the models that it may fall back to; `null` for one that it may not. */
  readonly #fallbacks = new Map<string, readonly Held[] | null>();
  #isOver = false;

  static create(options: CountedAdmissionOptions): CountedAdmission {
    const admission = new CountedAdmission(options);
    admission.#keep(options.held);
    return admission;
  }

  private constructor(options: CountedAdmissionOptions) {
    this.#options = options;
  }

  async mayFallBackTo(model: ServedModel): Promise<boolean> {
    const known = this.#fallbacks.get(model.id);
    if (known !== undefined) return known !== null;
    const held = await this.#options.reserveFor(model);
    this.#fallbacks.set(model.id, held);
    this.#keep(held ?? []);
    return held !== null;
  }

  async settle(events: readonly UsageEvent[]): Promise<void> {
    if (this.#isOver) return;
    this.#observe(events);
    const { modelId, decidesOverNext } = this.#options;
    const of = (id: string) => tookOf(events.filter(e => e.modelId === id));
    const settled = this.#end({
      own: {
        ...tookOf(events),
        ...(this.#fallbacks.size > 0 && { subscription: of(modelId) }),
      },
      fallback: of,
    });
    if (decidesOverNext) await settled;
  }

  release(): void {
    void this.#end({ own: NOTHING, fallback: () => NOTHING });
  }

  abandon(): void {
    void this.#end({ own: {}, fallback: () => ({}) });
  }

  #keep(held: readonly Held[]): void {
    for (const one of held) this.#options.keepers(one).keep(one.hold);
  }

  async #end(took: Took): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { held, settlements } = this.#options;
    const settling = [this.#settle(held, took.own)];
    for (const [modelId, also] of this.#fallbacks) {
      if (also) settling.push(this.#settle(also, took.fallback(modelId)));
    }
    await settlements.track(Promise.all(settling));
  }

  async #settle(held: readonly Held[], actual: ActualAmounts): Promise<void> {
    const { keepers, standings, log } = this.#options;
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

/** What no attempt was made of is nothing. */
function tookOf(events: readonly UsageEvent[]): ActualAmounts {
  return events.length === 0 ? NOTHING : amountsOf(events);
}
