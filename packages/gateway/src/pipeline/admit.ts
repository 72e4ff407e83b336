import { refuse } from '../errors/registry';
import { estimateInputTokens } from '../metering/estimate';
import type { Gateway } from './Gateway';
import type { Routed } from './route';
import { next, refused, type Step } from './Step';

/** A request that may be made now. Nothing has been spent on it yet. */
export interface Admitted extends Routed {
  readonly estimatedInputTokens: number;
}

/**
 * Decides whether a request may be made now. The one place where that is decided, for every endpoint: whatever limits what may be used
 * stands here.
 */
export async function admit(
  routed: Routed,
  gateway: Gateway,
): Promise<Step<Admitted>> {
  if (gateway.draining()) return refused(refuse('service_draining', {}, 1));
  // What cannot be recorded is not served: better to refuse than to spend unseen.
  if (gateway.meter.problem !== null) {
    return refused(refuse('metering_unavailable', {}, 5));
  }
  return next({
    ...routed,
    estimatedInputTokens: estimateInputTokens(routed.request.messages),
  });
}
