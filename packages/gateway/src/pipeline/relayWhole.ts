import { refuse, type Refusal } from '../errors/registry';
import { sendRefusal } from '../http/sendRefusal';
import { readAtMost } from '../upstream/readAtMost';
import type { Committed } from './commit';
import type { Gateway } from './Gateway';
import type { Relayed } from './Relayed';

type Answered = Extract<Committed, { kind: 'answer' }>;

/**
 * Reads an answer that is not streamed; the client gets it whole, once its usage is recorded. It is read even if the client has hung up, as
 * long as the attempt goes on: then the usage that is told in it is exact.
 */
export async function relayWhole(
  answered: Answered,
  gateway: Gateway,
): Promise<Relayed> {
  const { exchange, attempt, body, watch } = answered;
  const read = await readAtMost(body, gateway.settings.upstream.maxAnswerBytes);
  gateway.overload.bodies.add(exchange.res, read.bytes.length);
  const firstByteAt = gateway.monotonic();
  const base = {
    usage: { kind: 'absent' },
    generatedBytes: 0,
    firstByteAt,
    taken: true,
  } as const;

  const refuseWith = (refusal: Refusal) => (instead: Refusal | null) => {
    exchange.facts.errorCode = (instead ?? refusal).code;
    sendRefusal(exchange.res, instead ?? refusal, exchange.requestId);
  };
  if (read.extent === 'cut-off' && watch.clientIsGone()) {
    return {
      ...base,
      outcome: 'client_abort',
      errorCode: null,
      generatedBytes: read.bytes.length,
      finish: () => undefined,
    };
  }
  if (read.extent !== 'whole') {
    const refusal = refuse(
      read.extent === 'too-large' ? 'response_too_large' : 'upstream_cut_off',
      {},
    );
    return {
      ...base,
      outcome: 'truncated',
      errorCode: refusal.code,
      // What came of it was generated, and is as good a guess as there is.
      generatedBytes: read.bytes.length,
      finish: refuseWith(refusal),
    };
  }

  const answer = attempt.deployment.provider.dialect.readWhole(read.bytes);
  if (answer.kind !== 'completion') {
    const refusal =
      answer.kind === 'error'
        ? answer.refusal
        : refuse('upstream_invalid_response', {});
    return {
      ...base,
      outcome: 'upstream_error',
      errorCode: refusal.code,
      taken: false,
      finish: refuseWith(refusal),
    };
  }
  return {
    ...base,
    outcome: watch.clientIsGone() ? 'client_abort' : 'complete',
    errorCode: null,
    usage: answer.usage,
    generatedBytes: answer.generatedBytes,
    finish: instead => {
      if (instead) refuseWith(instead)(null);
      else send(exchange.res, read.bytes);
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
