import {
  counterName,
  isBudgetCounter,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse, type Refusal } from '../errors/registry';
import { RequestsUnderWay } from '../http/RequestsUnderWay';
import { CompletionHistories } from '../limits/CompletionHistories';
import type { EntryFigures, Limiter, SeedNeed } from '../limits/Limiter';
import { allowsModel, judgePolicies } from '../policies/judgePolicies';
import { levelName } from '../rules/levelName';
import type { RuleChain } from '../rules/RuleChain';
import type { RuleChains } from '../rules/RuleChains';
import type { ServedModel } from '../snapshot/Snapshot';
import type { Log } from '../telemetry/log';
import { UNCOUNTED, type Admission } from './Admission';
import type { AdmissionQuestion } from './AdmissionQuestion';
import { BlindLimiter } from './BlindLimiter';
import { BudgetStandings } from './BudgetStandings';
import { chooseModel } from './chooseModel';
import {
  CountedAdmission,
  type AdmissionSurroundings,
} from './CountedAdmission';
import { explainRefusal } from './explainRefusal';
import { HoldKeeper, type KeptHold } from './HoldKeeper';
import type { LedgerSeeder } from './LedgerSeeder';
import { outputCapOf } from './outputCapOf';
import { planOf, throttlesOf, type Plan } from './planOf';
import { rateLimitHeaders } from './rateLimitHeaders';
import type { Held, Reservation } from './Reservation';
import { releaseAll, Reserver } from './Reserver';
import { termsOf, type Terms } from './Terms';
import { TermsTable } from './TermsTable';

type Headers = Readonly<Record<string, string>>;

export type AdmissionVerdict =
  | {
      readonly ok: true;
      readonly admission: Admission;
      /** What it goes to, which may be another than it asked for. */
      readonly model: ServedModel;
      /** The most that may be generated for each choice; `null`: as it asks. */
      readonly outputCap: number | null;
      readonly headers: Headers;
    }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      readonly headers: Headers;
    };

export interface AdmissionsOptions {
  readonly chains: RuleChains;
  readonly limiter: Limiter;
  /** Counts what nobody can tell; see `BlindLimiter`. */
  readonly blind: Limiter;
  readonly replicas: () => number;
  readonly seeder: LedgerSeeder;
  readonly log: Log;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly newId: () => string;
}

/** How often a plan is made anew because the counters say that a budget has passed a threshold meanwhile. */
const MAX_PLANS = 4;

const NO_HEADERS: Headers = Object.freeze({});

export const DOWNSHIFTED_FROM = 'x-ai-gateway-downshifted-from';

/**
 * Decides whether a request may be made, and on what terms.
 *
 * ```
 * policies ──► plan: which model, how much, at which rates ──► reserve on all levels at once
 *    │                 ▲                                          │        │
 *    │                 └── a budget has passed a threshold ◄──────┤        └──► refused, with all that is in the way
 *    └──► refused                                                 └──► admitted
 * ```
 *
 * A plan is made by what budgets were said to have spent a moment ago. The answer to the reservation says what they have spent by now, for
 * all gateways together; so what a threshold asks for holds from the very next request on.
 */
export class Admissions {
  readonly #options: AdmissionsOptions;
  readonly #reserver: Reserver;
  readonly #standings: BudgetStandings;
  readonly #histories = new CompletionHistories();
  readonly #settlements = new RequestsUnderWay();
  readonly #terms = new TermsTable(this.#histories);
  readonly #keeper: HoldKeeper;
  readonly #blindKeeper: HoldKeeper;
  readonly #around: AdmissionSurroundings;

  static create(options: AdmissionsOptions): Admissions {
    return new Admissions(options);
  }

