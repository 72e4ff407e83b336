import type {
  NanoUsd,
  TokenCounts,
  UsageGroupBy,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** Sums over some usage; additive, so that sums of sums are sums. */
export interface UsageSums {
  readonly requests: number;
  readonly errors: number;
  readonly tokens: TokenCounts;
  readonly costNanoUsd: NanoUsd;
  readonly latencyMsSum: number;
  readonly timeToFirstTokenMsSum: number;
  readonly timeToFirstTokenCount: number;
}

/** Which usage. */
export interface UsageFilter {
  /** The projects that the reader may see; `null` for all. */
  readonly projectIds: readonly string[] | null;
  readonly projectId?: string;
  readonly modelId?: string;
  readonly apiKeyId?: string;
}

/** The usage of one group in one bucket. */
export interface UsageCell {
  /** Index into the bucket starts that were asked for. */
  readonly bucket: number;
  /** A model, key or project, or `~other`. */
  readonly groupId: string;
  readonly sums: UsageSums;
}

/** The hourly sums of the ledger. */
export interface UsageStore {
  /**
   * Usage by bucket and group; cells without usage are left out.
   *
   * @param options - `starts`: whole hours at which buckets begin, earliest first; `until`: the whole hour at which the last one ends;
   *   `top`: how many groups, the most expensive ones, stand on their own
   */
  cells(
    filter: UsageFilter,
    options: {
      starts: readonly Date[];
      until: Date;
      groupBy: UsageGroupBy;
      top: number;
    },
  ): Promise<UsageCell[]>;
  /** Sums from one whole hour, included, to another, excluded. */
  totals(filter: UsageFilter, from: Date, until: Date): Promise<UsageSums>;
  /** What people call some groups. */
  labels(
    groupBy: UsageGroupBy,
    ids: readonly string[],
  ): Promise<Map<string, string>>;
}
