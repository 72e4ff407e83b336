import type { ServerResponse } from 'node:http';
import { refuse } from '../errors/registry';
import { addHeaders } from '../http/answerHead';
import type { Attempt } from '../metering/usageEvent';
import type { Deployment, ServedModel } from '../snapshot/Snapshot';
import type { NextAttempt } from '../upstream/attempts/AttemptPlan';
import { NO_USE } from '../upstream/health/DeploymentHealth';
import type { Admitted } from './admit';
import type { Gateway } from './Gateway';
import { tellFailure } from './tellUse';
import type { Attempted, Failed, Tried } from './Tried';
import { tryDeployment } from './tryDeployment';
import { Watch } from './Watch';

/** By which model a request was answered, when it is not the one that was asked for. */
const MODEL_HEADER = 'x-ai-gateway-model';

/** Writes down the intent of an attempt, and makes it. */
export async function makeAttempt(
  admitted: Admitted,
  next: NextAttempt & { kind: 'try' },
  number: number,
  gateway: Gateway,
): Promise<Tried> {
  const { exchange, request } = admitted;
  const { deployment } = next;
  const attempted: Attempted = {
    ...admitted,
    attempt: attemptOf(admitted, deployment, number, gateway),
    use: gateway.router.begin(next, { number, streamed: request.stream }),
    watch: watchAttempt(exchange.res, next.model, deployment, gateway),
  };
  exchange.facts.deploymentId = deployment.id;
  try {
    await gateway.meter.begin(attempted.attempt);
    return await waitForAnswer(attempted, next.model, gateway);
  } catch (bug) {
    attempted.use.abandoned();
    attempted.watch.giveUp();
    await gateway.meter.abandon(attempted.attempt);
    throw bug;
  }
}

/** Waits for what comes of an attempt, and lets all know whom it concerns. */
async function waitForAnswer(
  attempted: Attempted,
  model: ServedModel,
  gateway: Gateway,
): Promise<Tried> {
  const { exchange } = attempted;
  exchange.waits.begin('upstream');
  try {
    const tried = await tryDeployment(attempted, model, gateway);
    if (tried.kind === 'failed') {
      tellFailure(tried.use, tried.refusal);
    } else if (tried.kind !== 'gone') {
      tried.use.answered();
      if (model.id !== attempted.model.id) {
        addHeaders(exchange, { [MODEL_HEADER]: model.id });
      }
    }
    return tried;
  } finally {
    exchange.waits.end('upstream');
  }
}

/** An attempt that is not made, as each deployment that could be tried is left alone: it costs nothing, and is booked as refused. */
export function refuseUntried(
  admitted: Admitted,
  models: readonly ServedModel[],
  gateway: Gateway,
): Failed {
  const { exchange } = admitted;
  const { deployment, state, retryAfterMs } = gateway.router.noneToTry(models);
  const attempt = attemptOf(admitted, deployment, 1, gateway);
  exchange.facts.deploymentId = deployment.id;
  exchange.facts.upstreamDetail = `every deployment is left alone, the first of them ${state}`;
  void gateway.meter.begin(attempt);
  const refusal = refuse(
    state === 'cooling' ? 'upstream_rate_limited' : 'upstream_unavailable',
    {},
    Math.max(1, Math.ceil(retryAfterMs / 1_000)),
  );
  return {
    ...admitted,
    kind: 'failed',
    attempt,
    use: NO_USE,
    watch: watchAttempt(exchange.res, admitted.model, deployment, gateway),
    outcome: 'refused',
    refusal,
    status: null,
    taken: false,
    generatedBytes: 0,
  };
}

function watchAttempt(
  res: ServerResponse,
  { routing }: ServedModel,
  { provider }: Deployment,
  gateway: Gateway,
): Watch {
  const { upstream, clientAbort } = gateway.settings;
  return new Watch(res, {
    totalTimeoutMs: routing.timeouts.totalMs ?? upstream.totalTimeoutMs,
    drainMs: () =>
      provider.onClientAbort === 'drain' && !gateway.draining()
        ? clientAbort.drainMs
        : 0,
  });
}

function attemptOf(
  { exchange, endpoint, key, request, snapshot, ...admitted }: Admitted,
  deployment: Deployment,
  number: number,
  gateway: Gateway,
): Attempt {
  return {
    id: gateway.newId(),
    occurredAt: exchange.receivedAt,
    requestId: exchange.requestId,
    number,
    gatewayId: gateway.id,
    key,
    businessUnit: snapshot.businessUnits.get(key.projectId) ?? '',
    deployment,
    endpoint: endpoint.id,
    free: endpoint.free,
    streamed: request.stream,
    estimatedInputTokens: admitted.estimatedInputTokens,
  };
}
