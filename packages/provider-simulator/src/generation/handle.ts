import type { IncomingMessage } from 'node:http';
import type { Handler } from '../dialect';
import { readBody } from '../http/body';
import { parseKnobs } from '../knobs';
import type { Outcome } from '../stats';
import { answerWithFault, answerWithGeneration } from './answer';
import { refuse, type Draft, type Exchange } from './exchange';
import { faultOf } from './faultOf';
import type { Asked, Operation } from './operation';

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * The handler of an operation: admit, read, parse, choose model and fault, answer, count. The same for every
 * dialect, so that a knob or a fault works in all of them or in none.
 */
export function handlerOf<R extends Asked>(operation: Operation<R>): Handler {
  return async (req, res, simulator) => {
    const id = `${operation.idPrefix}${simulator.newId()}`;
    const counting = operation.unbilled ? undefined : simulator.stats.begin();
    for (const [name, value] of Object.entries(operation.headers(id))) {
      if (value !== undefined) res.setHeader(name, value);
    }
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
      authorization: hasCredential(req),
    };
    let outcome: Outcome = 'failed';
    try {
      outcome = await answer(operation, {
        req,
        res,
        simulator,
        record,
        streamStarted: () => counting?.streamStarted(),
      });
    } finally {
      counting?.end({
        ...record,
        status: res.headersSent ? res.statusCode : null,
        outcome,
      });
    }
  };
}

async function answer<R extends Asked>(
  operation: Operation<R>,
  exchange: Exchange,
): Promise<Outcome> {
  const { req, res, simulator, record } = exchange;
  const { id } = record;
  const barred = operation.admit(req, simulator, id);
  if (barred) return refuse(res, barred);
  const read = await readBody(req, MAX_BODY_BYTES);
  if (read.type === 'aborted') return 'aborted';
  if (read.type === 'too-large')
    return refuse(res, operation.tell({ type: 'too-large' }, id), {
      connection: 'close',
    });
  const body = parseJson(read.bytes);
  if (body === undefined)
    return refuse(res, operation.tell({ type: 'not-json' }, id));

  const parsed = operation.parse(body, id, req.headers);
  if (!parsed.ok) return refuse(res, parsed.error);
  const { request } = parsed;
  record.model = request.model;
  record.stream = request.stream;
  record.includeUsage = request.includeUsage;

  const knobs = parseKnobs(req.headers);
  if (!knobs.ok)
    return refuse(res, operation.tell({ ...knobs, type: 'header' }, id));
  const { model: modelName, fault: asked } = faultOf(
    request.model,
    req.headers['x-sim-fault'],
  );
  if (asked.type === 'unknown')
    return refuse(res, operation.tell({ ...asked, type: 'unknown-fault' }, id));
  const model = simulator.catalogue.find(modelName);
  if (!model)
    return refuse(
      res,
      operation.tell({ type: 'unknown-model', model: request.model }, id),
    );

  // What the request itself asks for comes before what has been scripted for its model, and does not use it up.
  const scripted =
    asked.type === 'none' ? simulator.behaviours.next(modelName) : undefined;
  const fault = asked.type === 'fault' ? asked.fault : scripted?.fault;
  record.fault = fault?.kind ?? null;
  return (
    (await answerWithFault(operation, exchange, fault)) ??
    answerWithGeneration(operation, exchange, request, {
      id,
      model,
      knobs: {
        ...knobs.knobs,
        firstTokenMs: knobs.knobs.firstTokenMs ?? scripted?.firstTokenMs,
      },
      fault,
      tokensPerChunk:
        knobs.knobs.tokensPerChunk ?? simulator.catalogue.tokensPerChunk,
      simulator,
    })
  );
}

function hasCredential({ headers }: IncomingMessage): boolean {
  return [headers.authorization, headers['x-api-key'], headers['api-key']].some(
    header => header !== undefined,
  );
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
