import {
  counterName,
  type LimitMeasure,
  type LimitSubjectKind,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Knex } from 'knex';
import type { SeedNeed } from '../limits/Limiter';

/** A server that hangs is as one that is away. */
const TIMEOUT_MS = 10_000;

/** Sums by the day, and by the hour where only those have an index that helps. */
const DAYS = 'usage_daily WHERE day >= :start';
const HOURS = 'usage_hourly WHERE hour >= :start';

/** Where a subject's sums are, and how they name it. A subscription's name is put together of two columns. */
const SUBJECT_SQL: Record<
  LimitSubjectKind,
  { readonly id: string; readonly from: string }
> = {
  key: { id: 'api_key_id', from: `${DAYS} AND api_key_id = ANY(:ids)` },
  user: {
    id: 'owner_ref',
    from: `${HOURS} AND owner_kind = 'user' AND owner_ref = ANY(:ids)`,
  },
  app: {
    id: 'owner_ref',
    from: `${HOURS} AND owner_kind = 'app' AND owner_ref = ANY(:ids)`,
  },
  subscription: {
    id: `project_id || '/' || model_id`,
    from: `${DAYS} AND project_id = ANY(:projects) AND project_id || '/' || model_id = ANY(:ids)`,
  },
  project: { id: 'project_id', from: `${DAYS} AND project_id = ANY(:ids)` },
  'business-unit': {
    id: 'business_unit',
    from: `${DAYS} AND business_unit = ANY(:ids)`,
  },
  organisation: { id: `'default'`, from: DAYS },
};

const SUMS = `
  sum(requests) AS requests,
  sum(input_tokens + cached_input_tokens + cache_write_tokens + output_tokens
      + reasoning_tokens + audio_tokens + image_tokens) AS tokens,
  sum(cost_nano_usd) AS money`;

interface SumsRow {
  readonly id: string;
  readonly requests: string;
  readonly tokens: string;
  readonly money: string;
}

/**
 * What the ledger says was used, by the counters that limit it. Windows begin with whole days of UTC, so that sums of days and hours are exact.
 */
export class LedgerBalances {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): LedgerBalances {
    return new LedgerBalances(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** By the names of the counters; all of them. One query for each kind of subject and window. */
  async usedIn(
    needs: readonly SeedNeed[],
  ): Promise<ReadonlyMap<string, bigint>> {
    const used = new Map<string, bigint>();
    for (const group of groupsOf(needs).values()) {
      const sums = await this.#sums(group);
      for (const { counter } of group) {
        const row = sums.get(counter.subject.id);
        used.set(counterName(counter), amountOf(row, counter.measure));
      }
    }
    return used;
  }

  /** By subject. */
  async #sums(
    group: readonly SeedNeed[],
  ): Promise<ReadonlyMap<string, SumsRow>> {
    const [{ counter, windowStart }] = group;
    const { id, from } = SUBJECT_SQL[counter.subject.kind];
    const ids = [...new Set(group.map(need => need.counter.subject.id))];
    const { rows } = await this.#knex
      .raw<{ rows: SumsRow[] }>(
        `SELECT ${id} AS id, ${SUMS} FROM ${from} GROUP BY 1`,
        {
          start: new Date(windowStart),
          ids,
          projects: ids.map(name => name.split('/', 1)[0]),
        },
      )
      .timeout(TIMEOUT_MS);
    return new Map(rows.map(row => [row.id, row]));
  }
}

function groupsOf(needs: readonly SeedNeed[]): Map<string, SeedNeed[]> {
  const groups = new Map<string, SeedNeed[]>();
  for (const need of needs) {
    const { subject, window } = need.counter;
    const name = `${subject.kind}:${window}:${need.windowStart}`;
    const group = groups.get(name);
    if (group) group.push(need);
    else groups.set(name, [need]);
  }
  return groups;
}

function amountOf(row: SumsRow | undefined, measure: LimitMeasure): bigint {
  if (!row) return 0n;
  switch (measure) {
    case 'requests':
    case 'tokens':
    case 'money':
      return BigInt(row[measure]);
    case 'concurrency':
      return 0n;
    default: {
      const impossible: never = measure;
      throw new TypeError(`Unknown measure: ${impossible}`);
    }
  }
}
