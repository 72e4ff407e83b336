import { sendAnswer } from '../http/sendAnswer';
import { sendRefusal } from '../http/sendRefusal';
import type { Relayed } from './Relayed';
import type { Answered } from './Tried';

/** Keeps an answer that is not streamed until its usage is recorded; then the client gets it, whole. */
export function relayWhole(answered: Answered): Relayed {
  const { attempted, answer, answeredAt } = answered;
  const { admitted, watch } = attempted;
  const { exchange } = admitted;
  return {
    outcome: watch.clientIsGone() ? 'client_abort' : 'complete',
    errorCode: null,
    usage: answer.usage,
    // For an estimate, which is not made where a usage is told.
    generatedBytes:
      answer.usage.kind === 'reported' ? 0 : answer.generatedBytes,
    taken: true,
    firstByteAt: answeredAt,
    finish: instead => {
      if (instead) sendRefusal(exchange, instead);
      else sendAnswer(exchange, answer.body, answer.headers);
    },
  };
}
