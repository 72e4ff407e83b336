import type { Knex } from 'knex';
import { eventually } from '../rig/eventually';

/** A usage event as it stands in the ledger. */
export interface LedgerRow {
  readonly id: string;
  readonly requestId: string;
  /** From 1 on. */
  readonly attempt: number;
  readonly outcome: string;
  readonly errorCode: string | null;
  readonly usageSource: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: bigint;
}

/** What the ledger comes to. */
export interface Balance {
  readonly requests: number;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costNanoUsd: bigint;
}

const QUIET_MS = 1_500;

/** Reads the ledger with statements of its own. */
export class Ledger {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async rows(): Promise<LedgerRow[]> {
    const { rows } = await this.#knex.raw(`
      SELECT id, request_id, attempt::text, outcome, error_code, usage_source,
        input_tokens::text AS input, (output_tokens + reasoning_tokens)::text AS output, cost_nano_usd::text AS cost
      FROM usage_events ORDER BY occurred_at, id
    `);
    return rows.map((row: Readonly<Record<string, string>>): LedgerRow => ({
      id: row.id,
      requestId: row.request_id,
      attempt: Number(row.attempt),
      outcome: row.outcome,
      errorCode: row.error_code,
      usageSource: row.usage_source,
      inputTokens: Number(row.input),
      outputTokens: Number(row.output),
      costNanoUsd: BigInt(row.cost),
    }));
  }

  async count(): Promise<number> {
    const { rows } = await this.#knex.raw(
      'SELECT count(*)::int AS count FROM usage_events',
    );
    return rows[0].count;
  }

  /** By its events. */
  balance(): Promise<Balance> {
    return this.#sum(`
      SELECT count(*) AS requests, coalesce(sum(input_tokens), 0) AS input,
        coalesce(sum(output_tokens + reasoning_tokens), 0) AS output, coalesce(sum(cost_nano_usd), 0) AS cost
      FROM usage_events
    `);
  }

  /** By its hourly sums, which must never differ from its events. */
  hourlyBalance(): Promise<Balance> {
    return this.#sum(`
      SELECT coalesce(sum(requests), 0) AS requests, coalesce(sum(input_tokens), 0) AS input,
        coalesce(sum(output_tokens + reasoning_tokens), 0) AS output, coalesce(sum(cost_nano_usd), 0) AS cost
      FROM usage_hourly
    `);
  }

  /**
   * Waits until there are so many rows, and then until no more come.
   *
   * @returns how many there are
   */
  async settled(atLeast: number, withinMs: number): Promise<number> {
    let count = -1;
    let since = performance.now();
    await eventually(
      async () => {
        const now = await this.count();
        if (now !== count) {
          count = now;
          since = performance.now();
        }
        return count >= atLeast && performance.now() - since > QUIET_MS;
      },
      { withinMs, everyMs: 100 },
    );
    return count;
  }

  async #sum(sql: string): Promise<Balance> {
    const { rows } = await this.#knex.raw(sql);
    const [row] = rows;
    return {
      requests: Number(row.requests),
      inputTokens: BigInt(row.input),
      outputTokens: BigInt(row.output),
      costNanoUsd: BigInt(row.cost),
    };
  }
}

/** Whether two balances are the same to the nano-dollar. */
export function sameBalance(one: Balance, other: Balance): boolean {
  return (
    one.requests === other.requests &&
    one.inputTokens === other.inputTokens &&
    one.outputTokens === other.outputTokens &&
    one.costNanoUsd === other.costNanoUsd
  );
}

/** For people. */
export function describeBalance(balance: Balance): string {
  return `${balance.requests} requests, ${balance.inputTokens} + ${balance.outputTokens} tokens, ${balance.costNanoUsd} nano-dollars`;
}
