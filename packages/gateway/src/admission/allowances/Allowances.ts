import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { EntryFigures, Hold, Limiter } from '../../limits/Limiter';
import type { RuleChain } from '../../rules/RuleChain';
import type { Log } from '../../telemetry/log';
import { HOLD_TTL_MS, HoldKeeper } from '../HoldKeeper';
import { KeptReservation } from '../KeptReservation';
import { roomOf } from '../outputCapOf';
import { Allowance } from './Allowance';
import type { AllowancePart } from './AllowancePart';
import {
  AllowancePool,
  ALLOWANCE_MS,
  type OpenAllowance,
} from './AllowancePool';
import { amountOf } from './lumpOf';

export interface AllowancesOptions {
  readonly limiter: Limiter;
  /** Where the limiter counts when nothing is amiss. What it reserves elsewhere is not reserved ahead. */
  readonly store: Hold['store'];
  /** Told where counters stand, by an answer of the limiter. */
  readonly onFigures: (
    chain: RuleChain,
    figures: readonly EntryFigures[],
  ) => void;
  readonly log: Log;
  readonly monotonic: () => number;
  readonly newId: () => string;
}

/** How often what is no longer used is looked for. */
const SWEEP_MS = 50;
/** What is not over so soon after an allowance was used last is reserved by itself. */
const HAND_OVER_AFTER_MS = 2 * SWEEP_MS;
/** When that is tried again, should it not be possible. */
const HAND_OVER_AGAIN_MS = 5_000;

/**
 * Reserves ahead for those who ask often, so that their requests need not wait for the limiter, nor the limiter work for each.
 *
 * An {@link Allowance} is one reservation for some hundred milliseconds of requests of one chain, on all its levels at once, and small beside what
 * is left there. So what the limiter guarantees holds for requests that are let in by it: together they never take more than was reserved.
 * Nearer to a limit, for those who ask seldom, and for what depends on each request by itself (those under way at a time, budgets
 * that do something at a threshold), each request is reserved as it comes.
 *
 * Soon after its {@link ALLOWANCE_MS} an allowance is settled at what its requests took, and what nobody was let in for is free again. For those that
 * last longer the same is reserved once more before, for each by itself: so what a request took is told soon after its end,
 * however long others last that were let in with it. If this process dies, its allowances lapse as other holds do, and the ledger
 * has what was spent.
 */
export class Allowances {
  readonly #options: AllowancesOptions;
  readonly #keeper: HoldKeeper;
  readonly #pools = new WeakMap<RuleChain, AllowancePool | null>();
  readonly #live = new Map<Allowance, Live>();
  /** What is on its way to the limiter. */
  readonly #telling = new Set<Promise<void>>();
  #opening = 0;
  #sweep: NodeJS.Timeout | null = null;
  #isClosed = false;

  static create(options: AllowancesOptions): Allowances {
    return new Allowances(options);
  }

  private constructor(options: AllowancesOptions) {
    this.#options = options;
    this.#keeper = HoldKeeper.start({ limiter: options.limiter });
  }

