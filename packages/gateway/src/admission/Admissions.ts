import {
  counterName,
  isBudgetCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse, type Refusal } from '../errors/registry';
import { RequestsUnderWay } from '../http/RequestsUnderWay';
import { CompletionHistories } from '../limits/CompletionHistories';
import type { Limiter } from '../limits/Limiter';
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
import { CountedAdmission } from './CountedAdmission';
import { explainRefusal } from './explainRefusal';
import { HoldKeeper } from './HoldKeeper';
import type { LedgerSeeder } from './LedgerSeeder';
import { outputCapOf } from './outputCapOf';
import { planOf, throttlesOf, type Plan } from './planOf';
import { rateLimitHeaders } from './rateLimitHeaders';
import { ratesOf } from './ratesOf';
import type { Held, Reservation } from './Reservation';
import { releaseAll, Reserver } from './Reserver';

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
  readonly #keeper: HoldKeeper;
  readonly #blindKeeper: HoldKeeper;

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
    { key, snapshot }: Pick<AdmissionQuestion, 'key' | 'snapshot'>,
    modelId: string,
  ): boolean {
    const businessUnit = snapshot.businessUnits.get(key.projectId) ?? '';
    const { policies } = this.#options.chains.of(key, modelId, businessUnit);
    return allowsModel(policies, modelId);
  }

  async admit(question: AdmissionQuestion): Promise<AdmissionVerdict> {
    const { key, model, snapshot, endpoint } = question;
    const businessUnit = snapshot.businessUnits.get(key.projectId) ?? '';
    const chainOf = (modelId: string) =>
      this.#options.chains.of(key, modelId, businessUnit);
    const own = chainOf(model.id);
    const judged = judgePolicies(own.policies, {
      modelId: model.id,
      endpoint,
      inputTokens: question.inputTokens,
      maxOutputTokens: question.maxOutputTokens,
    });
    if (!judged.ok) {
      return { ok: false, refusal: judged.refusal, headers: NO_HEADERS };
    }
    if (own.counted.length === 0) {
      const { outputCap } = judged;
      const asked = question.maxOutputTokens;
      const mayCount = model.routing.fallbacks.some(
        id => chainOf(id).counted.length > 0,
      );
      return {
        ok: true,
        admission: mayCount
          ? this.#admissionOf(question, model, own, [])
          : UNCOUNTED,
        model,
        outputCap:
          outputCap !== null && (asked ?? Infinity) > outputCap
            ? outputCap
            : null,
        headers: NO_HEADERS,
      };
    }
    for (let plans = 1; ; plans++) {
      const target = chooseModel(question, chainOf, this.#standings);
      const plan = this.#planOf(question, target, chainOf(target.id));
      const reservation = await this.#reserver.reserve(plan);
      this.#note(plan, reservation);
      const isOutdated =
        chooseModel(question, chainOf, this.#standings) !== target ||
        this.#isTooFast(plan, reservation);
      if (isOutdated && plans < MAX_PLANS) {
        if (reservation.kind === 'reserved') await releaseAll(reservation.held);
        continue;
      }
      return this.#conclude(
        question,
        target,
        plan,
        reservation,
        judged.outputCap,
      );
    }
  }

  #planOf(
    question: AdmissionQuestion,
    model: ServedModel,
    chain: RuleChain,
  ): Plan {
    return planOf(
      chain,
      question,
      ratesOf(model, question.receivedAt),
      this.#histories.expect(question.key.id, model.id, question.inputTokens),
      this.#standings,
    );
  }

  #note({ chain }: Plan, reservation: Reservation): void {
    if (reservation.kind === 'reserved') {
      reservation.entries.forEach((entry, place) => {
        if (!entry || entry.figures.windowStart === null) return;
        const { counter, windowStart } = entry.figures;
        const { name } = chain.counted[place];
        if (isBudgetCounter(counter)) {
          this.#options.seeder.watch(name, { counter, windowStart });
        }
      });
      for (const { name, place } of chain.budgets) {
        const figures = reservation.entries[place]?.figures;
        if (figures) this.#standings.note(name, figures);
      }
    } else if (reservation.kind === 'refused') {
      for (const violation of reservation.violations) {
        this.#standings.note(counterName(violation.counter), violation);
      }
    }
  }

  /** Whether a request was let in at a rate that its budget has no more. */
  #isTooFast(plan: Plan, reservation: Reservation): boolean {
    if (reservation.kind !== 'reserved') return false;
    for (const [place, limit] of throttlesOf(plan.chain, this.#standings)) {
      const figures = reservation.entries[place]?.figures;
      if (figures && figures.spent > limit && figures.limit > limit)
        return true;
    }
    return false;
  }

  #conclude(
    question: AdmissionQuestion,
    model: ServedModel,
    plan: Plan,
    reservation: Reservation,
    policyCap: number | null,
  ): AdmissionVerdict {
    switch (reservation.kind) {
      case 'reserved': {
        const { held, entries } = reservation;
        const downshifted = model !== question.model;
        return {
          ok: true,
          admission: this.#admissionOf(question, model, plan.chain, held),
          model,
          outputCap: outputCapOf(question, plan, entries, policyCap),
          headers: {
            ...rateLimitHeaders(
              entries.flatMap(entry => (entry ? [entry.figures] : [])),
            ),
            ...(downshifted && { [DOWNSHIFTED_FROM]: question.model.id }),
          },
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
    const { key, snapshot } = question;
    const businessUnit = snapshot.businessUnits.get(key.projectId) ?? '';
    const chain = this.#options.chains.of(key, model.id, businessUnit);
    const known = new Set(admitted.counted.map(({ name }) => name));
    const counted = chain.counted.filter(({ name }) => !known.has(name));
    if (counted.length === 0) return [];
    const plan = this.#planOf(question, model, {
      ...chain,
      counted,
      budgets: [],
    });
    const reservation = await this.#reserver.reserve({
      ...plan,
      // Whole: how much may be generated has been told already.
      entries: plan.entries.map(entry => ({ ...entry, least: entry.amount })),
    });
    return reservation.kind === 'reserved' ? reservation.held : null;
  }

  #admissionOf(
    question: AdmissionQuestion,
    model: ServedModel,
    chain: RuleChain,
    held: readonly Held[],
  ): Admission {
    const { limiter, log } = this.#options;
    return CountedAdmission.create({
      modelId: model.id,
      held,
      reserveFor: fallback => this.#reserveFor(question, fallback, chain),
      decidesOverNext: chain.budgets.length > 0,
      keepers: one =>
        one.limiter === limiter ? this.#keeper : this.#blindKeeper,
      histories: this.#histories,
      standings: this.#standings,
      settlements: this.#settlements,
      log,
    });
  }
}
