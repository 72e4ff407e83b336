import type { RequestHandler } from 'express';
import type { Endpoint } from '../endpoints';
import type { Gateway } from '../pipeline/Gateway';
import { handleRequest } from '../pipeline/handleRequest';
import { boundEnd } from './boundEnd';
import { exchangeOf } from './exchangeOf';
import { lingeringClose } from './lingeringClose';
import type { RequestsUnderWay } from './RequestsUnderWay';
import { sendRefusal } from './sendRefusal';

/** A request to a model, at whichever endpoint. */
export function modelRequest(
  endpoint: Endpoint,
  gateway: Gateway,
  underWay: RequestsUnderWay,
): RequestHandler {
  return async (req, res) => {
    const exchange = exchangeOf(res);
    const refusal = await underWay.track(
      handleRequest(exchange, endpoint, gateway),
    );
    boundEnd(res, gateway.settings.client.stallTimeoutMs);
    if (!refusal) return;
    // Refused with its body unread, or not read to the end: the rest is not worth the connection.
    const unread = !req.readableEnded && !req.complete;
    sendRefusal(exchange, refusal, unread ? { connection: 'close' } : {});
    if (unread) lingeringClose(req, res);
  };
}
