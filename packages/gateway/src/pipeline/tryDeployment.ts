import { refuse, type ErrorCode, type Refusal } from '../errors/registry';
import type { UpstreamCall, UpstreamRequest } from '../providers/spec';
import type { ServedModel } from '../snapshot/Snapshot';
import { NO_USE } from '../upstream/health/DeploymentHealth';
import { EventStream, type Peeked } from '../upstream/EventStream';
import type {
  UpstreamAnswer,
  UpstreamFailure,
  WholeBody,
} from '../upstream/UpstreamAnswer';
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
  const { admitted, attempt } = attempted;
  const { exchange, request } = admitted;
  const { provider, upstreamModel, settings } = attempt.deployment;
  const traceHeaders = gateway.telemetry.attemptBegan(exchange, attempt);
  const finding = gateway.credentials.of(provider);
  const found = finding instanceof Promise ? await finding : finding;
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
      kind: 'whole',
      attempted: { ...attempted, use: NO_USE },
      status: null,
      answer,
      answeredAt,
    };
  }

  const { call } = prepared;
  const { firstTokenMs, idleMs } = model.routing.timeouts;
  const askedAt = gateway.monotonic();
  const answer = await gateway.upstreams.send(
    provider.origin,
    withHeaders(call.request, traceHeaders),
    attempted.watch,
    { streamed: request.stream, headMs: firstTokenMs, idleMs },
  );
  if (answer.kind !== 'stream') return judge(attempted, call, answer, gateway);
  const { upstream } = gateway.settings;
  return readBeginning(
    attempted,
    new EventStream(
      answer.body,
      call.createStreamReader(),
      upstream.maxAnswerBytes,
    ),
    askedAt +
      (firstTokenMs ?? upstream.firstTokenTimeoutMs) -
      gateway.monotonic(),
  );
}

/** What an answer comes to that is not a stream. */
function judge(
  attempted: Attempted,
  call: UpstreamCall,
  answer: Exclude<UpstreamAnswer, { kind: 'stream' }>,
  gateway: Gateway,
): Tried {
  const { admitted, watch } = attempted;
  const { exchange } = admitted;
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
  attempted.admitted.exchange.facts.upstreamDetail = `status ${status}`;
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
  const { admitted, watch } = attempted;
  const peeked = await stream.peek(withinMs);
  if (peeked === 'content') {
    return { kind: 'stream', attempted, status: 200, stream };
  }
  if (peeked === 'stopped' && watch.clientIsGone()) {
    return gone(attempted, true);
  }
  admitted.exchange.facts.upstreamDetail = `${peeked} before any content`;
  return failed(
    attempted,
    stream.reader.refusal ?? refuse(WITHOUT_CONTENT[peeked], {}),
    200,
  );
}

function gone(attempted: Attempted, taken: boolean): Tried {
  return { kind: 'gone', attempted, taken, generatedBytes: 0 };
}

/** It failed before it generated anything. */
function failed(
  attempted: Attempted,
  refusal: Refusal,
  status: number | null = null,
): Failed {
  return {
    kind: 'failed',
    attempted,
    outcome: 'upstream_error',
    refusal,
    status,
    taken: false,
    generatedBytes: 0,
  };
}
