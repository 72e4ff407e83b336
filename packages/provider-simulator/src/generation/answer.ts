import { deliver } from '../delivery/deliver';
import { sendEndlessHead, sendPartOfHead } from '../delivery/head';
import type { Pace, Step } from '../delivery/steps';
import { faultBody, faultStream } from '../faults/apply';
import type { Fault } from '../faults/kinds';
import type { Outcome } from '../stats';
import { refuse, type Exchange } from './exchange';
import type { Asked, GenerationContext, Operation } from './operation';

const NO_DELAY: Pace = { firstTokenMs: 0, tokensPerSecond: Infinity };
const JSON_TYPE = 'application/json';
const EVENTS_TYPE = 'text/event-stream; charset=utf-8';
const HTML_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Service</title></head><body><h1>Please wait</h1>' +
  '<p>This page is not what an API client expects.</p></body></html>\n';

/** Faults which take the place of an answer; undefined if this is none of them. */
export async function answerWithFault<R extends Asked>(
  operation: Operation<R>,
  { res, simulator, record }: Exchange,
  fault: Fault | undefined,
): Promise<Outcome | undefined> {
  switch (fault?.kind) {
    case 'status': {
      const { code, 'retry-after': retryAfterSeconds } = fault.parameters;
      return refuse(
        res,
        operation.tell(
          { type: 'status', status: code, retryAfterSeconds },
          record.id,
        ),
        retryAfterSeconds > 0
          ? { 'retry-after': String(retryAfterSeconds) }
          : {},
      );
    }
    case 'html':
      res.writeHead(fault.parameters.code, {
        'content-type': 'text/html; charset=utf-8',
      });
      res.end(HTML_PAGE);
      return 'failed';
    case 'hang':
      await deliver(
        res,
        [{ type: 'stall' } as const].values(),
        NO_DELAY,
        simulator.now,
      );
      return 'aborted';
    case 'cut-head':
      await sendPartOfHead(
        res,
        record.stream ? EVENTS_TYPE : JSON_TYPE,
        fault.parameters.bytes,
      );
      return 'failed';
    case 'endless-headers':
      await sendEndlessHead(res, fault.parameters);
      return 'aborted';
    default:
      return undefined;
  }
}

/** Answers, whole or streamed, with what a fault leaves of it. */
export async function answerWithGeneration<R extends Asked>(
  operation: Operation<R>,
  exchange: Exchange,
  request: R,
  context: GenerationContext,
): Promise<Outcome> {
  const { res, simulator, record } = exchange;
  const { fault, model, knobs } = context;
  const generation = operation.generate(request, context);
  const { usage } = generation;
  record.promptTokens = usage.promptTokens;
  record.cachedTokens = usage.cachedTokens;
  if (usage.cacheWriteTokens !== undefined)
    record.cacheWriteTokens = usage.cacheWriteTokens;

  const mislabelled = fault?.kind === 'wrong-content-type';
  let steps: Iterable<Step>;
  if (record.stream) {
    exchange.streamStarted();
    res.writeHead(200, {
      'content-type': mislabelled ? JSON_TYPE : EVENTS_TYPE,
      'cache-control': 'no-cache',
    });
    steps = faultStream(fault, generation.events(), operation);
  } else {
    const isError = answersErrorBody(fault);
    const body = isError
      ? operation.tell(
          { type: 'status', status: 500, retryAfterSeconds: 0 },
          record.id,
        ).body
      : generation.body();
    const wire = Buffer.from(
      fault?.kind === 'malformed-sse'
        ? body.slice(0, Math.floor(body.length / 2))
        : body,
    );
    res.writeHead(200, {
      'content-type': mislabelled ? EVENTS_TYPE : JSON_TYPE,
      'content-length': wire.length,
    });
    steps = faultBody(fault, {
      type: 'send',
      wire,
      // An error in place of the answer brings nothing that was generated.
      tokens: isError ? 0 : usage.completionTokens,
      afterTokens: usage.completionTokens,
    });
  }

  const delivery = await deliver(
    res,
    steps[Symbol.iterator](),
    simulator.catalogue.paceOf(model, knobs),
    simulator.now,
  );
  record.completionTokens = delivery.tokens;
  // Reasoning comes first: whoever got any token has had it before the text.
  record.reasoningTokens = Math.min(usage.reasoningTokens, delivery.tokens);
  if (delivery.outcome === 'destroyed') return 'failed';
  if (delivery.outcome === 'aborted') return 'aborted';
  return withholdsAnswer(fault, record.stream) ? 'failed' : 'completed';
}

function answersErrorBody(fault: Fault | undefined): boolean {
  return (
    fault?.kind === 'error-in-stream' || fault?.kind === 'error-before-content'
  );
}

/** Whether the client cannot have the whole answer, though the response ended as it should. */
function withholdsAnswer(fault: Fault | undefined, stream: boolean): boolean {
  return (
    answersErrorBody(fault) || (fault?.kind === 'malformed-sse' && !stream)
  );
}
