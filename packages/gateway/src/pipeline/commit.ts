import { chooseDeployment } from '../upstream/chooseDeployment';
import type { Attempt } from '../metering/usageEvent';
import type { Admitted } from './admit';
import type { Gateway } from './Gateway';
import { tryDeployment, type Tried } from './tryDeployment';

/** A request that costs money from here on: its intent is on its way to the disk, and its upstream has answered, or never will. */
export type Committed = Tried;

const ENDPOINT = 'chat.completions';

/** Writes down the intent of an attempt, and makes it. */
export async function commit(
  admitted: Admitted,
  gateway: Gateway,
): Promise<Committed> {
  const attempt = attemptOf(admitted, gateway);
  admitted.exchange.facts.deploymentId = attempt.deployment.id;
  gateway.meter.begin(attempt);
  try {
    return await tryDeployment(admitted, attempt, gateway);
  } catch (bug) {
    await gateway.meter.abandon(attempt);
    throw bug;
  }
}

function attemptOf(
  { exchange, key, model, request, snapshot, ...admitted }: Admitted,
  gateway: Gateway,
): Attempt {
  return {
    id: gateway.newId(),
    occurredAt: exchange.receivedAt,
    requestId: exchange.requestId,
    number: 1,
    gatewayId: gateway.id,
    key,
    businessUnit: snapshot.businessUnits.get(key.projectId) ?? '',
    deployment: chooseDeployment(model.deployments, gateway.random()),
    endpoint: ENDPOINT,
    streamed: request.stream,
    estimatedInputTokens: admitted.estimatedInputTokens,
  };
}
