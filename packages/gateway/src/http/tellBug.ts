import { refuse } from '../errors/registry';
import type { Log } from '../telemetry/log';
import { idHeaders, type Exchange } from './exchange';
import { sendRefusal } from './sendRefusal';

/** Whatever is thrown on the way of a request is a bug: it is logged, and its client is told that it was not to blame. */
export function tellBug(exchange: Exchange, bug: unknown, log: Log): void {
  const { res, headers, facts, errors, requestId } = exchange;
  const refusal = refuse('internal_error', {});
  facts.errorCode = refusal.code;
  log.error({ err: bug, requestId }, 'A request failed by a bug');
  // Once an answer has begun it cannot be taken back; that it is broken off is the only way to tell.
  if (res.headersSent) {
    res.destroy();
    return;
  }
  // Of the headers only the request's id: one of the others may be the bug.
  headers.splice(0, headers.length, ...idHeaders(requestId, errors));
  sendRefusal(exchange, refusal);
}
