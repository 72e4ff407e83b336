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

/** Writes the line for a request that is over, whichever way. */
export function logAccess(
  { req, res, requestId, startedAt, facts }: Exchange,
  { log, monotonic }: { readonly log: Log; readonly monotonic: () => number },
): void {
  const path = pathOf(req.url);
  // What is not known is left out of the line.
  const line = {
    requestId,
    method: req.method,
    path: withoutKeys(path.slice(0, 200)),
    status: res.headersSent ? res.statusCode : null,
    ms: Math.round(monotonic() - startedAt),
    hungUp: res.writableFinished ? undefined : true,
    keyId: facts.keyId,
    projectId: facts.projectId,
    model: facts.model && withoutKeys(facts.model),
    streamed: facts.streamed,
    deploymentId: facts.deploymentId,
    attempts: facts.attempts,
    errorCode: facts.errorCode,
    upstreamDetail: facts.upstreamDetail,
    outcome: facts.outcome,
    inputTokens: facts.inputTokens,
    outputTokens: facts.outputTokens,
    cost: facts.cost,
    timeToFirstTokenMs: facts.timeToFirstTokenMs,
  };
  if (isTool(path)) log.debug(line, 'request');
  else log.info(line, 'request');
}
