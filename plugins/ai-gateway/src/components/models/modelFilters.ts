import {
  capabilitySchema,
  modalitySchema,
  type Model,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { urlChoice, urlOptional, urlText } from '../../hooks';

/** What the reader wants to see of the models; by name in the URL. */
export const MODEL_FILTER_PARAMS = {
  search: urlText(),
  modality: urlOptional(modalitySchema.options),
  capability: urlOptional(capabilitySchema.options),
  provider: urlText(),
  status: urlOptional(['available', 'deprecated']),
  view: urlChoice(['grid', 'list'], 'grid'),
  sort: urlText(),
};

/** {@inheritDoc MODEL_FILTER_PARAMS} */
export type ModelFilters = {
  [K in keyof typeof MODEL_FILTER_PARAMS]: ReturnType<
    (typeof MODEL_FILTER_PARAMS)[K]['parse']
  >;
};

/** What shows every model. */
export const NO_MODEL_FILTERS = {
  search: '',
  modality: undefined,
  capability: undefined,
  provider: '',
  status: undefined,
} satisfies Partial<ModelFilters>;

/** Those models that pass every filter; each word of the search must be found in a model's names, description or providers. */
export function filterModels(
  models: readonly Model[],
  filters: Omit<ModelFilters, 'view' | 'sort'>,
): Model[] {
  const { search, modality, capability, provider, status } = filters;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter(
    model =>
      (!modality || model.modality === modality) &&
      (!capability || model.capabilities.includes(capability)) &&
      (!provider || model.providers.some(({ name }) => name === provider)) &&
      (!status || model.status === status) &&
      words.every(word => searchableText(model).includes(word)),
  );
}

function searchableText(model: Model): string {
  return [
    model.id,
    model.title,
    model.description,
    ...model.providers.map(({ title }) => title),
  ]
    .join(' ')
    .toLowerCase();
}
