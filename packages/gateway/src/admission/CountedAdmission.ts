import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { RequestsUnderWay } from '../http/RequestsUnderWay';
import { NOTHING } from '../limits/actualOf';
import type { ActualAmounts } from '../limits/Limiter';
import type { ServedModel } from '../snapshot/Snapshot';
import type { Admission } from './Admission';
import type { AdmissionQuestion } from './AdmissionQuestion';
import { amountsOf } from './amountsOf';
import type { Settleable } from './Settleable';
import type { Terms } from './Terms';

/** What the admissions of a gateway have in common. */
export interface AdmissionSurroundings {
  /** Reserves what holds for a model and not by these terms; `null`: there is no room for all of it. */
  readonly reserveFor: (
    question: AdmissionQuestion,
    model: ServedModel,
    admitted: Terms,
  ) => Promise<Settleable | null>;
  /** Learns how long completions were. */
  readonly observe: (event: UsageEvent, admitted: Terms) => void;
  /** Those that are under way. */
  readonly settlements: Pick<RequestsUnderWay, 'track'>;
}

const DONE = Promise.resolve();

/** Nobody knows: what was reserved counts. */
const AS_RESERVED: ActualAmounts = {};

const nothing = () => NOTHING;

/** A request for which something was reserved: until its end is told, and then settled at what it really took. */
export class CountedAdmission implements Admission {
  readonly #around: AdmissionSurroundings;
  readonly #question: AdmissionQuestion;
  readonly #terms: Terms;
  readonly #own: Settleable | null;
  /** By the models that it may fall back to; `null` for one that it may not. */
  #fallbacks: Map<string, Settleable | null> | null = null;
  #isOver = false;

  /**
   * @param terms - by which it was let in
   * @param own - what was reserved by them; `null`: nothing
   */
  constructor(
    around: AdmissionSurroundings,
    question: AdmissionQuestion,
    terms: Terms,
    own: Settleable | null,
  ) {
    this.#around = around;
    this.#question = question;
    this.#terms = terms;
    this.#own = own;
  }

  async mayFallBackTo(model: ServedModel): Promise<boolean> {
    const known = this.#fallbacks?.get(model.id);
    if (known !== undefined) return known !== null;
    const reserved = await this.#around.reserveFor(
      this.#question,
      model,
      this.#terms,
    );
    this.#fallbacks ??= new Map();
    this.#fallbacks.set(model.id, reserved);
    return reserved !== null;
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
    const settled = this.#own?.settle(own);
    const all =
      this.#fallbacks === null
        ? settled
        : Promise.all([
            settled,
            ...Array.from(this.#fallbacks, ([modelId, reserved]) =>
              reserved?.settle(fallback(modelId)),
            ),
          ]).then(() => undefined);
    if (!all) return DONE;
    void this.#around.settlements.track(all);
    return all;
  }
}

/** What no attempt was made of is nothing. */
function tookOf(events: readonly UsageEvent[]): ActualAmounts {
  return events.length === 0 ? NOTHING : amountsOf(events);
}

function tookBy(modelId: string, events: readonly UsageEvent[]): ActualAmounts {
  return tookOf(events.filter(event => event.modelId === modelId));
}
