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
}

/** Gateway processes, which write their own rows. */
export interface GatewayStore {
  /** Those seen in the last while, the one heard of last first. */
  listSeenWithin(milliseconds: number): Promise<GatewayRecord[]>;
}
