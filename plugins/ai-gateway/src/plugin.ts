import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { createCardExtension } from '@backstage/plugin-home-react';
import { aiGatewayApiRef, AiGatewayClient } from './api';
import { rootRouteRef } from './routes';

/** The plugin for the legacy frontend system. @public */
export const aiGatewayPlugin = createPlugin({
  id: 'ai-gateway',
  apis: [
    createApiFactory({
      api: aiGatewayApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AiGatewayClient({ fetchApi }),
    }),
  ],
  routes: { root: rootRouteRef },
});

/** The page, to be mounted at `/ai-gateway`. @public */
export const AiGatewayPage = aiGatewayPlugin.provide(
  createRoutableExtension({
    name: 'AiGatewayPage',
    component: async () =>
      (await import('./components/page')).LegacyAiGatewayPage,
    mountPoint: rootRouteRef,
  }),
);

/** A card for the overview of an entity that {@link isAiModel}. @public */
export const EntityAiModelCard = aiGatewayPlugin.provide(
  createComponentExtension({
    name: 'EntityAiModelCard',
    component: {
      lazy: async () => (await import('./components/entity')).EntityAiModelCard,
    },
  }),
);

/** The content of a tab for an entity that {@link isAiModel}. @public */
export const EntityAiModelContent = aiGatewayPlugin.provide(
  createComponentExtension({
    name: 'EntityAiModelContent',
    component: {
      lazy: async () =>
        (await import('./components/entity')).EntityAiModelContent,
    },
  }),
);

/** A card for the home page: what the reader's projects used lately. @public */
export const HomePageAiGatewayUsage = aiGatewayPlugin.provide(
  createCardExtension({
    name: 'HomePageAiGatewayUsage',
    title: 'AI usage',
    description: 'Requests, tokens and cost of your projects',
    components: async () => ({
      Content: (await import('./components/usage')).UsageWidget,
    }),
  }),
);
