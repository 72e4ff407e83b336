import type { Readable } from 'node:stream';
import { refuse, type Refusal } from '../errors/registry';
import { readAtMost } from '../upstream/readAtMost';
import type {
  UpstreamAnswer,
  UpstreamFailure,
} from '../upstream/UpstreamPools';
import type { Attempt } from '../metering/usageEvent';
import type { Admitted } from './admit';
import type { Gateway } from './Gateway';
import { watchClient, type Watch } from './watchClient';

/** An attempt whose upstream has answered, or never will. */
export type Tried =
  | (Attempted & {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: Readable;
    })
  | (Attempted & {
      readonly kind: 'failed';
      readonly refusal: Refusal;
      readonly status: number | null;
      /** Whether the upstream may have begun to work on it. */
      readonly taken: boolean;
    })
  | (Attempted & { readonly kind: 'gone' });

/** A request in an attempt at one deployment. */
export interface Attempted extends Admitted {
  readonly attempt: Attempt;
  /** Ends the attempt when the client hangs up or its time is over. */
  readonly watch: Watch;
}

const MAX_ERROR_BYTES = 64 * 1024;

const FAILURES = {
  unreachable: 'upstream_unreachable',
  refused: 'upstream_misconfigured',
  timeout: 'upstream_timeout',
  broken: 'upstream_error',
  // Not by the client: its time is over.
  aborted: 'upstream_timeout',
} as const satisfies Record<UpstreamFailure, string>;

/** Sends the request to the deployment of an attempt and waits for the head of the answer. */
export async function tryDeployment(
  admitted: Admitted,
  attempt: Attempt,
  gateway: Gateway,
): Promise<Tried> {
  const { exchange, request } = admitted;
  const { provider, upstreamModel } = attempt.deployment;
  const { settings } = gateway;
  const watch = watchClient(exchange.res, {
    totalTimeoutMs: settings.upstream.totalTimeoutMs,
    drainMs: () =>
      provider.onClientAbort === 'drain' && !gateway.draining()
        ? settings.clientAbort.drainMs
        : 0,
  });
  const attempted = { ...admitted, attempt, watch };
  const traceHeaders = gateway.telemetry.attemptBegan(exchange, attempt);

  const secret = provider.secretRef
    ? gateway.secrets.resolve(provider.secretRef)
    : null;
  if (secret && !secret.ok) {
    exchange.facts.upstreamDetail = secret.reason;
    return failed(attempted, refuse('upstream_misconfigured', {}));
  }
  const built = provider.dialect.buildRequest(request, {
    baseUrl: provider.baseUrl,
    upstreamModel,
    secret: secret?.secret ?? null,
    requestId: exchange.requestId,
  });
  const answerCame = exchange.waits.begin('upstream');
  const answer = await gateway.upstreams.send(
    provider.origin,
    { ...built, headers: { ...built.headers, ...traceHeaders } },
    watch.signal,
  );
  answerCame();
  if (answer.kind === 'failed') return failedToAnswer(attempted, answer);

  const type = String(answer.headers['content-type'] ?? '');
  if (answer.status !== 200) {
    const body = await readAtMost(answer.body, MAX_ERROR_BYTES);
    exchange.facts.upstreamDetail = `status ${answer.status}`;
    const refusal = provider.dialect.mapError({
      status: answer.status,
      contentType: type,
      retryAfter: answer.headers['retry-after'],
      body: body.bytes,
      now: gateway.now(),
    });
    return failed(attempted, refusal, answer.status);
  }
  const expected = request.stream ? 'text/event-stream' : 'application/json';
  if (!type.toLowerCase().startsWith(expected)) {
    answer.body.on('error', () => undefined).destroy();
    exchange.facts.upstreamDetail = `content type ${type.slice(0, 100)}`;
    return failed(attempted, refuse('upstream_invalid_response', {}), 200);
  }
  return { ...attempted, kind: 'answer', status: 200, body: answer.body };
}

function failedToAnswer(
  attempted: Attempted,
  answer: UpstreamAnswer & { kind: 'failed' },
): Tried {
  const { exchange, watch } = attempted;
  if (answer.failure === 'aborted' && watch.clientIsGone()) {
    return { ...attempted, kind: 'gone' };
  }
  exchange.facts.upstreamDetail = answer.detail;
  return failed(attempted, refuse(FAILURES[answer.failure], {}));
}

function failed(
  attempted: Attempted,
  refusal: Refusal,
  status: number | null = null,
): Tried {
  return { ...attempted, kind: 'failed', refusal, status, taken: false };
}
