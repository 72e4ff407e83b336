import type { ClientRequest } from '../endpoints';
import { refuse, type Refusal } from '../errors/registry';
import { readBody } from '../http/readBody';
import type { KeyRecord } from '../keys/KeyRecord';
import {
  findModel,
  type ServedModel,
  type Snapshot,
} from '../snapshot/Snapshot';
import type { Authenticated } from './authenticate';
import type { Gateway } from './Gateway';
import { GONE, next, refused, type Step } from './Step';

/** A request of which we know what it asks for, and which model it is for. */
export interface Routed extends Authenticated {
  readonly request: ClientRequest;
  readonly model: ServedModel;
  /** The configuration that this request is served by to its end, whatever is changed meanwhile. */
  readonly snapshot: Snapshot;
}

/** Reads the body and finds the model. */
export async function route(
  { exchange, endpoint, key }: Authenticated,
  gateway: Gateway,
): Promise<Step<Routed>> {
  const { maxRequestBytes, client } = gateway.settings;
  exchange.waits.begin('client');
  const body = await readBody(exchange, {
    maxBytes: maxRequestBytes,
    idleTimeoutMs: client.bodyIdleTimeoutMs,
    room: gateway.overload.bodies,
  });
  exchange.waits.end('client');
  switch (body.kind) {
    case 'gone':
      return GONE;
    case 'too-slow':
      return refused(refuse('request_timeout', {}));
    case 'no-room':
      return refused(gateway.overload.shed('buffered_bytes'));
    case 'too-large':
      return refused(refuse('request_too_large', { limit: maxRequestBytes }));
    default:
  }
  exchange.trail.received(body.bytes);
  const parsed = endpoint.parse(body.bytes, exchange.req.headers);
  if (!parsed.ok) return refused(parsed.refusal);
  const { request } = parsed;

  const { snapshot } = gateway.configuration;
  if (!snapshot) return refused(refuse('not_ready', {}, 2));
  exchange.facts.model = request.model;
  exchange.facts.streamed = request.stream;
  const model = findModel(snapshot, request.model);
  if (!model || !mayCall(key, model)) {
    return refused(modelNotFound(request.model));
  }
  return next({ exchange, endpoint, key, request, model, snapshot });
}

/** Whether a key's scope has a model. One that it has not is to its holder as one that does not exist. */
export function mayCall(key: KeyRecord, model: ServedModel): boolean {
  return key.modelScope === null || key.modelScope.has(model.id);
}

/** The same whether it was never there, is not published, or is not for this key. */
export function modelNotFound(model: string): Refusal {
  return refuse('model_not_found', { param: 'model', model });
}
