/**
 * The plugin for the new frontend system.
 *
 * @packageDocumentation
 */
import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';
import { aiGatewayApiRef, AiGatewayClient } from './api';
import { isAiModel } from './components/entity/isAiModel';
import { AiGatewayIcon } from './components/page/AiGatewayIcon';
import {
  adminRouteRef,
  apiKeysRouteRef,
  modelRouteRef,
  modelsRouteRef,
  rootRouteRef,
  usageRouteRef,
} from './routes';

const api = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: aiGatewayApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AiGatewayClient({ fetchApi }),
    }),
});

const page = PageBlueprint.make({
  params: {
    path: '/ai-gateway',
    title: 'AI Gateway',
    icon: <AiGatewayIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    // The page renders the header itself: its tabs depend on who reads.
    noHeader: true,
    loader: async () => {
      const { AiGatewayPage } = await import('./components/page');
      return <AiGatewayPage />;
    },
  },
});

const entityCard = EntityCardBlueprint.make({
  name: 'ai-model',
  params: {
    filter: isAiModel,
    type: 'info',
    loader: async () => {
      const { EntityAiModelCard } = await import('./components/entity');
      return <EntityAiModelCard />;
    },
  },
});

const entityContent = EntityContentBlueprint.make({
  name: 'ai-model',
  params: {
    path: '/ai-model',
    title: 'AI model',
    filter: isAiModel,
    loader: async () => {
      const { EntityAiModelContent } = await import('./components/entity');
      return <EntityAiModelContent />;
    },
  },
});

const homePageWidget = HomePageWidgetBlueprint.make({
  name: 'usage',
  params: {
    name: 'AiGatewayUsage',
    title: 'AI usage',
    description: 'Requests, tokens and cost of your projects',
    components: async () => ({
      Content: (await import('./components/usage')).UsageWidget,
    }),
  },
});

/** The plugin for the new frontend system. @alpha */
export default createFrontendPlugin({
  pluginId: 'ai-gateway',
  title: 'AI Gateway',
  icon: <AiGatewayIcon fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    root: rootRouteRef,
    models: modelsRouteRef,
    model: modelRouteRef,
    apiKeys: apiKeysRouteRef,
    usage: usageRouteRef,
    admin: adminRouteRef,
  },
  extensions: [api, page, entityCard, entityContent, homePageWidget],
});
