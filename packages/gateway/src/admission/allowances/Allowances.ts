import type { EntryFigures, Hold, Limiter } from '../../limits/Limiter';
import type { RuleChain } from '../../rules/RuleChain';
import type { Log } from '../../telemetry/log';
import { HOLD_TTL_MS, HoldKeeper } from '../HoldKeeper';
import { roomOf } from '../outputCapOf';
import { Allowance } from './Allowance';
import {
  AllowancePool,
  ALLOWANCE_MS,
  type OpenAllowance,
} from './AllowancePool';

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
/** Most requests of an allowance are over so soon after it was closed, so that nothing has to be given back before. */
const TRIM_AFTER_MS = 2 * SWEEP_MS;
/** How often is told what is still needed, while requests are not over. */
const TRIM_EVERY_MS = 1_000;

/**
 * Reserves ahead for those who ask often, so that their requests need not wait for the limiter, nor the limiter work for each.
 *
 * An {@link Allowance} is one reservation for some hundred milliseconds of requests of one chain, on all its levels at once, and small beside what
 * is left there. So what the limiter guarantees holds for requests that are let in by it: together they never take more than was reserved.
 * Nearer to a limit, for those who ask seldom, and for what depends on each request by itself (those under way at a time, budgets
 * that do something at a threshold), each request is reserved as it comes.
 *
 * What is not used is given back at the latest a moment after those {@link ALLOWANCE_MS}; what a request took is told when all are over that were let in
 * by the same allowance, and until then is reserved. If this process dies, its allowances lapse as other holds do, and the ledger
 * has what was spent.
 */
export class Allowances {
  readonly #options: AllowancesOptions;
  readonly #keeper: HoldKeeper;
  readonly #pools = new WeakMap<RuleChain, AllowancePool | null>();
  /** Those that are not over, and when they are to be told of next. */
  readonly #live = new Map<Allowance, number>();
  readonly #settling = new Set<Promise<void>>();
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
    let sum = 0;
    for (const allowance of this.#live.keys()) sum += allowance.underWay;
    return sum;
  }

  /** What is reserved ahead for a chain; `null`: nothing ever is. */
  poolOf(chain: RuleChain): AllowancePool | null {
    const known = this.#pools.get(chain);
    if (known !== undefined) return known;
    const pool = mayReserveAhead(chain)
      ? new AllowancePool({ chain, open: asked => this.#open(chain, asked) })
      : null;
    this.#pools.set(chain, pool);
    return pool;
  }

  /** Closes what is no longer to be used, and gives back what nobody needs; resolves when that was told. */
  async sweep(): Promise<void> {
    const now = this.#options.monotonic();
    const trimming: Promise<void>[] = [];
    for (const [allowance, dueAt] of [...this.#live]) {
      if (now >= allowance.usableUntil) allowance.close();
      if (now < dueAt || allowance.underWay === 0) continue;
      this.#live.set(allowance, now + TRIM_EVERY_MS);
      trimming.push(this.#trim(allowance));
    }
    await Promise.all([...trimming, ...this.#settling]);
  }

  /** Lets nothing in any more; resolves when all is settled. All requests are to be over before. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const allowance of [...this.#live.keys()]) allowance.close();
    while (this.#opening > 0 || this.#settling.size > 0) {
      await Promise.all(this.#settling);
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
      this.#live.set(allowance, allowance.usableUntil + TRIM_AFTER_MS);
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
    const settled = this.#options.limiter.settle(kept.hold, taken).then(
      () => undefined,
      error => {
        // It lapses, and the ledger has what it took.
        this.#options.log.error(
          { err: error },
          'What was reserved ahead could not be settled',
        );
      },
    );
    this.#settling.add(settled);
    void settled.then(() => this.#settling.delete(settled));
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

  /** Gives back what is not needed any more. */
  async #trim(allowance: Allowance): Promise<void> {
    const { kept } = allowance;
    const needed = allowance.needed();
    if (needed === null) return;
    try {
      const { entries } = await this.#options.limiter.trim(kept.hold, needed);
      kept.hold = { ...kept.hold, entries };
    } catch (error) {
      this.#options.log.error(
        { err: error },
        'What was reserved ahead could not be given back',
      );
    }
  }
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
