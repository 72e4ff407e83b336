import type { Endpoint } from '../endpoints';
import type { Gateway } from '../pipeline/Gateway';
import { handleRequest } from '../pipeline/handleRequest';
import { boundEnd } from './boundEnd';
import type { Exchange } from './exchange';
import { lingeringClose } from './lingeringClose';
import type { RequestsUnderWay } from './RequestsUnderWay';
import { sendRefusal } from './sendRefusal';
import { tellBug } from './tellBug';

const CLOSE = ['connection', 'close'];

/** Serves a request to a model, at whichever endpoint. Never rejects. */
export async function serveModel(
  exchange: Exchange,
  endpoint: Endpoint,
  gateway: Gateway,
  underWay: RequestsUnderWay,
): Promise<void> {
  const { req, res } = exchange;
  underWay.begin();
  try {
    const refusal = await handleRequest(exchange, endpoint, gateway);
    if (refusal) {
      // Refused with its body unread, or not read to the end: the rest is not worth the connection.
      const unread = !req.readableEnded && !req.complete;
      sendRefusal(exchange, refusal, unread ? CLOSE : []);
      if (unread) lingeringClose(req, res);
    }
    boundEnd(res, gateway.settings.client.stallTimeoutMs);
  } catch (bug) {
    tellBug(exchange, bug, gateway.log);
  } finally {
    underWay.end();
  }
}
