import type { RequestHandler } from 'express';
import type { Gateway } from '../pipeline/Gateway';
import { handleRequest } from '../pipeline/handleRequest';
import { boundEnd } from './boundEnd';
import { exchangeOf } from './exchangeOf';
import { lingeringClose } from './lingeringClose';
import type { RequestsUnderWay } from './RequestsUnderWay';
import { sendRefusal } from './sendRefusal';

/** `POST /v1/chat/completions`. */
export function chatCompletions(
  gateway: Gateway,
  underWay: RequestsUnderWay,
): RequestHandler {
  return async (req, res) => {
    const exchange = exchangeOf(res);
    const refusal = await underWay.track(handleRequest(exchange, gateway));
    boundEnd(res, gateway.settings.client.stallTimeoutMs);
    if (!refusal) return;
    exchange.facts.errorCode = refusal.code;
    // Refused with its body unread, or not read to the end: the rest is not worth the connection.
    const unread = !req.readableEnded && !req.complete;
    sendRefusal(
      res,
      refusal,
      exchange.requestId,
      unread ? { connection: 'close' } : {},
    );
    if (unread) lingeringClose(req, res);
  };
}
