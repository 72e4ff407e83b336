import type { Admission } from '../admission/Admission';
import type { AdmissionVerdict } from '../admission/AdmissionVerdict';
import { refuse } from '../errors/registry';
import { addHeaders } from '../http/answerHead';
import type { Gateway } from './Gateway';
import type { Routed } from './route';
import { GONE, next, refused, type Step } from './Step';

/** A request that may be made now. Nothing has been spent on it yet, and what it may take is reserved. */
export interface Admitted extends Routed {
  readonly estimatedInputTokens: number;
  /** To be told of the end of the request, whichever it is. */
  readonly admission: Admission;
}

/**
 * Decides whether a request may be made now. The one place where that is decided, for every endpoint: whatever limits what may be used
 * stands here. At once, where nobody else has to be asked.
 */
export function admit(
  routed: Routed,
  gateway: Gateway,
): Step<Admitted> | Promise<Step<Admitted>> {
  if (gateway.draining()) return refused(refuse('service_draining', {}, 1));
  // What cannot be recorded is not served: better to refuse than to spend unseen.
  if (gateway.meter.problem !== null) {
    return refused(refuse('metering_unavailable', {}, 5));
  }
  const { exchange, endpoint, key, model, request, snapshot } = routed;
  const verdict = gateway.admissions.admit({
    key,
    model,
    snapshot,
    endpoint: endpoint.id,
    // What is free of charge takes nothing of what is counted in tokens or money.
    inputTokens: endpoint.free ? 0 : request.estimatedInputTokens,
    maxOutputTokens: request.maxOutputTokens,
    choices: request.choices,
    receivedAt: exchange.receivedAt,
  });
  return verdict instanceof Promise
    ? verdict.then(later => admitted(routed, later))
    : admitted(routed, verdict);
}

function admitted(routed: Routed, verdict: AdmissionVerdict): Step<Admitted> {
  const { exchange, endpoint, key, request, snapshot } = routed;
  addHeaders(exchange, verdict.headers);
  if (!verdict.ok) return refused(verdict.refusal);
  const { admission, outputCap } = verdict;
  if (exchange.res.destroyed) {
    admission.release();
    return GONE;
  }
  try {
    return next({
      exchange,
      endpoint,
      key,
      snapshot,
      model: verdict.model,
      request:
        outputCap === null ? request : request.withMaxOutputTokens(outputCap),
      estimatedInputTokens: request.estimatedInputTokens,
      admission,
    });
  } catch (bug) {
    // Nobody else knows of it yet, and it would be kept alive for ever.
    admission.release();
    throw bug;
  }
}