  /** How many requests were let in by allowances and are not over. */
  get underWay(): number {
    // Those that were handed over, and those that were not.
    let sum = this.#keeper.size - this.#live.size;
    for (const allowance of this.#live.keys()) sum += allowance.underWay;
    return sum;
  }

  /** What is reserved ahead for a chain; `null`: nothing ever is. */
  poolOf(chain: RuleChain): AllowancePool | null {
    const known = this.#pools.get(chain);
    if (known !== undefined) return known;
    const pool = mayReserveAhead(chain)
      ? new AllowancePool({
          chain,
          open: asked => this.#open(chain, asked),
          live: () => this.#live.size,
        })
      : null;
    this.#pools.set(chain, pool);
    return pool;
  }

  /** Closes what is no longer to be used, and hands over what lasts longer; resolves when all was told. */
  async sweep(): Promise<void> {
    const now = this.#options.monotonic();
    for (const [allowance, live] of this.#live) {
      if (now >= allowance.usableUntil) allowance.close();
      if (now < live.dueAt || allowance.underWay === 0) continue;
      live.dueAt = now + HAND_OVER_AGAIN_MS;
      for (const part of allowance.parts) {
        this.#track(this.#handOver(part, allowance, live.chain));
      }
    }
    while (this.#telling.size > 0) await Promise.all(this.#telling);
  }

  /** Lets nothing in any more; resolves when all is settled. All requests are to be over before. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const allowance of this.#live.keys()) allowance.close();
    while (this.#opening > 0 || this.#telling.size > 0) {
      await Promise.all(this.#telling);
      if (this.#opening > 0)
        await new Promise(resolve => setTimeout(resolve, 5));
    }
    this.#keeper.close();
    if (this.#sweep) clearTimeout(this.#sweep);
  }

  async #open(
    chain: RuleChain,
    { entries, lump, usableUntil }: Parameters<OpenAllowance>[0],
  ): Promise<Allowance | null> {
    const { limiter, store, newId, onFigures } = this.#options;
    this.#opening += 1;
    try {
      const result = await limiter.reserve({
        holdId: newId(),
        ttlMs: HOLD_TTL_MS,
        entries,
      });
      if (result.outcome !== 'admitted') return null;
      const { hold, figures } = result;
      if (hold.store !== store || this.#isClosed) {
        await limiter.release(hold);
        return null;
      }
      onFigures(chain, figures);
      const allowance = new Allowance({
        kept: this.#keeper.keep(hold),
        lump,
        figures,
        room: roomOf(chain.counted, figures),
        usableUntil: usableUntil(hold, figures),
        onOver: over => this.#settle(over),
      });
      const dueAt = allowance.usableUntil + HAND_OVER_AFTER_MS;
      this.#live.set(allowance, { chain, dueAt });
      this.#scheduleSweep();
      return allowance;
    } catch (error) {
      // What it may have reserved lapses; the next request is reserved by itself, and what is amiss shows there.
      this.#options.log.error(
        { err: error },
        'Nothing could be reserved ahead',
      );
      return null;
    } finally {
      this.#opening -= 1;
    }
  }

  #settle(allowance: Allowance): void {
    this.#live.delete(allowance);
    const { kept, taken } = allowance;
    this.#keeper.drop(kept);
    this.#track(
      this.#options.limiter.settle(kept.hold, taken).then(() => undefined),
    );
  }

  /**
   * Reserves for one request what it was let in for, so that the allowance can be settled. Nothing can be in the way, since the same is reserved already;
   * until the allowance is settled, a moment later, it is twice.
   */
  async #handOver(
    part: AllowancePart,
    { kept }: Allowance,
    { counted }: RuleChain,
  ): Promise<void> {
    const { limiter, store, newId, log } = this.#options;
    const amounts = { requests: 1, tokens: part.tokens, money: part.money };
    const result = await limiter.reserve({
      holdId: newId(),
      ttlMs: HOLD_TTL_MS,
      entries: counted.map(({ counter, whenDegraded }) => ({
        counter,
        limit: MAX_AMOUNT,
        amount: amountOf(counter, amounts) ?? 0,
        whenDegraded,
      })),
    });
    // Else it stays where it is, until it is over or this is tried again.
    if (result.outcome !== 'admitted') return;
    const { hold } = result;
    if (part.isOver || hold.store !== store || !isSameWindow(hold, kept.hold)) {
      await limiter.release(hold);
      return;
    }
    part.moveTo(
      new KeptReservation({
        kept: [this.#keeper.keep(hold)],
        onBalances: () => undefined,
        log,
      }),
    );
  }

  /** What fails lapses, and the ledger has what was spent. */
  #track(telling: Promise<void>): void {
    const told = telling
      .catch(error => {
        this.#options.log.error(
          { err: error },
          'What was reserved ahead could not be settled',
        );
      })
      .finally(() => this.#telling.delete(told));
    this.#telling.add(told);
  }

  #scheduleSweep(): void {
    if (this.#sweep !== null) return;
    this.#sweep = setTimeout(() => {
      this.#sweep = null;
      void this.sweep();
      if (this.#live.size > 0) this.#scheduleSweep();
    }, SWEEP_MS);
    this.#sweep.unref();
  }
}

interface Live {
  readonly chain: RuleChain;
  /** When requests are handed over that are not over by then. */
  dueAt: number;
}

/** A request counts in the windows in which it was admitted. */
function isSameWindow(a: Hold, b: Hold): boolean {
  return a.entries.every(
    ({ windowStart }, place) => windowStart === b.entries[place].windowStart,
  );
}

/**
 * Not where it matters to the next request what this one spent, and not for requests that are under way at the same time: each of these is counted
 * for as long as it lasts.
 */
function mayReserveAhead({ counted, budgets }: RuleChain): boolean {
  return (
    counted.length > 0 &&
    budgets.length === 0 &&
    counted.every(({ counter }) => counter.measure !== 'concurrency')
  );
}
