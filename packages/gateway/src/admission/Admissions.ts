import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse } from '../errors/registry';
import { RequestsUnderWay } from '../http/RequestsUnderWay';
import { CompletionHistories } from '../limits/CompletionHistories';
import type { EntryFigures, Hold, Limiter } from '../limits/Limiter';
import { allowsModel, judgePolicies } from '../policies/judgePolicies';
import { levelName } from '../rules/levelName';
import type { RuleChain } from '../rules/RuleChain';
import type { RuleChains } from '../rules/RuleChains';
import type { ServedModel } from '../snapshot/Snapshot';
import type { Log } from '../telemetry/log';
import { UNCOUNTED } from './Admission';
import type { AdmissionQuestion } from './AdmissionQuestion';
import type { AdmissionVerdict } from './AdmissionVerdict';
import { Allowances } from './allowances/Allowances';
import { BlindLimiter } from './BlindLimiter';
import { BudgetStandings } from './BudgetStandings';
import { chooseModel } from './chooseModel';
import {
  CountedAdmission,
  type AdmissionSurroundings,
} from './CountedAdmission';
import { CounterNotes } from './CounterNotes';
import { explainRefusal } from './explainRefusal';
import { HoldKeeper, type KeptHold } from './HoldKeeper';
import type { LedgerSeeder } from './LedgerSeeder';
import { KeptReservation } from './KeptReservation';
import { outputCapOf, roomOf } from './outputCapOf';
import { estimateOf, planOf, throttlesOf, type Plan } from './planOf';
import { rateLimitHeaders } from './rateLimitHeaders';
import type { Held, Reservation } from './Reservation';
import { releaseAll, Reserver } from './Reserver';
import type { Settleable } from './Settleable';
import { termsOf, type Terms } from './Terms';
import { TermsTable } from './TermsTable';

export interface AdmissionsOptions {
  readonly chains: RuleChains;
  readonly limiter: Limiter;
  /** Where that counts when nothing is amiss. */
  readonly store: Hold['store'];
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

const NO_HEADERS: AdmissionVerdict['headers'] = Object.freeze({});

const NOTHING_RESERVED: Settleable = { settle: () => undefined };

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
 * Those who ask often are let in by what was reserved ahead for them; see `allowances/`.
 *
 * A plan is made by what budgets were said to have spent a moment ago. The answer to the reservation says what they have spent by now, for
 * all gateways together; so what a threshold asks for holds from the very next request on.
 */
export class Admissions {
  readonly #options: AdmissionsOptions;
  readonly #reserver: Reserver;
  readonly #standings: BudgetStandings;
  readonly #notes: CounterNotes;
  readonly #histories = new CompletionHistories();
  readonly #settlements = new RequestsUnderWay();
  readonly #terms = new TermsTable(this.#histories);
  readonly #keeper: HoldKeeper;
  readonly #blindKeeper: HoldKeeper;
  readonly #allowances: Allowances;
  readonly #around: AdmissionSurroundings;

  static create(options: AdmissionsOptions): Admissions {
    return new Admissions(options);
  }

