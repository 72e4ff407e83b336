import { InputError } from '@backstage/errors';
import { encodeCursor } from './cursor';
import type { RequestLogSummary } from './RequestLog';
import { MAX_REQUEST_LOG_PAGE, type RequestLogPage } from './RequestLogStore';

/** @throws InputError unless the limit is a whole number that a page can hold */
export function checkLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_REQUEST_LOG_PAGE) {
    throw new InputError(
      `A page of request logs holds from 1 to ${MAX_REQUEST_LOG_PAGE} rows`,
    );
  }
  return limit;
}

/** Makes a page of rows of which one more was read than the page holds, to know whether there is a next one. */
export function toPage(
  rows: readonly RequestLogSummary[],
  limit: number,
): RequestLogPage {
  const items = rows.slice(0, limit);
  return {
    items,
    nextCursor: rows.length > limit ? encodeCursor(items[limit - 1]) : null,
  };
}
