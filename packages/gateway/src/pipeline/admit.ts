import { refuse } from '../errors/registry';
import { estimateInputTokens } from '../metering/estimate';
import type { Attempt } from '../metering/usageEvent';
import { chooseDeployment } from '../upstream/chooseDeployment';
import type { Gateway } from './Gateway';
import type { Routed } from './route';
import { next, refused, type Step } from './Step';

/** A request that may cost money from here on: its intent is on its way to the disk. */
export interface Admitted extends Routed {
  readonly attempt: Attempt;
}

const ENDPOINT = 'chat.completions';

/**
 * Decides whether a request may be made now. The one place where that is decided, for every endpoint: whatever limits what may be used
 * stands here.
 */
export function admit(routed: Routed, gateway: Gateway): Step<Admitted> {
  const { exchange, key, model, request, snapshot } = routed;
  if (gateway.draining()) return refused(refuse('service_draining', {}, 1));
  // What cannot be recorded is not served: better to refuse than to spend unseen.
  if (gateway.meter.problem !== null) {
    return refused(refuse('metering_unavailable', {}, 5));
  }

  const deployment = chooseDeployment(model.deployments, gateway.random());
  exchange.facts.deploymentId = deployment.id;
  const attempt: Attempt = {
    id: gateway.newId(),
    occurredAt: exchange.receivedAt,
    requestId: exchange.requestId,
    number: 1,
    gatewayId: gateway.id,
    key,
    businessUnit: snapshot.businessUnits.get(key.projectId) ?? '',
    deployment,
    endpoint: ENDPOINT,
    streamed: request.stream,
    estimatedInputTokens: estimateInputTokens(request.messages),
  };
  gateway.meter.begin(attempt);
  return next({ ...routed, attempt });
}
