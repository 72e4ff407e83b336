import { counterName } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import {
  RETRY_SOON_MS,
  type EntryFigures,
  type Hold,
  type Limiter,
  type ReserveResult,
  type SeedNeed,
} from '../limits/Limiter';
import type { BlindLimiter } from './BlindLimiter';
import { HOLD_TTL_MS } from './HoldKeeper';
import type { LedgerSeeder } from './LedgerSeeder';
import type { Plan } from './planOf';
import type { Held, Reservation } from './Reservation';

export interface ReserverOptions {
  readonly limiter: Limiter;
  readonly blind: BlindLimiter;
  readonly seeder: Pick<LedgerSeeder, 'seed'>;
  readonly newId: () => string;
}

type Reserved = Extract<Reservation, { kind: 'reserved' }>;

/** What there is to reserve. */
export type Reservable = Pick<Plan, 'chain' | 'entries'>;

/** A counter that was seeded and is unknown all the same has passed into another window meanwhile, or been forgotten; not for ever. */
const MAX_ROUNDS = 4;

/**
 * Reserves what a plan asks for, all of it or nothing.
 *
 * What the limiter does not know is looked up in the ledger first. What cannot be looked up either goes by how it was declared to be
 * degraded: `deny` refuses, the others are counted blindly; what cannot refuse anyway is left uncounted, for the ledger has it.
 */
export class Reserver {
  readonly #options: ReserverOptions;

  static create(options: ReserverOptions): Reserver {
    return new Reserver(options);
  }

  private constructor(options: ReserverOptions) {
    this.#options = options;
  }

  async reserve(plan: Reservable): Promise<Reservation> {
    const { limiter, newId } = this.#options;
    // One for all rounds: what a late answer to it reserves is known to be this request's, and does not stand in its own way.
    const holdId = newId();
    const { entries } = plan;
    const result = await limiter.reserve({
      holdId,
      ttlMs: HOLD_TTL_MS,
      entries,
    });
    return result.outcome === 'admitted'
      ? reserved(limiter, result.hold, result.figures)
      : this.#goOn(plan, holdId, result);
  }

  /** Deals with any other answer than that all is reserved. */
  async #goOn(
    plan: Reservable,
    firstHoldId: string,
    first: ReserveResult,
  ): Promise<Reservation> {
    const { limiter, seeder, newId } = this.#options;
    let places = plan.entries.map((_, place) => place);
    const blind: number[] = [];
    let holdId = firstHoldId;
    let result = first;
    for (let round = 1; ; round++) {
      switch (result.outcome) {
        case 'admitted':
          return this.#reserveBlindly(
            plan,
            blind,
            atPlaces(plan, places, limiter, result),
          );
        case 'refused':
          return { kind: 'refused', violations: result.violations };
        case 'unavailable':
          return {
            kind: 'unknown',
            why: 'limits_unavailable',
            counters: result.counters,
            retryAfterMs: result.retryAfterMs,
          };
        case 'needs-seed': {
          if (await seeder.seed(result.needsSeed)) break;
          const unknown = unknownPlaces(plan, places, result.needsSeed);
          const denied = unknown.filter(place => isDenied(plan, place));
          if (denied.length > 0) return spendingUnknown(plan, denied);
          places = places.filter(place => !unknown.includes(place));
          blind.push(
            ...unknown.filter(place => plan.chain.counted[place].enforced),
          );
          break;
        }
        // An id that is new cannot be closed but by its answer coming late.
        case 'closed':
          holdId = newId();
          break;
        default: {
          const impossible: never = result;
          throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
        }
      }
      if (places.length === 0) {
        return this.#reserveBlindly(plan, blind, nothingReserved(plan));
      }
      if (round === MAX_ROUNDS) return spendingUnknown(plan, places);
      result = await limiter.reserve({
        holdId,
        ttlMs: HOLD_TTL_MS,
        entries: places.map(place => plan.entries[place]),
      });
    }
  }

  /** Adds what can only be counted blindly, or takes everything back. */
  async #reserveBlindly(
    plan: Reservable,
    places: readonly number[],
    rest: Reserved,
  ): Promise<Reservation> {
    if (places.length === 0) return rest;
    const { blind, newId } = this.#options;
    const result = await blind.reserve(
      newId(),
      HOLD_TTL_MS,
      places.map(place => plan.entries[place]),
    );
    if (result.outcome === 'admitted') {
      const also = atPlaces(plan, places, blind.limiter, result);
      return {
        kind: 'reserved',
        held: [...rest.held, ...also.held],
        entries: rest.entries.map((entry, n) => entry ?? also.entries[n]),
        figures: rest.figures.map((figures, n) => figures ?? also.figures[n]),
      };
    }
    await releaseAll(rest.held);
    return result.outcome === 'refused'
      ? { kind: 'refused', violations: result.violations }
      : spendingUnknown(plan, places);
  }
}

/** Gives everything back. */
export async function releaseAll(held: readonly Held[]): Promise<void> {
  await Promise.all(held.map(({ limiter, hold }) => limiter.release(hold)));
}

function reserved(
  limiter: Limiter,
  hold: Hold,
  figures: readonly EntryFigures[],
): Reserved {
  const { entries } = hold;
  return { kind: 'reserved', held: [{ limiter, hold }], entries, figures };
}

function nothingReserved({ entries }: Reservable): Reserved {
  const none = entries.map(() => null);
  return { kind: 'reserved', held: [], entries: none, figures: none };
}

/** What was reserved of some places of a plan, by all of them. */
function atPlaces(
  plan: Reservable,
  places: readonly number[],
  limiter: Limiter,
  { hold, figures }: Extract<ReserveResult, { outcome: 'admitted' }>,
): Reserved {
  const spread = <T>(some: readonly T[]) =>
    plan.entries.map((_, place) => some[places.indexOf(place)] ?? null);
  return {
    kind: 'reserved',
    held: [{ limiter, hold }],
    entries: spread(hold.entries),
    figures: spread(figures),
  };
}

function unknownPlaces(
  plan: Reservable,
  places: readonly number[],
  needs: readonly SeedNeed[],
): readonly number[] {
  const names = new Set(needs.map(({ counter }) => counterName(counter)));
  return places.filter(place => names.has(plan.chain.counted[place].name));
}

function isDenied({ chain }: Reservable, place: number): boolean {
  const { enforced, whenDegraded } = chain.counted[place];
  return enforced && whenDegraded.mode === 'deny';
}

function spendingUnknown(
  plan: Reservable,
  places: readonly number[],
): Reservation {
  return {
    kind: 'unknown',
    why: 'spending_unknown',
    counters: places.map(place => plan.entries[place].counter),
    retryAfterMs: RETRY_SOON_MS,
  };
}
