import type {
  DeploymentStateReport,
  ModelAlias,
  ModelRouting,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { stateOf } from '../services/gatewayLife';
import type { LeadingAlias } from '../services/ModelAliasService';
import type {
  DeploymentOnGateway,
  RoutedModel,
} from '../services/RoutingService';

/** How a model is routed, as the API writes it. */
export function renderRouting(model: RoutedModel): ModelRouting {
  return {
    modelId: model.modelId,
    ...model.fields,
    aliases: [...model.aliases],
    version: model.record?.version ?? 0,
    updatedAt: model.record?.updatedAt.toISOString() ?? null,
    updatedBy: model.record?.updatedBy ?? null,
  };
}

/** An alias as the API writes it. */
export function renderModelAlias({
  record,
  modelId,
}: LeadingAlias): ModelAlias {
  return {
    ...record,
    modelId: modelId ?? null,
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
  };
}

/** How a gateway finds a deployment, as the API writes it. */
export function renderDeploymentState({
  gateway,
  state,
}: DeploymentOnGateway): DeploymentStateReport {
  return {
    gateway: {
      id: gateway.id,
      hostname: gateway.hostname,
      state: stateOf(gateway),
    },
    state: state?.state ?? 'healthy',
    since: state?.since.toISOString() ?? null,
    until: state?.until?.toISOString() ?? null,
    reason: state?.reason ?? null,
    firstTokenMs: state?.firstTokenMs ?? null,
    answerMs: state?.answerMs ?? null,
    inFlight: state?.inFlight ?? 0,
    reportedAt: state?.reportedAt.toISOString() ?? null,
  };
}
