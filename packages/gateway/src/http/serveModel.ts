import type { Endpoint } from '../endpoints';
import type { Refusal } from '../errors/registry';
import type { Log } from '../telemetry/log';
import { boundEnd } from './boundEnd';
import type { Exchange } from './exchange';
import { lingeringClose } from './lingeringClose';
import type { RequestsUnderWay } from './RequestsUnderWay';
import { sendRefusal } from './sendRefusal';
import { tellBug } from './tellBug';

/** Serves a request to a model, at whichever endpoint. Never rejects. */
export type ServeModel = (
  exchange: Exchange,
  endpoint: Endpoint,
) => Promise<void>;

const CLOSE = ['connection', 'close'];

/**
 * Makes what serves requests to models.
 *
 * @param options - `handle`: does what is asked for and answers, or says why not
 */
export function serveModelBy(options: {
  readonly handle: (
    exchange: Exchange,
    endpoint: Endpoint,
  ) => Promise<Refusal | null>;
  readonly underWay: RequestsUnderWay;
  /** What a client may take to read the end of an answer. */
  readonly stallTimeoutMs: number;
  readonly log: Log;
}): ServeModel {
  const { handle, underWay, stallTimeoutMs, log } = options;
  return async (exchange, endpoint) => {
    const { req, res } = exchange;
    underWay.begin();
    try {
      const refusal = await handle(exchange, endpoint);
      if (refusal) {
        // Refused with its body unread, or not read to the end: the rest is not worth the connection.
        const unread = !req.readableEnded && !req.complete;
        sendRefusal(exchange, refusal, unread ? CLOSE : []);
        if (unread) lingeringClose(req, res);
      }
      boundEnd(res, stallTimeoutMs);
    } catch (bug) {
      tellBug(exchange, bug, log);
    } finally {
      exchange.trail.handled();
      underWay.end();
    }
  };
}
