import type { Deployment } from '../snapshot/Snapshot';

/**
 * The deployment to try: among those of the first priority, one by weight.
 *
 * @param deployments - at least one, by priority
 * @param random - from 0 to just below 1
 */
export function chooseDeployment(
  deployments: readonly Deployment[],
  random: number,
): Deployment {
  const [first] = deployments;
  const candidates = deployments.filter(d => d.priority === first.priority);
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  let rest = random * total;
  for (const candidate of candidates) {
    rest -= candidate.weight;
    if (rest < 0) return candidate;
  }
  return candidates[candidates.length - 1];
}
