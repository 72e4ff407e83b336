import type { Exchange } from '../http/exchange';
import type { Log } from './log';

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
  const { req, res } = exchange;
  const path = (req.url ?? '/').split('?', 1)[0].slice(0, 200);
  const isProbe = path === '/healthz' || path === '/readyz';
  res.once('close', () => {
    log[isProbe ? 'debug' : 'info'](
      {
        requestId: exchange.requestId,
        method: req.method,
        path,
        status: res.headersSent ? res.statusCode : null,
        ms: Math.round(monotonic() - exchange.startedAt),
        ...(!res.writableFinished && { hungUp: true }),
        ...exchange.facts,
      },
      'request',
    );
  });
}
