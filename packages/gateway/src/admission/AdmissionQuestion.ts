import type { KeyRecord } from '../keys/KeyRecord';
import type { ServedModel, Snapshot } from '../snapshot/Snapshot';

/** A request, as it is asked whether it may be made. */
export interface AdmissionQuestion {
  readonly key: KeyRecord;
  readonly model: ServedModel;
  readonly snapshot: Snapshot;
  readonly endpoint: string;
  /** An estimate. */
  readonly inputTokens: number;
  /** The most that may be generated for each choice; `null`: it does not say. */
  readonly maxOutputTokens: number | null;
  /** How many answers are generated at once. */
  readonly choices: number;
  /** Milliseconds since the epoch: what the price in force is looked up by. */
  readonly receivedAt: number;
}
