import type { Deployment } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { PricedDeployment } from '../services/DeploymentService';
import { renderPrice } from './renderPrice';

/**
 * A deployment as the API writes it.
 *
 * @param now - milliseconds since the epoch
 */
export function renderDeployment(
  { deployment, currentPrice }: PricedDeployment,
  now: number,
): Deployment {
  const { publicationChangedAt, publicationChangedBy } = deployment;
  return {
    id: deployment.id,
    modelId: deployment.modelId,
    provider: deployment.provider,
    upstreamModel: deployment.upstreamModel,
    weight: deployment.weight,
    priority: deployment.priority,
    settings: deployment.settings,
    published: deployment.published,
    publication:
      publicationChangedAt && publicationChangedBy
        ? {
            changedAt: publicationChangedAt.toISOString(),
            changedBy: publicationChangedBy,
          }
        : null,
    currentPrice: currentPrice ? renderPrice(currentPrice, now) : null,
    version: deployment.version,
    createdAt: deployment.createdAt.toISOString(),
    createdBy: deployment.createdBy,
    updatedAt: deployment.updatedAt.toISOString(),
  };
}
