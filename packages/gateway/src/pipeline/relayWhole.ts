import { sendRefusal } from '../http/sendRefusal';
import type { Relayed } from './Relayed';
import type { Answered } from './Tried';

/** Keeps an answer that is not streamed until its usage is recorded; then the client gets it, whole. */
export function relayWhole(answered: Answered): Relayed {
  const { exchange, answer, bytes, answeredAt, watch } = answered;
  return {
    outcome: watch.clientIsGone() ? 'client_abort' : 'complete',
    errorCode: null,
    usage: answer.usage,
    generatedBytes: answer.generatedBytes,
    taken: true,
    firstByteAt: answeredAt,
    finish: instead => {
      if (instead) {
        exchange.facts.errorCode = instead.code;
        sendRefusal(exchange.res, instead, exchange.requestId);
      } else {
        send(exchange.res, bytes);
      }
    },
  };
}

function send(res: Answered['exchange']['res'], body: Buffer): void {
  if (res.destroyed) return;
  res.writeHead(200, {
    'content-type': 'application/json',
    'content-length': String(body.length),
  });
  res.end(body);
}