  private constructor(options: AdmissionsOptions) {
    const { limiter, blind, replicas, seeder, newId } = options;
    this.#options = options;
    const standings = BudgetStandings.create(options);
    this.#standings = standings;
    this.#notes = new CounterNotes({ standings, seeder });
    this.#reserver = Reserver.create({
      limiter,
      blind: BlindLimiter.create({ local: blind, replicas }),
      seeder,
      newId,
    });
    this.#keeper = HoldKeeper.start({ limiter });
    this.#blindKeeper = HoldKeeper.start({ limiter: blind });
    this.#allowances = Allowances.create({
      ...options,
      onFigures: (chain, figures) => this.#notes.admitted(chain, figures),
    });
    this.#around = {
      reserveFor: (question, model, { chain }) =>
        this.#reserveFor(question, model, chain),
      observe: (event, terms) => this.#observe(event, terms),
      settlements: this.#settlements,
    };
  }

  /** How many requests hold something at the moment. */
  get held(): number {
    return this.#keeper.size + this.#allowances.underWay;
  }

  /** Resolves once all that has ended is settled. */
  async close(): Promise<void> {
    this.#keeper.close();
    this.#blindKeeper.close();
    this.#options.seeder.close();
    await this.#settlements.allOver();
    await this.#allowances.close();
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
      : (this.#admitByAllowance(question, own, judged.outputCap) ??
          this.#reserve(question, own, judged.outputCap));
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
            null,
          )
        : UNCOUNTED,
      model,
      outputCap: outputCap !== null && asked > outputCap ? outputCap : null,
      headers: NO_HEADERS,
    };
  }

  /** By what was reserved ahead, at once; `null`: it is to be reserved by itself. */
  #admitByAllowance(
    question: AdmissionQuestion,
    own: RuleChain,
    policyCap: number | null,
  ): AdmissionVerdict | null {
    const pool = this.#allowances.poolOf(own);
    if (pool === null) return null;
    const { key, model } = question;
    const terms = this.#terms.of(own, key, model);
    const estimated = estimateOf(terms, question);
    const { tokens, money } = estimated.estimate;
    const now = this.#options.monotonic();
    const allowance = pool.at(tokens.amount, money.amount, now);
    const part = allowance?.take(tokens.amount, money.amount);
    if (!allowance || !part) return null;
    const { room } = allowance;
    return {
      ok: true,
      admission: new CountedAdmission(this.#around, question, terms, part),
      model,
      outputCap: outputCapOf(question, estimated, room, policyCap),
      headers: allowance.headers(),
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
      const plan = planOf(terms, estimateOf(terms, question), this.#standings);
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
      this.#notes.admitted(chain, figures);
      const { limiter, store, monotonic } = this.#options;
      const [held, ...others] = reservation.held;
      const isWhole = others.length === 0 && held?.limiter === limiter;
      if (isWhole && held.hold.store === store && figures.every(isKnown)) {
        this.#allowances.poolOf(chain)?.learn(figures, monotonic());
      }
    } else if (reservation.kind === 'refused') {
      this.#notes.refused(reservation.violations);
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
            this.#keep(reservation.held, terms.chain),
          ),
          model,
          outputCap: outputCapOf(
            question,
            plan,
            roomOf(
              plan.chain.counted,
              reservation.figures,
              reservation.entries,
            ),
            policyCap,
          ),
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
  ): Promise<Settleable | null> {
    const chain = this.#chainOf(question, model.id);
    const known = new Set(admitted.counted.map(({ name }) => name));
    const counted = chain.counted.filter(({ name }) => !known.has(name));
    if (counted.length === 0) return NOTHING_RESERVED;
    const rest = { ...chain, counted, budgets: [] };
    const terms = termsOf(rest, question.key, model, this.#histories);
    const plan = planOf(terms, estimateOf(terms, question), this.#standings);
    const reservation = await this.#reserver.reserve({
      ...plan,
      // Whole: how much may be generated has been told already.
      entries: plan.entries.map(entry => ({ ...entry, least: entry.amount })),
    });
    return reservation.kind === 'reserved'
      ? this.#keep(reservation.held, admitted)
      : null;
  }

  /** Keeps alive what was reserved, until it is settled. */
  #keep(held: readonly Held[], { budgets }: RuleChain): Settleable {
    return new KeptReservation({
      kept: held.map(({ limiter, hold }): KeptHold => {
        const isKeeper = limiter === this.#keeper.limiter;
        return (isKeeper ? this.#keeper : this.#blindKeeper).keep(hold);
      }),
      onBalances: balances => {
        if (budgets.length > 0) this.#notes.settled(balances);
      },
      log: this.#options.log,
    });
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

function isKnown(figures: EntryFigures | null): figures is EntryFigures {
  return figures !== null;
}
