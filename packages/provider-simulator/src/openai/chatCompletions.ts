import type {
  IncomingMessage,
  OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import { deliver } from '../delivery/deliver';
import type { Pace, Step } from '../delivery/steps';
import type { Handler, Simulator } from '../dialect';
import { faultBody, faultStream } from '../faults/apply';
import type { Fault } from '../faults/kinds';
import { readBody } from '../http/body';
import { sendJson } from '../http/respond';
import { parseKnobs, type Knobs } from '../knobs';
import type { SimulatedModel } from '../models';
import type { Outcome, RequestRecord } from '../stats';
import { authorize } from './authorize';
import { completionBody, type CompletionHead } from './completion';
import {
  errorBody,
  errorOfStatus,
  invalidRequest,
  modelNotFound,
  STREAM_ERROR_EVENT,
  type OpenAiError,
} from './errors';
import { planChat, type ChatPlan } from './plan';
import { completionEvents } from './stream';
import { parseChatRequest, type ChatRequest } from './validate';
import { faultOf } from './faultOf';

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const NO_DELAY: Pace = { firstTokenMs: 0, tokensPerSecond: Infinity };
const HTML_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Service</title></head><body><h1>Please wait</h1>' +
  '<p>This page is not what an API client expects.</p></body></html>\n';

/** `POST /v1/chat/completions`. */
export const createChatCompletion: Handler = async (req, res, simulator) => {
  const id = `chatcmpl-${simulator.newId()}`;
  const counting = simulator.stats.begin();
  res.setHeader('x-request-id', id);

  const record: Draft = {
    id,
    model: null,
    stream: false,
    includeUsage: false,
    promptTokens: 0,
    cachedTokens: 0,
    completionTokens: 0,
    reasoningTokens: 0,
    fault: null,
    status: null,
    authorization: req.headers.authorization !== undefined,
  };
  let outcome: Outcome = 'failed';
  try {
    outcome = await answer({
      req,
      res,
      simulator,
      record,
      streamStarted: counting.streamStarted,
    });
  } finally {
    counting.end({
      ...record,
      status: res.headersSent ? res.statusCode : null,
      outcome,
    });
  }
};

type Draft = {
  -readonly [K in keyof Omit<RequestRecord, 'outcome'>]: RequestRecord[K];
};

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly simulator: Simulator;
  /** Filled in as the request becomes known. */
  readonly record: Draft;
  readonly streamStarted: () => void;
}

async function answer(exchange: Exchange): Promise<Outcome> {
  const { req, res, simulator, record } = exchange;
  if (!authorize(req, res, simulator)) return 'refused';
  const read = await readBody(req, MAX_BODY_BYTES);
  if (read.type === 'aborted') return 'aborted';
  if (read.type === 'too-large') {
    return refuse(
      res,
      invalidRequest('The request body is too large.', { status: 413 }),
      { connection: 'close' },
    );
  }
  const body = parseJson(read.bytes);
  if (body === undefined)
    return refuse(
      res,
      invalidRequest('We could not parse the JSON body of your request.'),
    );

  const parsed = parseChatRequest(body);
  if (!parsed.ok) return refuse(res, parsed.error);
  const { request } = parsed;
  record.model = request.model;
  record.stream = request.stream ?? false;
  record.includeUsage = request.stream_options?.include_usage ?? false;

  const knobs = parseKnobs(req.headers);
  if (!knobs.ok)
    return refuse(res, invalidRequest(knobs.reason, { param: knobs.header }));
  const { model: modelName, fault } = faultOf(
    request.model,
    req.headers['x-sim-fault'],
  );
  if (fault.type === 'unknown') {
    return refuse(
      res,
      invalidRequest(fault.reason, {
        param: fault.param,
        code: 'unknown_fault',
      }),
    );
  }
  const model = simulator.catalogue.find(modelName);
  if (!model) return refuse(res, modelNotFound(request.model));

  const asked = fault.type === 'fault' ? fault.fault : undefined;
  record.fault = asked?.kind ?? null;
  return (
    (await answerWithoutCompletion(exchange, asked)) ??
    answerWithCompletion(exchange, {
      request,
      model,
      knobs: knobs.knobs,
      fault: asked,
    })
  );
}

/** Faults which take the place of a completion; undefined if this is none of them. */
async function answerWithoutCompletion(
  { res, simulator }: Exchange,
  fault: Fault | undefined,
): Promise<Outcome | undefined> {
  switch (fault?.kind) {
    case 'status': {
      const after = fault.parameters['retry-after'];
      return refuse(
        res,
        errorOfStatus(fault.parameters.code),
        after > 0 ? { 'retry-after': String(after) } : {},
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
    default:
      return undefined;
  }
}

interface Completion {
  readonly request: ChatRequest;
  readonly model: SimulatedModel;
  readonly knobs: Knobs;
  readonly fault: Fault | undefined;
}

async function answerWithCompletion(
  exchange: Exchange,
  completion: Completion,
): Promise<Outcome> {
  const { res, simulator, record } = exchange;
  const { request, model, knobs, fault } = completion;
  const plan = planChat(request, completion);
  record.promptTokens = plan.usage.promptTokens;
  record.cachedTokens = plan.usage.cachedTokens;

  const head: CompletionHead = {
    id: record.id,
    created: simulator.unixTime(),
    model: request.model,
  };
  let steps: Iterable<Step>;
  if (record.stream) {
    exchange.streamStarted();
    res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
    const events = completionEvents(head, plan, {
      includeUsage: record.includeUsage,
      tokensPerChunk:
        knobs.tokensPerChunk ?? simulator.catalogue.tokensPerChunk,
      fault,
    });
    steps = faultStream(fault, events, STREAM_ERROR_EVENT);
  } else {
    const wire = Buffer.from(wholeBody(head, plan, fault));
    res.writeHead(200, {
      'content-type': 'application/json',
      'content-length': wire.length,
    });
    const generated = plan.usage.completionTokens;
    steps = faultBody(fault, {
      type: 'send',
      wire,
      // An error in place of the answer brings nothing that was generated.
      tokens: fault?.kind === 'error-in-stream' ? 0 : generated,
      afterTokens: generated,
    });
  }

  const delivery = await deliver(
    res,
    steps[Symbol.iterator](),
    simulator.catalogue.paceOf(model, knobs),
    simulator.now,
  );
  record.completionTokens = delivery.tokens;
  // Reasoning goes with the first chunk: whoever got any token has had it.
  record.reasoningTokens = Math.min(
    plan.usage.reasoningTokens,
    delivery.tokens,
  );
  if (delivery.outcome === 'destroyed') return 'failed';
  if (delivery.outcome === 'aborted') return 'aborted';
  return withholdsAnswer(fault, record.stream) ? 'failed' : 'completed';
}

function wholeBody(
  head: CompletionHead,
  plan: ChatPlan,
  fault: Fault | undefined,
): string {
  if (fault?.kind === 'error-in-stream') return errorBody(errorOfStatus(500));
  const body = completionBody(head, plan, fault);
  return fault?.kind === 'malformed-sse'
    ? body.slice(0, Math.floor(body.length / 2))
    : body;
}

/** Whether the client cannot have the whole answer, though the response ended as it should. */
function withholdsAnswer(fault: Fault | undefined, stream: boolean): boolean {
  return (
    fault?.kind === 'error-in-stream' ||
    (fault?.kind === 'malformed-sse' && !stream)
  );
}

function refuse(
  res: ServerResponse,
  error: OpenAiError,
  headers: OutgoingHttpHeaders = {},
): Outcome {
  sendJson(res, error.status, errorBody(error), headers);
  return 'refused';
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
