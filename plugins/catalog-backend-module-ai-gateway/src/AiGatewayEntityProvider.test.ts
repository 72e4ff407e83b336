import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { mockServices } from '@backstage/backend-test-utils';
import type { EntityProviderMutation } from '@backstage/plugin-catalog-node';
import {
  AiGatewayEntityProvider,
  type PublishedModels,
} from './AiGatewayEntityProvider';

const settings = {
  gatewayUrl: 'http://localhost:4000',
  owner: 'group:default/platform',
  system: 'ai-platform',
};

function model(id: string, changes: Partial<Model> = {}): Model {
  return {
    id,
    title: id,
    description: '',
    modality: 'chat',
    capabilities: ['streaming'],
    contextWindow: 8192,
    maxOutputTokens: null,
    ownerRef: 'group:default/platform',
    lifecycle: 'production',
    status: 'available',
    providers: [{ name: 'simulator', title: 'Simulator', kind: 'vllm' }],
    price: null,
    entityRef: `resource:default/${id}`,
    version: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

/** Published models, as the control plane would list them, that a test can change. */
class Published implements PublishedModels {
  readonly models = new Map<string, Model>();
  failure: Error | undefined;

  async listPublished() {
    if (this.failure) throw this.failure;
    return [...this.models.values()];
  }

  async getPublished(id: string) {
    if (this.failure) throw this.failure;
    return this.models.get(id);
  }
}

async function connected() {
  const published = new Published();
  const logger = mockServices.logger.mock();
  const provider = AiGatewayEntityProvider.create({
    models: published,
    settings,
    logger,
  });
  const mutations: EntityProviderMutation[] = [];
  await provider.connect({
    applyMutation: async mutation => {
      mutations.push(mutation);
    },
    refresh: async () => {},
  });
  return { published, provider, mutations, logger };
}

describe('AiGatewayEntityProvider', () => {
  it('brings the gateway, the APIs and every published model with a full sync', async () => {
    const { published, provider, mutations } = await connected();
    published.models.set('small', model('small'));

    await provider.sync();

    expect(mutations).toHaveLength(1);
    expect(mutations[0]).toMatchObject({
      type: 'full',
      entities: [
        { entity: { kind: 'API', metadata: { name: 'ai-gateway' } } },
        {
          entity: {
            kind: 'API',
            metadata: { name: 'ai-gateway-control-plane' },
            spec: { definition: expect.stringContaining('"/api-keys"') },
          },
        },
        {
          entity: {
            kind: 'Component',
            spec: { providesApis: ['api:default/ai-gateway'] },
          },
        },
        {
          locationKey: 'ai-gateway',
          entity: {
            kind: 'Resource',
            metadata: {
              name: 'small',
              annotations: {
                'ai-gateway.dev/model-id': 'small',
                'ai-gateway.dev/providers': 'simulator',
              },
            },
            spec: {
              type: 'ai-model',
              owner: 'group:default/platform',
              system: 'ai-platform',
              dependencyOf: ['component:default/ai-gateway'],
            },
          },
        },
      ],
    });
  });

  it('describes the API with the gateway as its server', async () => {
    const { provider, mutations } = await connected();
    await provider.sync();

    const [first] = mutations;
    const definition =
      first.type === 'full' ? first.entities[0].entity.spec?.definition : '';
    expect(JSON.parse(String(definition))).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: 'http://localhost:4000' }],
    });
  });

  it('adds what an event says was published and removes what was taken away', async () => {
    const { published, provider, mutations } = await connected();
    published.models.set('new', model('new'));

    await provider.onModelsChanged({ modelIds: ['new', 'gone'] });

    expect(mutations).toEqual([
      {
        type: 'delta',
        added: [
          expect.objectContaining({
            entity: expect.objectContaining({
              metadata: expect.objectContaining({ name: 'new' }),
            }),
          }),
        ],
        removed: [
          { entityRef: 'resource:default/gone', locationKey: 'ai-gateway' },
        ],
      },
    ]);
  });

  it('survives a control plane that does not answer, and recovers with the next sync', async () => {
    const { published, provider, mutations, logger } = await connected();
    published.models.set('small', model('small'));
    published.failure = new Error('connection refused');

    await provider.onModelsChanged({ modelIds: ['small'] });
    await expect(provider.sync()).rejects.toThrow('connection refused');
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(mutations).toEqual([]);

    published.failure = undefined;
    await provider.sync();
    expect(mutations).toHaveLength(1);
  });

  it('applies changes in the order in which they came', async () => {
    const { published, provider, mutations } = await connected();
    published.models.set('small', model('small'));

    const sync = provider.sync();
    const event = provider.onModelsChanged({ modelIds: ['small'] });
    await Promise.all([event, sync]);

    expect(mutations.map(mutation => mutation.type)).toEqual(['full', 'delta']);
  });

  it('ignores a payload that names nothing', async () => {
    const { provider, mutations } = await connected();

    await provider.onModelsChanged(undefined);
    await provider.onModelsChanged({ modelIds: 'small' });

    expect(
      mutations.every(
        mutation =>
          mutation.type === 'delta' &&
          mutation.added.length === 0 &&
          mutation.removed.length === 0,
      ),
    ).toBe(true);
  });
});
