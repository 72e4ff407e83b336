import type {
  NanoUsd,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What the ledger says was spent. */
export interface SpendingStore {
  /**
   * What each of some subjects spent since a moment, which is a whole hour; by `subjectName`. A subject that spent nothing is left out.
   */
  since(
    from: Date,
    subjects: readonly Subject[],
  ): Promise<Map<string, NanoUsd>>;
}
