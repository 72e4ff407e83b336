import type { UsageOutcome } from '../ledger';
import type { RequestLog, RequestLogSummary } from './RequestLog';

/** @public */
export type StatusClass = '2xx' | '3xx' | '4xx' | '5xx';

/** The most rows that one page of a search holds. @public */
export const MAX_REQUEST_LOG_PAGE = 500;

/** Which request logs to find. @public */
export interface RequestLogSearch {
  /** The tenants whose logs the caller may see. None: nothing is found. */
  readonly projectIds: readonly string[];
  /** Milliseconds since the epoch, inclusive. */
  readonly from: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly to: number;
  readonly modelId?: string;
  readonly apiKeyId?: string;
  readonly ownerRef?: string;
  readonly outcome?: UsageOutcome;
  readonly statusClass?: StatusClass;
  readonly errorCode?: string;
  /** Any part of the request id, as people paste it; letter case counts. */
  readonly requestIdContains?: string;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** From 1 to {@link MAX_REQUEST_LOG_PAGE}. */
  readonly limit: number;
}

/** One page, newest first. @public */
export interface RequestLogPage {
  readonly items: readonly RequestLogSummary[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/** What a run of retention removed. @public */
export interface RequestLogsDropped {
  /** Whole months. */
  readonly months: number;
  /** Rows of the month in which the limit falls. */
  readonly rows: number;
}

/**
 * Where request logs are kept. Every implementation passes the suite of `testing/requestLogStoreContract.ts`.
 *
 * Every read is within the projects it is given; there is no read without them.
 *
 * @public
 */
export interface RequestLogStore {
  /**
   * Keeps records. The same record again changes nothing, so that a batch of which nobody knows whether it arrived may be sent again.
   *
   * Text that a database cannot hold (NUL, halves of surrogate pairs) is kept with U+FFFD in its place.
   *
   * @throws InputError when a record can never be stored as it is; sending the batch again is of no use. None of it may have been stored.
   * @throws any other error when the store is away: send the batch again later.
   */
  append(batch: readonly RequestLog[]): Promise<void>;

  /** @throws InputError when the cursor or the limit is not valid */
  search(search: RequestLogSearch): Promise<RequestLogPage>;

  /** One request with its bodies, if it is of one of these projects. */
  get(
    projectIds: readonly string[],
    requestId: string,
  ): Promise<RequestLog | undefined>;

  /**
   * Removes everything before a time: whole months at once, and what remains in small pieces. Other reads and writes go on meanwhile.
   *
   * @param time - milliseconds since the epoch, exclusive
   */
  dropBefore(time: number): Promise<RequestLogsDropped>;

  /** Makes what the store needs, if it is not there. Only the control plane does this, at start and daily. */
  ensureSchema(): Promise<void>;

  /** Lets go of the connections that the store itself opened. */
  close(): Promise<void>;
}
