/** The revision that tells gateways that something they serve changed. */
export interface ConfigRevisionStore {
  current(): Promise<bigint>;
  /** Lets no other writer of the configuration go on until this transaction ends. */
  lock(): Promise<void>;
  /** Takes the next revision; listeners hear of it when this transaction commits. */
  increment(at: Date): Promise<bigint>;
}
