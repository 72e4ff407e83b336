import type { ServedModel } from '../snapshot/Snapshot';
import type { Admitted } from './admit';
import type { Gateway } from './Gateway';
import { mayCall } from './route';

/**
 * The models that a request may fall back to: of those that are configured for its model, the ones that its key and the policies allow.
 *
 * Whether there is room in the limits and budgets of such a model's own subscription is seen when it comes to that. The rest was reserved
 * by the prices of the request's own model; what a fallback model costs is settled like anything else.
 */
export function fallbackModels(
  { key, model, snapshot }: Admitted,
  gateway: Gateway,
): readonly ServedModel[] {
  return model.routing.fallbacks.flatMap(id => {
    const fallback = snapshot.models.get(id);
    return fallback &&
      mayCall(key, fallback) &&
      gateway.admissions.allowsModel({ key, snapshot }, id)
      ? [fallback]
      : [];
  });
}
