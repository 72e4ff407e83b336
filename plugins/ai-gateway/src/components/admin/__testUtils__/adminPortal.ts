import type {
  Deployment,
  Me,
  Model,
  Price,
  Provider,
  ProviderTestResult,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  type EndpointHandlers,
  Refusal,
} from '../../../__testUtils__/ControlPlaneDouble';
import { adminOf, modelOf } from '../../../__testUtils__/fixtures';
import {
  deploymentOf,
  pricePeriodOf,
  providerOf,
  uuidOf,
} from './adminFixtures';

/** What an admin's portal holds; it changes as the API is called. */
export interface AdminPortalState {
  me: Me;
  providers: Provider[];
  models: Model[];
  deployments: Deployment[];
  prices: Price[];
  /** What comes of trying any connection. */
  connection: ProviderTestResult;
}

/** A portal with nothing in it but an admin. */
export function emptyAdminPortal(
  some: Partial<AdminPortalState> = {},
): AdminPortalState {
  return {
    me: adminOf(),
    providers: [],
    models: [],
    deployments: [],
    prices: [],
    connection: {
      ok: true,
      latencyMs: 143,
      models: ['gpt-4o', 'gpt-4o-mini'],
      failure: null,
      message: 'The provider answered.',
    },
    ...some,
  };
}

const pageOf = <T>(
  items: readonly T[],
  { limit, offset }: { limit: number; offset: number },
) => ({
  items: items.slice(offset, offset + limit),
  totalCount: items.length,
});

/** Answers of what an admin does; a change against an old version, and a second thing of one name, are refused as the backend does it. */
export function adminPortalHandlers(state: AdminPortalState): EndpointHandlers {
  let made = 1_000;
  const find = <T extends { id: string }>(items: readonly T[], id: string) => {
    const found = items.find(item => item.id === id);
    if (!found) throw new Refusal(404, `There is no ${id}`);
    return found;
  };
  const change = <T extends { version: number }>(
    row: T,
    { version, ...fields }: { version: number },
  ): T => {
    if (row.version !== version) {
      throw new Refusal(409, 'user:default/grace changed this. Reload it.');
    }
    return Object.assign(row, fields, { version: version + 1 });
  };
  const setPublished = (id: string, published: boolean) => {
    const deployment = find(state.deployments, id);
    const { modelId } = deployment;
    Object.assign(deployment, {
      published,
      publication: {
        changedAt: new Date().toISOString(),
        changedBy: state.me.userRef,
      },
    });
    const serves = state.deployments.some(
      each => each.modelId === modelId && each.published,
    );
    find(state.models, modelId).status = serves ? 'available' : 'unpublished';
    return deployment;
  };

  return {
    getMe: () => state.me,
    listProjects: ({ query }) => pageOf([], query),
    listProviders: ({ query }) => pageOf(state.providers, query),
    createProvider: ({ body }) => {
      if (state.providers.some(({ name }) => name === body.name)) {
        const message = `There is a provider '${body.name}' already`;
        throw new Refusal(409, message, [{ path: 'name', message }]);
      }
      const provider = providerOf(body.name, { ...body, id: uuidOf(++made) });
      state.providers.push(provider);
      return provider;
    },
    updateProvider: ({ params, body }) =>
      change(find(state.providers, params.providerId), body),
    deleteProvider: ({ params }) => {
      const { id } = find(state.providers, params.providerId);
      state.providers = state.providers.filter(each => each.id !== id);
      return undefined;
    },
    testProvider: () => state.connection,
    testProviderDraft: () => state.connection,
    listModels: ({ query }) =>
      pageOf(
        state.models.filter(
          ({ status }) => query.status === 'all' || status === 'available',
        ),
        query,
      ),
    createModel: ({ body }) => {
      const model = modelOf(body.id, {
        ...body,
        status: 'unpublished',
        price: null,
        providers: [],
      });
      state.models.push(model);
      return model;
    },
    updateModel: ({ params, body }) =>
      change(find(state.models, params.modelId), body),
    deleteModel: ({ params }) => {
      const { id } = find(state.models, params.modelId);
      state.models = state.models.filter(each => each.id !== id);
      return undefined;
    },
    listDeployments: ({ query }) =>
      pageOf(
        state.deployments.filter(
          ({ modelId }) => !query.modelId || modelId === query.modelId,
        ),
        query,
      ),
    getDeployment: ({ params }) => find(state.deployments, params.deploymentId),
    createDeployment: ({ body }) => {
      const { providerId, modelId, ...fields } = body;
      const deployment = deploymentOf(modelId, {
        ...fields,
        id: uuidOf(++made),
        provider: find(state.providers, providerId),
      });
      state.deployments.push(deployment);
      return deployment;
    },
    updateDeployment: ({ params, body }) =>
      change(find(state.deployments, params.deploymentId), body),
    deleteDeployment: ({ params }) => {
      const { id } = find(state.deployments, params.deploymentId);
      state.deployments = state.deployments.filter(each => each.id !== id);
      return undefined;
    },
    publishDeployment: ({ params }) => setPublished(params.deploymentId, true),
    unpublishDeployment: ({ params }) =>
      setPublished(params.deploymentId, false),
    listPrices: ({ params }) => ({
      items: state.prices.filter(
        ({ deploymentId }) => deploymentId === params.deploymentId,
      ),
    }),
    createPrice: ({ params, body }) => {
      const { effectiveFrom, amounts, note } = body;
      if (effectiveFrom && Date.parse(effectiveFrom) < Date.now()) {
        const message = 'A price cannot start in the past';
        throw new Refusal(400, message, [{ path: 'effectiveFrom', message }]);
      }
      const deployment = find(state.deployments, params.deploymentId);
      const price = pricePeriodOf({
        id: uuidOf(++made),
        deploymentId: deployment.id,
        amounts,
        note,
        effectiveFrom: effectiveFrom ?? new Date().toISOString(),
        state: effectiveFrom ? 'scheduled' : 'current',
      });
      state.prices.unshift(price);
      if (!effectiveFrom) deployment.currentPrice = price;
      return price;
    },
    listGateways: () => ({ currentRevision: 7, items: [] }),
  };
}
