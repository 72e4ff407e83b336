import {
  counterName,
  MAX_AMOUNT,
  windowStartOf,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Limiter, Seed, SeedNeed } from '../limits/Limiter';
import { withDeadline } from '../limits/withDeadline';
import type { Log } from '../telemetry/log';
import { RepeatedWarning } from '../telemetry/RepeatedWarning';
import type { LedgerBalances } from './LedgerBalances';

export interface LedgerSeederOptions {
  readonly balances: Pick<LedgerBalances, 'usedIn'>;
  readonly limiter: Pick<Limiter, 'seed'>;
  /** Whether all usage that this gateway has recorded by now is in the ledger; waits for it. */
  readonly whenShipped: () => Promise<boolean>;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

/** How long a request waits for the ledger. What comes later is there for the next one. */
const PATIENCE_MS = 3_000;
/** After a failure the ledger is not asked for a moment: requests are not to queue up for a database that is away. */
const PAUSE_MS = 500;
/**
 * When the ledger is asked about a counter after it was first used, and then every hour: another gateway, or this one before it died, may
 * have had usage in its spool that neither the ledger nor the counter had yet. Asking again only ever raises.
 */
const AGAIN_AFTER_MS = [15_000, 60_000, 5 * 60_000, 15 * 60_000] as const;
const AGAIN_EVERY_MS = 60 * 60_000;
const LOOK_EVERY_MS = 5_000;
const BATCH = 500;
const MAX_WATCHED = 20_000;

interface Watched {
  readonly need: SeedNeed;
  readonly dueAt: number;
  readonly round: number;
}

/**
 * Tells the limiter what the ledger knows of budgets and quotas that it does not know.
 *
 * All that is needed at a time is asked for together: while one round is under way, what comes is for the next. So a thousand requests
 * that meet a limiter without memory come to a few queries. Before the ledger is asked, this gateway's own usage is brought there.
 */
export class LedgerSeeder {
  readonly #options: LedgerSeederOptions;
  readonly #warning: RepeatedWarning;
  readonly #waiting = new Map<string, SeedNeed>();
  readonly #watched = new Map<string, Watched>();
  #running: Promise<boolean> | undefined;
  #queued: Promise<boolean> | undefined;
  #failedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** @param options - `watch`: whether to ask the ledger again, as is needed where other gateways count as well */
  static create(
    options: LedgerSeederOptions & { readonly watch: boolean },
  ): LedgerSeeder {
    const seeder = new LedgerSeeder(options);
    if (options.watch) {
      seeder.#timer = setInterval(() => void seeder.askAgain(), LOOK_EVERY_MS);
      seeder.#timer.unref();
    }
    return seeder;
  }

  private constructor(options: LedgerSeederOptions) {
    this.#options = options;
    this.#warning = RepeatedWarning.create(options);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Whether the limiter has been told; not when the ledger cannot be asked, or does not answer soon. */
  async seed(needs: readonly SeedNeed[]): Promise<boolean> {
    if (this.#options.monotonic() - this.#failedAt < PAUSE_MS) return false;
    for (const need of needs) {
      this.#waiting.set(
        `${counterName(need.counter)}@${need.windowStart}`,
        need,
      );
    }
    try {
      return await withDeadline(this.#nextRound(), PATIENCE_MS);
    } catch {
      // A ledger that hangs is as one that is away: others are not to wait as long.
      this.#failedAt = this.#options.monotonic();
      return false;
    }
  }

  /** A counter is in use: the ledger is asked about it from time to time. */
  watch(name: string, need: SeedNeed): void {
    const watched = this.#watched.get(name);
    if (watched && watched.need.windowStart >= need.windowStart) return;
    const { counter, windowStart } = need;
    this.#watch(name, { counter, windowStart }, 0);
  }

  /** Asks the ledger again about what is due. */
  async askAgain(): Promise<void> {
    const now = this.#options.monotonic();
    const due: Watched[] = [];
    for (const [name, watched] of this.#watched) {
      if (watched.dueAt > now) continue;
      this.#watched.delete(name);
      // A window that has passed is over, and the next one has begun at nothing.
      if (this.#isCurrent(watched.need)) due.push(watched);
      if (due.length === BATCH) break;
    }
    if (due.length === 0) return;
    try {
      await this.#tell(due.map(({ need }) => need));
      due.forEach(again => this.#watchAgain(again, again.round + 1));
    } catch {
      due.forEach(again => this.#watchAgain(again, again.round));
    }
  }

  /** A round that begins after now. */
  #nextRound(): Promise<boolean> {
    if (this.#queued) return this.#queued;
    if (this.#running) {
      this.#queued = this.#running.then(() => {
        this.#queued = undefined;
        return this.#nextRound();
      });
      return this.#queued;
    }
    this.#running = this.#round().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #round(): Promise<boolean> {
    const needs = [...this.#waiting.values()];
    this.#waiting.clear();
    try {
      await this.#tell(needs);
      this.#warning.over('The ledger tells again what was spent');
      return true;
    } catch (error) {
      this.#failedAt = this.#options.monotonic();
      this.#warning.say(
        `What was spent cannot be looked up in the ledger: ${error instanceof Error ? error.message : String(error)}`,
      );
      return false;
    }
  }

  async #tell(needs: readonly SeedNeed[]): Promise<void> {
    const { balances, limiter, whenShipped } = this.#options;
    if (!(await whenShipped())) {
      throw new Error('the usage of this gateway has not reached it yet');
    }
    const used = await balances.usedIn(needs);
    const seeds: Seed[] = needs.map(need => ({
      ...need,
      spent: countable(used.get(counterName(need.counter)) ?? 0n),
    }));
    for (let i = 0; i < seeds.length; i += BATCH) {
      await limiter.seed(seeds.slice(i, i + BATCH));
    }
  }

  #watchAgain({ need }: Watched, round: number): void {
    this.#watch(counterName(need.counter), need, round);
  }

  #watch(name: string, need: SeedNeed, round: number): void {
    if (!this.#timer) return;
    const inMs = AGAIN_AFTER_MS[round] ?? AGAIN_EVERY_MS;
    const dueAt = this.#options.monotonic() + inMs;
    this.#watched.set(name, { need, dueAt, round });
    for (const oldest of this.#watched.keys()) {
      if (this.#watched.size <= MAX_WATCHED) break;
      this.#watched.delete(oldest);
    }
  }

  #isCurrent({ counter, windowStart }: SeedNeed): boolean {
    return windowStartOf(counter.window, this.#options.now()) <= windowStart;
  }
}

/** More than can be counted is more than any limit. */
function countable(amount: bigint): number {
  return Number(amount > BigInt(MAX_AMOUNT) ? MAX_AMOUNT : amount);
}
