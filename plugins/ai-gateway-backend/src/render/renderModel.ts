import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { statusOf, type ModelWithTargets } from '../services/ModelService';
import { renderAmounts } from './renderPrice';

/**
 * A model as the API writes it.
 *
 * @param manages - whether the reader manages models, and so sees providers that do not serve it
 */
export function renderModel(found: ModelWithTargets, manages: boolean): Model {
  const { model, targets } = found;
  const status = statusOf(found);
  const first = targets.find(target => target.served);
  const visible = manages ? targets : targets.filter(target => target.served);
  const providers = new Map(
    visible.map(({ provider }) => [provider.name, provider]),
  );
  return {
    id: model.id,
    title: model.title,
    description: model.description,
    modality: model.modality,
    capabilities: [...model.capabilities],
    contextWindow: model.contextWindow,
    maxOutputTokens: model.maxOutputTokens,
    ownerRef: model.ownerRef,
    lifecycle: model.lifecycle,
    status,
    providers: [...providers.values()],
    price: first?.rates ? renderAmounts(first.rates) : null,
    entityRef: status === 'unpublished' ? null : `resource:default/${model.id}`,
    version: model.version,
    createdAt: model.createdAt.toISOString(),
    updatedAt: model.updatedAt.toISOString(),
  };
}
