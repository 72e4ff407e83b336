import { modelOf } from '../../__testUtils__/fixtures';
import { filterModels, NO_MODEL_FILTERS } from './modelFilters';

const MODELS = [
  modelOf('gpt-5-mini', {
    title: 'GPT-5 mini',
    capabilities: ['tools', 'vision'],
  }),
  modelOf('llama-4', {
    title: 'Llama 4',
    description: 'Open weights',
    providers: [{ name: 'gpu', title: 'GPU cluster', kind: 'vllm' }],
    status: 'deprecated',
  }),
  modelOf('embed-3', { title: 'Embed 3', modality: 'embedding' }),
];

function idsWith(filters: Partial<Parameters<typeof filterModels>[1]>) {
  return filterModels(MODELS, { ...NO_MODEL_FILTERS, ...filters }).map(
    ({ id }) => id,
  );
}

describe('filterModels', () => {
  it('lets every model through without filters', () => {
    expect(idsWith({})).toEqual(['gpt-5-mini', 'llama-4', 'embed-3']);
  });

  it.each([
    [{ modality: 'embedding' }, ['embed-3']],
    [{ capability: 'vision' }, ['gpt-5-mini']],
    [{ provider: 'gpu' }, ['llama-4']],
    [{ status: 'deprecated' }, ['llama-4']],
    [{ search: 'GPT' }, ['gpt-5-mini']],
    [{ search: 'weights open' }, ['llama-4']],
    [{ search: 'cluster' }, ['llama-4']],
    [{ search: 'weights gpt' }, []],
    [{ provider: 'openai', modality: 'chat' }, ['gpt-5-mini']],
  ] as const)('with %j finds %j', (filters, ids) => {
    expect(idsWith(filters)).toEqual(ids);
  });
});
