import {
  counterName,
  isBudgetCounter,
  partOf,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type {
  Limiter,
  ReserveEntry,
  ReserveResult,
  SeedNeed,
} from '../limits/Limiter';

/**
 * Counts budgets and quotas of which nobody can tell what was spent: the shared store does not know, and the ledger cannot be asked. Of
 * each this gateway admits its share of the whole, or the part that was declared, whatever was spent before.
 *
 * What it counts is in the ledger later, as everything is, and is seeded from there; until then it counts on.
 */
export class BlindLimiter {
  readonly limiter: Limiter;
  readonly #replicas: () => number;

  static create(options: {
    readonly local: Limiter;
    readonly replicas: () => number;
  }): BlindLimiter {
    return new BlindLimiter(options.local, options.replicas);
  }

  private constructor(local: Limiter, replicas: () => number) {
    this.limiter = local;
    this.#replicas = replicas;
  }

  async reserve(
    holdId: string,
    ttlMs: number,
    entries: readonly ReserveEntry[],
  ): Promise<ReserveResult> {
    const request = {
      holdId,
      ttlMs,
      entries: entries.map(entry => this.#partOf(entry)),
    };
    const result = await this.limiter.reserve(request);
    if (result.outcome !== 'needs-seed') return result;
    await this.limiter.seed(
      result.needsSeed.map((need: SeedNeed) => ({ ...need, spent: 0 })),
    );
    return this.limiter.reserve(request);
  }

  #partOf(entry: ReserveEntry): ReserveEntry {
    const { whenDegraded, counter, limit } = entry;
    if (!isBudgetCounter(counter)) {
      throw new TypeError(`${counterName(counter)} is not in the ledger`);
    }
    const fraction =
      whenDegraded?.mode === 'cap'
        ? whenDegraded.fraction
        : 1 / Math.max(1, this.#replicas());
    return { ...entry, limit: partOf(limit, fraction) };
  }
}
