import {
  type Deployment,
  formatUsd,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { deploymentName } from './deploymentName';

/** What publishing or unpublishing is called, and what follows from it. */
export interface PublishWords {
  readonly title: string;
  readonly effect: string;
}

/**
 * What publishing a deployment does.
 *
 * @param siblings - the other deployments of the model
 */
export function publishWords(
  deployment: Deployment,
  siblings: readonly Deployment[],
  locale?: string,
): PublishWords {
  const { modelId, currentPrice } = deployment;
  const published = siblings.filter(each => each.published);
  const amounts = currentPrice?.amounts;
  const price = amounts
    ? ` It costs ${formatUsd(amounts.input, locale)} in and ${formatUsd(
        amounts.output,
        locale,
      )} out per million tokens.`
    : '';
  return {
    title: `Publish ${deploymentName(deployment)}?`,
    effect:
      (published.length === 0
        ? `Within seconds ${modelId} is in the catalog and on the Models page, and the gateway serves it.`
        : `Within seconds it takes part in serving ${modelId}, beside ${countOf(
            published.length,
          )}: ${trafficOf(deployment, published)}.`) + price,
  };
}

/**
 * What taking a deployment out of service does.
 *
 * @param siblings - the other deployments of the model
 */
export function unpublishWords(
  deployment: Deployment,
  siblings: readonly Deployment[],
): PublishWords {
  const { modelId } = deployment;
  const rest = siblings.filter(each => each.published);
  return {
    title: `Unpublish ${deploymentName(deployment)}?`,
    effect:
      rest.length === 0
        ? `It is the only one that serves ${modelId}: within seconds calls to it fail with 404, and it leaves the catalog and the Models page. Keys, prices and usage stay.`
        : `Within seconds its share of the calls to ${modelId} goes to the other ${countOf(
            rest.length,
          )}.`,
  };
}

/** What share of the calls a deployment gets while it and its published siblings answer. */
function trafficOf(
  deployment: Deployment,
  published: readonly Deployment[],
): string {
  if (published.some(each => each.priority < deployment.priority)) {
    return 'calls go to it when those of a lower priority number fail';
  }
  const equals = published.filter(
    each => each.priority === deployment.priority,
  );
  if (equals.length === 0) return 'calls go to it first';
  const weights = equals.reduce((sum, each) => sum + each.weight, 0);
  const share = deployment.weight / (deployment.weight + weights);
  return `about ${Math.round(share * 100)}% of the calls go to it`;
}

function countOf(count: number): string {
  return count === 1 ? '1 deployment' : `${count} deployments`;
}
