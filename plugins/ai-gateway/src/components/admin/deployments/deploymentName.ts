import type { Deployment } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What a reader calls a deployment: `gpt-4o-2024-11-20 at OpenAI`. */
export function deploymentName(
  deployment: Pick<Deployment, 'upstreamModel' | 'provider'>,
): string {
  return `${deployment.upstreamModel} at ${deployment.provider.title}`;
}
