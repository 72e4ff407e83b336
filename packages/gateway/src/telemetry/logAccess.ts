import type { Exchange } from '../http/exchange';
import { isTool, pathOf } from './endpointOf';
import type { Log } from './log';
import { withoutKeys } from './withoutKeys';

/**
 * Where the lines for requests go: the gateway's log, but for its search for members that look like credentials, which costs more than
 * all the rest of a line. What a line holds is listed in `AccessFacts` and below, and none of it can be one.
 */
export function accessLogOf(log: Log): Log {
  return log.child({}, { redact: [] });
}

/** Writes one line for a request once it is over, whichever way. */
export function logAccess(
  exchange: Exchange,
  { log, monotonic }: { readonly log: Log; readonly monotonic: () => number },
): void {
  const { req, res, facts } = exchange;
  const path = withoutKeys(pathOf(req.url).slice(0, 200));
  res.once('close', () => {
    log[isTool(path) ? 'debug' : 'info'](
      {
        requestId: exchange.requestId,
        method: req.method,
        path,
        status: res.headersSent ? res.statusCode : null,
        ms: Math.round(monotonic() - exchange.startedAt),
        ...(!res.writableFinished && { hungUp: true }),
        ...facts,
        ...(facts.model !== undefined && { model: withoutKeys(facts.model) }),
      },
      'request',
    );
  });
}
