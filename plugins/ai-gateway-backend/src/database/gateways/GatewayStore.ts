/** A gateway process as it last told of itself. */
export interface GatewayRecord {
  readonly id: string;
  readonly hostname: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly lastSeenAt: Date;
  /** How long ago that was, by the database's clock, which is also the gateways'. */
  readonly silentForMs: number;
  readonly state: 'ready' | 'draining';
  readonly appliedRevision: bigint;
  readonly appliedAt: Date | null;
  readonly configurationError: string | null;
  /** The revision up to which it knows keys, and since when; `null` when it does not say. */
  readonly keys: { readonly revision: bigint; readonly appliedAt: Date } | null;
}

/**
 * Whether a gateway knows keys as they are in a revision. Since when is `null` when that is longer ago than is kept, or when it started
 * after the change and never knew keys as they were before.
 */
export type KeyRevisionApplied =
  | {
      readonly applied: true;
      readonly at: Date | null;
      readonly startedSince: boolean;
    }
  | { readonly applied: false };

/** Gateway processes, which write their own rows. */
export interface GatewayStore {
  /** Those seen in the last while, the one heard of last first. */
  listSeenWithin(milliseconds: number): Promise<GatewayRecord[]>;
  /** Which of some gateways know keys as they are since a change, by their ids; those left out do not. */
  appliedKeys(
    ids: readonly string[],
    change: { readonly revision: bigint; readonly at: Date },
  ): Promise<Map<string, KeyRevisionApplied>>;
  /** Forgets gateways that were not seen for a week, and when revisions were applied a month ago and more. */
  prune(): Promise<void>;
}
