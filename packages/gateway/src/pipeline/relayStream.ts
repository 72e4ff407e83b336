import type { UsageOutcome } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { openAiErrorBody, refuse, type Refusal } from '../errors/registry';
import { sseEvent, SseFilter } from '../wire/sse';
import type { Committed } from './commit';
import type { Gateway } from './Gateway';
import type { Relayed } from './Relayed';

type Answered = Extract<Committed, { kind: 'answer' }>;

/** How the reading of a stream came to its end. */
type StreamEnd =
  /** By its closing event. */
  | 'closed'
  /** The upstream had nothing more to send. */
  | 'ended'
  /** The connection broke, or was silent for too long, or sent what no stream has. */
  | 'broken'
  /** The client hung up, or stopped reading. */
  | 'gone';

/** After its closing event an upstream has so long to end its answer, for its connection to be used again. */
const TRAILER_MS = 1_000;

/**
 * Passes a stream on as it comes, event by event and byte by byte; a client that reads slowly slows the upstream down.
 *
 * The closing event is kept back: the client gets it once the usage is recorded. A stream that does not come to its own end gets an
 * error for an end and no closing event, so that nobody takes it for whole.
 */
export async function relayStream(
  answered: Answered,
  gateway: Gateway,
): Promise<Relayed> {
  const { exchange, attempt, request } = answered;
  const { res } = exchange;
  const reader = attempt.deployment.provider.dialect.createStreamReader({
    hideUsage: !request.includeUsage,
  });
  let isClosed = false;
  const filter = new SseFilter(event => {
    if (isClosed) return 'drop';
    const step = reader.read(event);
    if (step === 'end') isClosed = true;
    return step === 'pass' ? 'pass' : 'drop';
  }, gateway.settings.upstream.maxAnswerBytes);

  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  res.flushHeaders();

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
        res.end(errorEvent(problem, exchange.requestId));
      } else {
        // Some upstreams leave out the closing event of a stream that is whole; one that told of an error has had its say.
        res.end(isClosed || !reader.failed ? sseEvent('[DONE]') : undefined);
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

function errorEvent(refusal: Refusal, requestId: string): string {
  return sseEvent(openAiErrorBody(refusal, requestId));
}

interface Sink {
  /** What to pass on of a piece that came. */
  readonly take: (chunk: Buffer) => Buffer[];
  /** What to pass on of a piece that was left incomplete. */
  readonly takeEnd: () => Buffer[];
  readonly isClosed: () => boolean;
}

/** Moves bytes from the upstream to the client until there are no more, or no sense in more. */
function pump(
  { body, exchange: { res }, watch }: Answered,
  gateway: Gateway,
  sink: Sink,
): Promise<StreamEnd> {
  return new Promise(resolve => {
    let over = false;
    let stalled: NodeJS.Timeout | undefined;
    const cleanUp: Array<() => void> = [];
    const finish = (end: StreamEnd) => {
      if (over) return;
      over = true;
      clearTimeout(stalled);
      for (const undo of cleanUp) undo();
      if (end === 'closed') {
        const timer = setTimeout(() => body.destroy(), TRAILER_MS);
        body.once('close', () => clearTimeout(timer));
        body.resume();
      } else if (end !== 'ended') {
        body.destroy();
      }
      resolve(end);
    };
    /** Whether the client has room for more. */
    const write = (parts: readonly Buffer[]): boolean => {
      let room = true;
      for (const part of parts) room = res.write(part);
      return room;
    };
    const onDrain = () => {
      clearTimeout(stalled);
      body.resume();
    };
    const onAbort = () => finish(watch.clientIsGone() ? 'gone' : 'broken');

    body.on('data', (chunk: Buffer) => {
      if (over) return;
      let parts: Buffer[];
      try {
        parts = sink.take(chunk);
      } catch {
        finish('broken');
        return;
      }
      const room = write(parts);
      if (sink.isClosed()) {
        finish('closed');
      } else if (!room) {
        body.pause();
        stalled = setTimeout(
          () => finish('gone'),
          gateway.settings.client.stallTimeoutMs,
        );
      }
    });
    body.on('end', () => {
      if (over) return;
      write(sink.takeEnd());
      finish(sink.isClosed() ? 'closed' : 'ended');
    });
    body.on('error', () => finish(watch.clientIsGone() ? 'gone' : 'broken'));
    body.on('close', () => finish('broken'));
    res.on('drain', onDrain);
    cleanUp.push(() => res.off('drain', onDrain));
    watch.signal.addEventListener('abort', onAbort);
    cleanUp.push(() => watch.signal.removeEventListener('abort', onAbort));
    if (watch.signal.aborted) onAbort();
  });
}
