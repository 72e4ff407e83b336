import type { TimeoutSettings } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { refuse, type ErrorCode, type Refusal } from '../errors/registry';
import type { UpstreamCall, UpstreamRequest } from '../providers/spec';
import type { ServedModel } from '../snapshot/Snapshot';
import { NO_USE } from '../upstream/health/DeploymentHealth';
import { EventStream, type Peeked } from '../upstream/EventStream';
import type { UpstreamFailure, WholeBody } from '../upstream/UpstreamAnswer';
import type { Gateway } from './Gateway';
import { readWhole } from './readWhole';
import type { Attempted, Failed, Tried } from './Tried';

const FAILURES = {
  unreachable: 'upstream_unreachable',
  refused: 'upstream_misconfigured',
  timeout: 'upstream_timeout',
  broken: 'upstream_error',
  // Not by the client: its time is over.
  aborted: 'upstream_timeout',
} as const satisfies Record<UpstreamFailure, ErrorCode>;

const WITHOUT_CONTENT = {
  error: 'upstream_error',
  ended: 'upstream_cut_off',
  silent: 'upstream_timeout',
  stopped: 'upstream_timeout',
} as const satisfies Record<Exclude<Peeked, 'content'>, ErrorCode>;

/**
 * Sends the request to the deployment of an attempt and waits until there is something of an answer: the first content of a stream, or a
 * whole one. Until then its client has seen nothing of this attempt, and another may be made in its place.
 *
 * @param model - the one that the deployment is of
 */
export async function tryDeployment(
  attempted: Attempted,
  model: ServedModel,
  gateway: Gateway,
): Promise<Tried> {
  const { exchange, request, attempt } = attempted;
  const { provider, upstreamModel, settings } = attempt.deployment;
  const traceHeaders = gateway.telemetry.attemptBegan(exchange, attempt);
  const found = await gateway.credentials.of(provider);
  if (!found.ok) {
    exchange.facts.upstreamDetail = found.reason;
    return failed(attempted, refuse('upstream_misconfigured', {}));
  }
  const prepared = provider.kind.prepare(request, {
    baseUrl: provider.baseUrl,
    upstreamModel,
    credential: found.credential,
    settings,
    requestId: exchange.requestId,
    receivedAt: exchange.receivedAt,
  });
  if (prepared.kind === 'refused') {
    return { ...failed(attempted, prepared.refusal), outcome: 'refused' };
  }
  if (prepared.kind === 'answered') {
    // It says nothing of the deployment.
    attempted.use.abandoned();
    const { answer } = prepared;
    const answeredAt = gateway.monotonic();
    return {
      ...attempted,
      use: NO_USE,
      kind: 'whole',
      status: null,
      answer,
      answeredAt,
    };
  }

  const { timeouts } = model.routing;
  return ask(attempted, prepared.call, timeouts, traceHeaders, gateway);
}

/** Sends the request, and waits for as long as its model may take. */
async function ask(
  attempted: Attempted,
  call: UpstreamCall,
  { firstTokenMs, idleMs }: TimeoutSettings,
  traceHeaders: Readonly<Record<string, string>>,
  gateway: Gateway,
): Promise<Tried> {
  const { exchange, request, attempt, watch } = attempted;
  const { upstream } = gateway.settings;
  const startedAt = gateway.monotonic();
  const answer = await gateway.upstreams.send(
    attempt.deployment.provider.origin,
    withHeaders(call.request, traceHeaders),
    watch,
    { streamed: request.stream, headMs: firstTokenMs, idleMs },
  );
  switch (answer.kind) {
    case 'failed':
      if (answer.failure === 'aborted' && watch.clientIsGone()) {
        return gone(attempted, answer.asked);
      }
      exchange.facts.upstreamDetail = answer.detail;
      return failed(attempted, refuse(FAILURES[answer.failure], {}));
    case 'mistyped':
      exchange.facts.upstreamDetail = `content type ${answer.contentType.slice(0, 100)}`;
      return failed(attempted, refuse('upstream_invalid_response', {}), 200);
    case 'whole':
      return answer.status === 200
        ? readWhole(attempted, call, answer, gateway)
        : refusedBy(attempted, answer, gateway);
    case 'stream':
      return readBeginning(
        attempted,
        new EventStream(
          answer.body,
          call.createStreamReader(),
          upstream.maxAnswerBytes,
        ),
        startedAt +
          (firstTokenMs ?? upstream.firstTokenTimeoutMs) -
          gateway.monotonic(),
      );
    default: {
      const impossible: never = answer;
      throw new TypeError(`Unknown answer: ${JSON.stringify(impossible)}`);
    }
  }
}

function withHeaders(
  request: UpstreamRequest,
  more: Readonly<Record<string, string>>,
): UpstreamRequest {
  const names = Object.keys(more);
  if (names.length === 0) return request;
  const added = names.flatMap(name => [name, more[name]]);
  return { ...request, headers: [...request.headers, ...added] };
}

/** The upstream answered with an error. */
function refusedBy(
  attempted: Attempted,
  { status, contentType, retryAfter, bytes }: WholeBody,
  gateway: Gateway,
): Failed {
  attempted.exchange.facts.upstreamDetail = `status ${status}`;
  const refusal = attempted.attempt.deployment.provider.kind.mapError({
    status,
    contentType,
    retryAfter,
    body: bytes,
    now: gateway.now(),
  });
  return failed(attempted, refusal, status);
}

/** Waits for the first content of a stream. */
async function readBeginning(
  attempted: Attempted,
  stream: EventStream,
  withinMs: number,
): Promise<Tried> {
  const { exchange, watch } = attempted;
  const peeked = await stream.peek(withinMs);
  if (peeked === 'content') {
    return { ...attempted, kind: 'stream', status: 200, stream };
  }
  if (peeked === 'stopped' && watch.clientIsGone()) {
    return gone(attempted, true);
  }
  exchange.facts.upstreamDetail = `${peeked} before any content`;
  return failed(
    attempted,
    stream.reader.refusal ?? refuse(WITHOUT_CONTENT[peeked], {}),
    200,
  );
}

function gone(attempted: Attempted, taken: boolean): Tried {
  return { ...attempted, kind: 'gone', taken, generatedBytes: 0 };
}

/** It failed before it generated anything. */
function failed(
  attempted: Attempted,
  refusal: Refusal,
  status: number | null = null,
): Failed {
  return {
    ...attempted,
    kind: 'failed',
    outcome: 'upstream_error',
    refusal,
    status,
    taken: false,
    generatedBytes: 0,
  };
}
