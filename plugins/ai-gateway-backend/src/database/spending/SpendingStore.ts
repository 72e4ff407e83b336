import type {
  NanoUsd,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What the ledger says was spent. */
export interface SpendingStore {
  /**
   * What each of some subjects spent, by `subjectName`. A subject that spent nothing is left out.
   *
   * @param span - from the begin of one day of UTC, included, to that of another, excluded; `null`: to the end
   */
  within(
    span: { from: Date; until: Date | null },
    subjects: readonly Subject[],
  ): Promise<Map<string, NanoUsd>>;
}
