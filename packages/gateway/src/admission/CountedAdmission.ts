import {
  counterName,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { RequestsUnderWay } from '../http/RequestsUnderWay';
import { NOTHING } from '../limits/actualOf';
import type { ActualAmounts } from '../limits/Limiter';
import type { ServedModel } from '../snapshot/Snapshot';
import type { Log } from '../telemetry/log';
import type { Admission } from './Admission';
import type { AdmissionQuestion } from './AdmissionQuestion';
import { amountsOf } from './amountsOf';
import type { BudgetStandings } from './BudgetStandings';
import type { KeptHold } from './HoldKeeper';
import type { Held } from './Reservation';
import type { Terms } from './Terms';

/** What the admissions of a gateway have in common. */
export interface AdmissionSurroundings {
  /** Begins to keep alive what was reserved. */
  readonly keep: (held: readonly Held[]) => readonly KeptHold[];
  /** Reserves what holds for a model and not by these terms; `null`: there is no room for all of it. */
  readonly reserveFor: (
    question: AdmissionQuestion,
    model: ServedModel,
    admitted: Terms,
  ) => Promise<readonly Held[] | null>;
  /** Learns how long completions were. */
  readonly observe: (event: UsageEvent, admitted: Terms) => void;
  readonly standings: BudgetStandings;
  /** Those that are under way. */
  readonly settlements: Pick<RequestsUnderWay, 'track'>;
  readonly log: Log;
}

const DONE = Promise.resolve();

/** Nobody knows: what was reserved counts. */
const AS_RESERVED: ActualAmounts = {};

const nothing = () => NOTHING;

/** A request for which something was reserved: kept alive until its end is told, and then settled at what it really took. */
export class CountedAdmission implements Admission {
  readonly #around: AdmissionSurroundings;
  readonly #question: AdmissionQuestion;
  readonly #terms: Terms;
  readonly #kept: readonly KeptHold[];
  /** By the models that it may fall back to; `null` for one that it may not. */
  #fallbacks: Map<string, readonly KeptHold[] | null> | null = null;
  #isOver = false;

  /**
   * @param terms - by which it was let in
   * @param held - what was reserved by them
   */
  constructor(
    around: AdmissionSurroundings,
    question: AdmissionQuestion,
    terms: Terms,
    held: readonly Held[],
  ) {
    this.#around = around;
    this.#question = question;
    this.#terms = terms;
    this.#kept = around.keep(held);
  }

  async mayFallBackTo(model: ServedModel): Promise<boolean> {
    const known = this.#fallbacks?.get(model.id);
    if (known !== undefined) return known !== null;
    const { reserveFor, keep } = this.#around;
    const held = await reserveFor(this.#question, model, this.#terms);
    this.#fallbacks ??= new Map();
    this.#fallbacks.set(model.id, held && keep(held));
    return held !== null;
  }

  settle(events: readonly UsageEvent[]): Promise<void> {
    if (this.#isOver) return DONE;
    for (const event of events) this.#around.observe(event, this.#terms);
    const took = tookOf(events);
    const settled = this.#fallbacks
      ? this.#end(
          { ...took, subscription: tookBy(this.#terms.model.id, events) },
          modelId => tookBy(modelId, events),
        )
      : this.#end(took, nothing);
    return this.#decidesOverNext ? settled : DONE;
  }

  release(): void {
    void this.#end(NOTHING, nothing);
  }

  abandon(): void {
    void this.#end(AS_RESERVED, () => AS_RESERVED);
  }

  /** Whether the next request may go another way for what this one spent. */
  get #decidesOverNext(): boolean {
    return this.#terms.chain.budgets.length > 0;
  }

  /**
   * @param own - what it took of what was reserved by its own terms
   * @param fallback - what it took of what was reserved for a model that it fell back to
   */
  #end(
    own: ActualAmounts,
    fallback: (modelId: string) => ActualAmounts,
  ): Promise<void> {
    if (this.#isOver) return DONE;
    this.#isOver = true;
    const settled =
      this.#fallbacks === null && this.#kept.length === 1
        ? this.#settle(this.#kept[0], own)
        : this.#settleAll(own, fallback);
    void this.#around.settlements.track(settled);
    return settled;
  }

  async #settleAll(
    own: ActualAmounts,
    fallback: (modelId: string) => ActualAmounts,
  ): Promise<void> {
    const settling = this.#kept.map(kept => this.#settle(kept, own));
    for (const [modelId, also] of this.#fallbacks ?? []) {
      const took = fallback(modelId);
      for (const kept of also ?? []) settling.push(this.#settle(kept, took));
    }
    await Promise.all(settling);
  }

  async #settle(kept: KeptHold, actual: ActualAmounts): Promise<void> {
    const { standings, log } = this.#around;
    const { keeper } = kept;
    keeper.drop(kept);
    try {
      const { balances } = await keeper.limiter.settle(kept.hold, actual);
      if (!this.#decidesOverNext) return;
      for (const balance of balances) {
        standings.note(counterName(balance.counter), balance);
      }
    } catch (error) {
      // It lapses, and the ledger has what it took.
      log.error({ err: error }, 'A reservation could not be settled');
    }
  }
}

/** What no attempt was made of is nothing. */
function tookOf(events: readonly UsageEvent[]): ActualAmounts {
  return events.length === 0 ? NOTHING : amountsOf(events);
}

function tookBy(modelId: string, events: readonly UsageEvent[]): ActualAmounts {
  return tookOf(events.filter(event => event.modelId === modelId));
}
