import {
  counterName,
  isBudgetCounter,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { degradedLimit } from './degrade';
import {
  RETRY_SOON_MS,
  type ActualAmounts,
  type BudgetCounterId,
  type CounterReading,
  type Hold,
  type Limiter,
  type ReserveEntry,
  type ReserveRequest,
  type ReserveResult,
  type Seed,
  type SeedResult,
  type SettleResult,
} from './Limiter';

/** So that the shared store never takes one for a hold of its own. */
const ID_SUFFIX = ':alone';

interface Baseline {
  readonly counter: BudgetCounterId;
  readonly windowStart: number;
  readonly spent: number;
}

/**
 * What a gateway admits while it cannot count with the others: in process, its share of each limit; see `degradedLimit`.
 *
 * Whoever begins to count alone calls `beginAnew`: what this gateway knew of budgets says nothing about what others spent since.
 */
export class AloneLimiter implements Limiter {
  readonly #local: Limiter;
  readonly #replicas: () => number;
  /** What the ledger said since this gateway began to count alone. */
  readonly #baselines = new Map<string, Baseline>();

  private constructor(local: Limiter, replicas: () => number) {
    this.#local = local;
    this.#replicas = replicas;
  }

  static create(options: {
    local: Limiter;
    replicas: () => number;
  }): AloneLimiter {
    return new AloneLimiter(options.local, options.replicas);
  }

  /** Makes all budgets unknown. */
  async beginAnew(): Promise<void> {
    const counters = [...this.#baselines.values()].map(
      ({ counter }) => counter,
    );
    this.#baselines.clear();
    await this.#local.forget(counters);
  }

  async reserve(request: ReserveRequest): Promise<ReserveResult> {
    const baselines = await this.#baselinesOf(request.entries);
    const denied: LimitCounter[] = [];
    const entries: ReserveEntry[] = [];
    for (const entry of request.entries) {
      const limit = degradedLimit(
        entry,
        this.#replicas(),
        baselines.get(counterName(entry.counter)) ?? null,
      );
      if (limit === null) denied.push(entry.counter);
      else entries.push({ ...entry, limit });
    }
    if (denied.length > 0) {
      return {
        outcome: 'unavailable',
        counters: denied,
        retryAfterMs: RETRY_SOON_MS,
      };
    }
    const result = await this.#local.reserve({
      ...request,
      entries,
      holdId: `${request.holdId}${ID_SUFFIX}`,
    });
    if (result.outcome !== 'refused') return result;
    // What does not fit into a share may fit into the whole.
    const [first, ...others] = result.violations.map(violation => ({
      ...violation,
      retryAfterMs: violation.retryAfterMs ?? RETRY_SOON_MS,
    }));
    return { outcome: 'refused', violations: [first, ...others] };
  }

  async seed(seeds: readonly Seed[]): Promise<readonly SeedResult[]> {
    for (const { counter, windowStart, spent } of seeds) {
      const name = counterName(counter);
      // The first counts: later ones hold what this gateway spent alone.
      if (this.#baselines.get(name)?.windowStart !== windowStart) {
        this.#baselines.set(name, { counter, windowStart, spent });
      }
    }
    return this.#local.seed(seeds);
  }

  async settle(hold: Hold, actual: ActualAmounts): Promise<SettleResult> {
    return this.#local.settle(hold, actual);
  }

  async release(hold: Hold): Promise<SettleResult> {
    return this.#local.release(hold);
  }

  async trim(hold: Hold, amounts: readonly number[]): Promise<Hold> {
    return this.#local.trim(hold, amounts);
  }

  async renew(
    holds: readonly Hold[],
    ttlMs: number,
  ): Promise<readonly (Hold | null)[]> {
    return this.#local.renew(holds, ttlMs);
  }

  async forget(counters: readonly BudgetCounterId[]): Promise<void> {
    counters.forEach(counter => this.#baselines.delete(counterName(counter)));
    await this.#local.forget(counters);
  }

  async read(
    counters: readonly LimitCounter[],
  ): Promise<readonly CounterReading[]> {
    return this.#local.read(counters);
  }

  /** What was spent when this gateway began to count alone; nothing, in a window that began since. */
  async #baselinesOf(
    entries: readonly ReserveEntry[],
  ): Promise<ReadonlyMap<string, number>> {
    const budgets = entries
      .map(({ counter }) => counter)
      .filter(isBudgetCounter);
    if (budgets.length === 0) return new Map();
    const readings = await this.#local.read(budgets);
    return new Map(
      readings.flatMap(({ counter, windowStart, seeded }) => {
        const name = counterName(counter);
        const baseline = this.#baselines.get(name);
        if (!seeded || !baseline) return [];
        return [
          [name, baseline.windowStart === windowStart ? baseline.spent : 0],
        ];
      }),
    );
  }
}
