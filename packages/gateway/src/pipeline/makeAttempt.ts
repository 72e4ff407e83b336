import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse } from '../errors/registry';
import { addHeaders } from '../http/answerHead';
import type { Exchange } from '../http/exchange';
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

/**
 * Writes down the intent of an attempt, and makes it.
 *
 * @param earlier - the events of those before it
 */
export async function makeAttempt(
  admitted: Admitted,
  next: NextAttempt & { kind: 'try' },
  earlier: readonly UsageEvent[],
  gateway: Gateway,
): Promise<Tried> {
  const { exchange, request } = admitted;
  const { deployment } = next;
  const number = earlier.length + 1;
  const attempted: Attempted = {
    admitted,
    attempt: attemptOf(admitted, deployment, number, gateway),
    use: gateway.router.begin(next, { number, streamed: request.stream }),
    watch: watchAttempt(exchange, next.model, deployment, gateway),
    earlier,
  };
  exchange.facts.deploymentId = deployment.id;
  try {
    await gateway.meter.begin(attempted.attempt);
    exchange.waits.begin('upstream');
    let tried: Tried;
    try {
      tried = await tryDeployment(attempted, next.model, gateway);
    } finally {
      exchange.waits.end('upstream');
    }
    tellOf(tried, next.model);
    return tried;
  } catch (bug) {
    attempted.use.abandoned();
    attempted.watch.giveUp();
    await gateway.meter.abandon(attempted.attempt);
    throw bug;
  }
}

/** Lets all know what came of an attempt whom it concerns. */
function tellOf(tried: Tried, model: ServedModel): void {
  const { use, admitted } = tried.attempted;
  if (tried.kind === 'failed') {
    tellFailure(use, tried.refusal);
  } else if (tried.kind !== 'gone') {
    use.answered();
    if (model.id !== admitted.model.id) {
      addHeaders(admitted.exchange, { [MODEL_HEADER]: model.id });
    }
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
    kind: 'failed',
    attempted: {
      admitted,
      attempt,
      use: NO_USE,
      watch: watchAttempt(exchange, admitted.model, deployment, gateway),
      earlier: [],
    },
    outcome: 'refused',
    refusal,
    status: null,
    taken: false,
    generatedBytes: 0,
  };
}

function watchAttempt(
  exchange: Exchange,
  { routing }: ServedModel,
  { provider }: Deployment,
  gateway: Gateway,
): Watch {
  const { upstream, clientAbort } = gateway.settings;
  return new Watch(exchange, {
    totalTimeoutMs: routing.timeouts.totalMs ?? upstream.totalTimeoutMs,
    drainMs: () =>
      provider.onClientAbort === 'drain' && !gateway.draining()
        ? clientAbort.drainMs
        : 0,
  });
}

function attemptOf(
  admitted: Admitted,
  deployment: Deployment,
  number: number,
  gateway: Gateway,
): Attempt {
  const { exchange, endpoint, key, request, snapshot } = admitted;
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
