/** Up to which revision keys and revocations are known. */
export interface KnownKeys {
  readonly revision: number;
  /** How many milliseconds ago it came to know them. */
  readonly ageMs: number;
}

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
  /** The revision up to which it knows keys and revocations, which go their own way; `null` when it has not read any. */
  readonly keys: KnownKeys | null;
  /** What it knew when it started from the disk, and may have accepted until it read `keys`; `null` when it did not start so. */
  readonly restoredKeys: KnownKeys | null;
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
