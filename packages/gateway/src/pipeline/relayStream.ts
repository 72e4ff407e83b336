import type { UsageOutcome } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse } from '../errors/registry';
import { errorEvent } from '../errors/shapes';
import { beginStream } from '../http/beginStream';
import { SseFilter } from '../wire/sse';
import type { Gateway } from './Gateway';
import { pump, type StreamEnd } from './pump';
import type { Relayed } from './Relayed';
import type { Streaming } from './Tried';

/**
 * Passes a stream on as it comes, event by event and byte by byte, or event by event in the words of another dialect; a client that reads
 * slowly slows the upstream down.
 *
 * The closing event is kept back: the client gets it once the usage is recorded. A stream that does not come to its own end gets an
 * error for an end and no closing event, so that nobody takes it for whole.
 */
export async function relayStream(
  answered: Streaming,
  gateway: Gateway,
): Promise<Relayed> {
  const { exchange, call } = answered;
  const { res } = exchange;
  const reader = call.createStreamReader();
  let isClosed = false;
  const filter = new SseFilter(event => {
    if (isClosed) return 'drop';
    const step = reader.read(event);
    if (step === 'end') isClosed = true;
    return step === 'end' || step === 'hide' ? 'drop' : step;
  }, gateway.settings.upstream.maxAnswerBytes);

  // Its client may have hung up already, and the upstream be to finish all the same.
  beginStream(res);

  let firstByteAt: number | null = null;
  const end = await pump(answered, gateway, {
    take: chunk => {
      firstByteAt ??= gateway.monotonic();
      return filter.push(chunk);
    },
    takeEnd: () => filter.end(),
    isClosed: () => isClosed,
  });
  const outcome = outcomeOf(end, reader);
  const refusal =
    outcome === 'truncated' ? refuse('upstream_cut_off', {}) : null;
  return {
    outcome,
    errorCode:
      refusal?.code ?? (outcome === 'upstream_error' ? 'upstream_error' : null),
    usage: reader.usage,
    generatedBytes: reader.generatedBytes,
    // An upstream that failed before it generated anything has not worked on it.
    taken: !reader.failed || reader.generatedBytes > 0,
    firstByteAt,
    finish: instead => {
      if (end === 'gone') {
        // It may only have stopped reading: should it go on, it is not to find an end.
        res.destroy();
        return;
      }
      if (res.destroyed || res.writableEnded) return;
      const problem = instead ?? refusal;
      if (problem) {
        exchange.facts.errorCode = problem.code;
        res.end(errorEvent(exchange.errors, problem, exchange.requestId));
      } else {
        // Some upstreams leave out the closing event of a stream that is whole; one that told of an error has had its say.
        res.end(isClosed || !reader.failed ? reader.closing() : undefined);
      }
    },
  };
}

function outcomeOf(
  end: StreamEnd,
  reader: { readonly finished: boolean; readonly failed: boolean },
): UsageOutcome {
  if (end === 'gone') return 'client_abort';
  if (reader.failed) return 'upstream_error';
  if (end === 'broken') return 'truncated';
  return reader.finished ? 'complete' : 'truncated';
}
