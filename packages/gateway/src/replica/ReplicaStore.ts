/** A gateway process as others see it. */
export interface Replica {
  readonly id: string;
  readonly hostname: string;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly state: 'ready' | 'draining';
  readonly appliedRevision: number;
  /** Milliseconds since the epoch. */
  readonly appliedAt: number | null;
  /** Why it refused the newest configuration; `null` when it did not. */
  readonly configurationError: string | null;
}

/** Where gateways report what they run. */
export interface ReplicaStore {
  /** Reports, as seen now. */
  report(replica: Replica): Promise<void>;
  /** It has ended in good order. */
  remove(id: string): Promise<void>;
}
