import { createRouteRef, createSubRouteRef } from '@backstage/core-plugin-api';

/** The plugin's page; its tabs are below it. @public */
export const rootRouteRef = createRouteRef({ id: 'ai-gateway' });

/** The models that can be called. @public */
export const modelsRouteRef = createSubRouteRef({
  id: 'ai-gateway/models',
  parent: rootRouteRef,
  path: '/models',
});

/** One model, with a link of its own. @public */
export const modelRouteRef = createSubRouteRef({
  id: 'ai-gateway/model',
  parent: rootRouteRef,
  path: '/models/:modelId',
});

/** API keys; `?create` opens the creation of one, `?create&model=<id>` with that model chosen. @public */
export const apiKeysRouteRef = createSubRouteRef({
  id: 'ai-gateway/api-keys',
  parent: rootRouteRef,
  path: '/api-keys',
});

/** Usage and cost. @public */
export const usageRouteRef = createSubRouteRef({
  id: 'ai-gateway/usage',
  parent: rootRouteRef,
  path: '/usage',
});

/** Providers, models, deployments and prices, for those who manage them. @public */
export const adminRouteRef = createSubRouteRef({
  id: 'ai-gateway/admin',
  parent: rootRouteRef,
  path: '/admin',
});
