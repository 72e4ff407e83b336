import type { ServedModel } from '../snapshot/Snapshot';
import type { Admitted } from './admit';
import { mayCall } from './route';

/**
 * The models that a request may fall back to: of those that are configured for its model, the ones that its key may call. What a policy
 * keeps a key from calling is to be left out here too.
 */
export function fallbackModels({
  key,
  model,
  snapshot,
}: Admitted): ServedModel[] {
  return model.routing.fallbacks.flatMap(id => {
    const fallback = snapshot.models.get(id);
    return fallback && mayCall(key, fallback) ? [fallback] : [];
  });
}
