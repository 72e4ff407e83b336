import type { UsageOutcome } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse, type Refusal } from '../errors/registry';
import { errorEvent } from '../errors/shapes';
import { beginStream } from '../http/beginStream';
import type { StreamReader } from '../providers/spec';
import type { Gateway } from './Gateway';
import { pump, type PumpEnd } from './pump';
import type { Relayed } from './Relayed';
import type { Streaming } from './Tried';

/**
 * Passes a stream on as it comes, event by event and byte by byte, or event by event in the words of another dialect; a client that reads
 * slowly slows the upstream down.
 *
 * The closing event is kept back: the client gets it once the usage is recorded. A stream that does not come to its own end gets an
 * error for an end and no closing event, so that nobody takes it for whole. That error is ours, also where the upstream told of one: what
 * a provider says of itself and of the gateway's account is not for the client.
 */
export async function relayStream(
  { attempted, stream }: Streaming,
  gateway: Gateway,
): Promise<Relayed> {
  const { admitted, watch } = attempted;
  const { exchange } = admitted;
  const { res } = exchange;
  const { reader } = stream;
  // Its client may have hung up already, and the upstream be to finish all the same.
  beginStream(exchange);

  let firstByteAt: number | null = null;
  const end = await pump(stream, {
    res,
    watch,
    settings: gateway.settings,
    onFirst: () => {
      firstByteAt = gateway.monotonic();
    },
  });
  const outcome = outcomeOf(end, reader);
  const refusal = refusalOf(outcome, reader);
  return {
    outcome,
    errorCode: refusal?.code ?? null,
    usage: reader.usage,
    generatedBytes: reader.generatedBytes,
    // An upstream that failed before it generated anything has not worked on it.
    taken: !reader.refusal || reader.generatedBytes > 0,
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
        // Some upstreams leave out the closing event of a stream that is whole.
        res.end(reader.closing());
      }
    },
  };
}

function outcomeOf(end: PumpEnd, reader: StreamReader): UsageOutcome {
  if (end === 'gone') return 'client_abort';
  if (reader.refusal) return 'upstream_error';
  if (end !== 'closed' && end !== 'ended') return 'truncated';
  return reader.finished ? 'complete' : 'truncated';
}

function refusalOf(
  outcome: UsageOutcome,
  { refusal }: StreamReader,
): Refusal | null {
  if (outcome === 'truncated') return refuse('upstream_cut_off', {});
  return outcome === 'upstream_error' ? (refusal ?? null) : null;
}
