import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { refuse, type ErrorCode, type Refusal } from '../errors/registry';
import type { UpstreamCall } from '../providers/spec';
import type { ServedModel } from '../snapshot/Snapshot';
import { NO_USE } from '../upstream/health/DeploymentHealth';
import { peekStream, type Peeked } from '../upstream/peekStream';
import { readAtMost } from '../upstream/readAtMost';
import type { UpstreamFailure } from '../upstream/UpstreamPools';
import type { Gateway } from './Gateway';
import { readWhole } from './readWhole';
import type { Attempted, Failed, Tried } from './Tried';

const MAX_ERROR_BYTES = 64 * 1024;

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
  aborted: 'upstream_timeout',
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
  const { exchange, request, attempt, watch } = attempted;
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

  const { call } = prepared;
  const { upstream } = gateway.settings;
  const { firstTokenMs, idleMs } = model.routing.timeouts;
  const startedAt = gateway.monotonic();
  const answer = await gateway.upstreams.send(
    provider.origin,
    {
      ...call.request,
      headers: { ...call.request.headers, ...traceHeaders },
    },
    watch.signal,
    { headMs: firstTokenMs ?? upstream.firstByteTimeoutMs, idleMs },
  );
  if (answer.kind === 'failed') {
    if (answer.failure === 'aborted' && watch.clientIsGone()) {
      return gone(attempted, answer.asked);
    }
    exchange.facts.upstreamDetail = answer.detail;
    return failed(attempted, refuse(FAILURES[answer.failure], {}));
  }
  if (answer.status !== 200) return refusedBy(attempted, answer, gateway);
  const type = String(answer.headers['content-type'] ?? '');
  const expected = request.stream ? 'text/event-stream' : 'application/json';
  if (!type.toLowerCase().startsWith(expected)) {
    answer.body.on('error', () => undefined).destroy();
    exchange.facts.upstreamDetail = `content type ${type.slice(0, 100)}`;
    return failed(attempted, refuse('upstream_invalid_response', {}), 200);
  }
  return request.stream
    ? readBeginning(
        attempted,
        call,
        answer.body,
        startedAt +
          (firstTokenMs ?? upstream.firstTokenTimeoutMs) -
          gateway.monotonic(),
      )
    : readWhole(attempted, call, answer.body, gateway);
}

/** The upstream answered with an error. */
async function refusedBy(
  attempted: Attempted,
  answer: {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly body: Readable;
  },
  gateway: Gateway,
): Promise<Failed> {
  const { status, headers } = answer;
  const body = await readAtMost(answer.body, MAX_ERROR_BYTES);
  attempted.exchange.facts.upstreamDetail = `status ${status}`;
  const refusal = attempted.attempt.deployment.provider.kind.mapError({
    status,
    contentType: String(headers['content-type'] ?? ''),
    retryAfter: headers['retry-after'],
    body: body.bytes,
    now: gateway.now(),
  });
  return failed(attempted, refusal, status);
}

/** Waits for the first content of a stream. */
async function readBeginning(
  attempted: Attempted,
  call: UpstreamCall,
  body: Readable,
  withinMs: number,
): Promise<Tried> {
  const { exchange, watch } = attempted;
  const { signal } = watch;
  const peeked = await peekStream(body, call.createStreamReader(), {
    signal,
    withinMs,
  });
  if (peeked === 'content') {
    return { ...attempted, kind: 'stream', status: 200, call, body };
  }
  if (peeked === 'aborted' && watch.clientIsGone()) {
    return gone(attempted, true);
  }
  exchange.facts.upstreamDetail = `${peeked} before any content`;
  return failed(attempted, refuse(WITHOUT_CONTENT[peeked], {}), 200);
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
