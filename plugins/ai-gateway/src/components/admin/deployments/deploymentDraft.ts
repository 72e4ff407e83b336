import type {
  CreateDeployment,
  Deployment,
  UpdateDeployment,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What the fields of the deployment form hold. */
export interface DeploymentDraft {
  providerId: string;
  upstreamModel: string;
  weight: string;
  priority: string;
}

/** A form that begins empty; the only provider there is, is chosen. */
export function newDeploymentDraft(
  providers: readonly { id: string }[],
): DeploymentDraft {
  return {
    providerId: providers.length === 1 ? providers[0].id : '',
    upstreamModel: '',
    weight: '1',
    priority: '0',
  };
}

/** The form of a deployment that is saved. */
export function draftOfDeployment(deployment: Deployment): DeploymentDraft {
  const { provider, upstreamModel, weight, priority } = deployment;
  return {
    providerId: provider.id,
    upstreamModel,
    weight: String(weight),
    priority: String(priority),
  };
}

/** The request that adds what the form holds to a model. */
export function draftToDeployment(draft: DeploymentDraft, modelId: string) {
  const { providerId, upstreamModel, weight, priority } = draft;
  return {
    modelId,
    providerId,
    upstreamModel,
    weight: readNumber(weight),
    priority: readNumber(priority),
  };
}

/** The request that changes a deployment; its model and its provider stay. */
export function deploymentChange(
  body: CreateDeployment,
  version: number,
): UpdateDeployment {
  const { upstreamModel, weight, priority } = body;
  return { version, upstreamModel, weight, priority };
}

/** Nothing is not zero. */
function readNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}