  private constructor(options: AdmissionsOptions) {
    const { limiter, blind, replicas, seeder, newId } = options;
    this.#options = options;
    this.#standings = BudgetStandings.create(options);
    this.#reserver = Reserver.create({
      limiter,
      blind: BlindLimiter.create({ local: blind, replicas }),
      seeder,
      newId,
    });
    this.#keeper = HoldKeeper.start({ limiter });
    this.#blindKeeper = HoldKeeper.start({ limiter: blind });
    this.#around = {
      keep: held => this.#keep(held),
      reserveFor: (question, model, { chain }) =>
        this.#reserveFor(question, model, chain),
      observe: (event, terms) => this.#observe(event, terms),
      standings: this.#standings,
      settlements: this.#settlements,
      log: options.log,
    };
  }

  /** How many requests hold something at the moment. */
  get held(): number {
    return this.#keeper.size;
  }

  /** Resolves once all that has ended is settled. */
  async close(): Promise<void> {
    this.#keeper.close();
    this.#blindKeeper.close();
    this.#options.seeder.close();
    await this.#settlements.allOver();
  }

  /** Whether policies let a key call a model at all. */
  allowsModel(
    question: Pick<AdmissionQuestion, 'key' | 'snapshot'>,
    modelId: string,
  ): boolean {
    return allowsModel(this.#chainOf(question, modelId).policies, modelId);
  }

  admit(
    question: AdmissionQuestion,
  ): AdmissionVerdict | Promise<AdmissionVerdict> {
    const { model, endpoint, inputTokens, maxOutputTokens } = question;
    const own = this.#chainOf(question, model.id);
    const judged = judgePolicies(own.policies, {
      modelId: model.id,
      endpoint,
      inputTokens,
      maxOutputTokens,
    });
    if (!judged.ok) {
      return { ok: false, refusal: judged.refusal, headers: NO_HEADERS };
    }
    return own.counted.length === 0
      ? this.#admitUncounted(question, own, judged.outputCap)
      : this.#reserve(question, own, judged.outputCap);
  }

  #admitUncounted(
    question: AdmissionQuestion,
    own: RuleChain,
    outputCap: number | null,
  ): AdmissionVerdict {
    const { model, key } = question;
    const asked = question.maxOutputTokens ?? Infinity;
    const mayCount = model.routing.fallbacks.some(
      id => this.#chainOf(question, id).counted.length > 0,
    );
    return {
      ok: true,
      admission: mayCount
        ? new CountedAdmission(
            this.#around,
            question,
            termsOf(own, key, model, this.#histories),
            [],
          )
        : UNCOUNTED,
      model,
      outputCap: outputCap !== null && asked > outputCap ? outputCap : null,
      headers: NO_HEADERS,
    };
  }

  async #reserve(
    question: AdmissionQuestion,
    own: RuleChain,
    policyCap: number | null,
  ): Promise<AdmissionVerdict> {
    for (let plans = 1; ; plans++) {
      const target = this.#targetOf(question, own);
      const chain =
        target === question.model ? own : this.#chainOf(question, target.id);
      const terms = this.#terms.of(chain, question.key, target);
      const plan = planOf(terms, question, this.#standings);
      const reservation = await this.#reserver.reserve(plan);
      this.#note(chain, reservation);
      const isOutdated =
        this.#targetOf(question, own) !== target ||
        this.#isTooFast(chain, reservation);
      if (!isOutdated || plans === MAX_PLANS) {
        return this.#conclude(question, terms, plan, reservation, policyCap);
      }
      if (reservation.kind === 'reserved') await releaseAll(reservation.held);
    }
  }

  #chainOf(
    { key, snapshot }: Pick<AdmissionQuestion, 'key' | 'snapshot'>,
    modelId: string,
  ): RuleChain {
    const businessUnit = snapshot.businessUnits.get(key.projectId) ?? '';
    return this.#options.chains.of(key, modelId, businessUnit);
  }

  /** The model that a request goes to by now. */
  #targetOf(question: AdmissionQuestion, own: RuleChain): ServedModel {
    return own.budgets.length === 0
      ? question.model
      : chooseModel(
          question,
          modelId => this.#chainOf(question, modelId),
          this.#standings,
        );
  }

  /** Remembers what an answer tells of budgets. */
  #note(chain: RuleChain, reservation: Reservation): void {
    if (reservation.kind === 'reserved') {
      const { figures } = reservation;
      for (let place = 0; place < figures.length; place++) {
        const one = figures[place];
        if (one && isSeedNeed(one)) {
          this.#options.seeder.watch(chain.counted[place].name, one);
        }
      }
      for (const { name, place } of chain.budgets) {
        const one = figures[place];
        if (one) this.#standings.note(name, one);
      }
    } else if (reservation.kind === 'refused') {
      for (const violation of reservation.violations) {
        this.#standings.note(counterName(violation.counter), violation);
      }
    }
  }

  /** Whether a request was let in at a rate that its budget has no more. */
  #isTooFast(chain: RuleChain, reservation: Reservation): boolean {
    if (reservation.kind !== 'reserved') return false;
    for (const [place, limit] of throttlesOf(chain, this.#standings)) {
      const figures = reservation.figures[place];
      if (figures && figures.spent > limit && figures.limit > limit)
        return true;
    }
    return false;
  }

  #conclude(
    question: AdmissionQuestion,
    terms: Terms,
    plan: Plan,
    reservation: Reservation,
    policyCap: number | null,
  ): AdmissionVerdict {
    switch (reservation.kind) {
      case 'reserved': {
        const { model } = terms;
        const headers = rateLimitHeaders(reservation.figures);
        if (model !== question.model) {
          headers[DOWNSHIFTED_FROM] = question.model.id;
        }
        return {
          ok: true,
          admission: new CountedAdmission(
            this.#around,
            question,
            terms,
            reservation.held,
          ),
          model,
          outputCap: outputCapOf(question, plan, reservation, policyCap),
          headers,
        };
      }
      case 'refused': {
        const { violations } = reservation;
        return {
          ok: false,
          refusal: explainRefusal(violations, plan.chain, this.#options.now()),
          headers: rateLimitHeaders(violations),
        };
      }
      case 'unknown': {
        const { why, counters, retryAfterMs } = reservation;
        const levels = [
          ...new Set(counters.map(({ subject }) => levelName(subject))),
        ].join(', ');
        const refusal = refuse(why, { levels }, Math.ceil(retryAfterMs / 1000));
        return { ok: false, refusal, headers: NO_HEADERS };
      }
      default: {
        const impossible: never = reservation;
        throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
      }
    }
  }

  /** Reserves what holds for a model and not for another that a request was let in for; `null`: there is no room for all of it. */
  async #reserveFor(
    question: AdmissionQuestion,
    model: ServedModel,
    admitted: RuleChain,
  ): Promise<readonly Held[] | null> {
    const chain = this.#chainOf(question, model.id);
    const known = new Set(admitted.counted.map(({ name }) => name));
    const counted = chain.counted.filter(({ name }) => !known.has(name));
    if (counted.length === 0) return [];
    const rest = { ...chain, counted, budgets: [] };
    const plan = planOf(
      termsOf(rest, question.key, model, this.#histories),
      question,
      this.#standings,
    );
    const reservation = await this.#reserver.reserve({
      ...plan,
      // Whole: how much may be generated has been told already.
      entries: plan.entries.map(entry => ({ ...entry, least: entry.amount })),
    });
    return reservation.kind === 'reserved' ? reservation.held : null;
  }

  #keep(held: readonly Held[]): readonly KeptHold[] {
    return held.map(({ limiter, hold }) =>
      (limiter === this.#keeper.limiter
        ? this.#keeper
        : this.#blindKeeper
      ).keep(hold),
    );
  }

  /** Learns from an answer how long completions are. */
  #observe(event: UsageEvent, { model, habits }: Terms): void {
    const { apiKeyId, modelId, outcome, usageSource, tokens } = event;
    if (outcome !== 'complete' || usageSource !== 'reported') return;
    const ofModel =
      modelId === model.id ? habits : this.#histories.of(apiKeyId, modelId);
    ofModel.observe(
      tokens.input + tokens.cachedInput + tokens.cacheWrite,
      tokens.output + tokens.reasoning,
    );
  }
}

/** Whether the ledger is to be asked about a counter from time to time. */
function isSeedNeed(figures: EntryFigures): figures is EntryFigures & SeedNeed {
  return figures.windowStart !== null && isBudgetCounter(figures.counter);
}
