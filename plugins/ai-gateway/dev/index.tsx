import '@backstage/cli/asset-types';
import '@backstage/ui/css/styles.css';
import { ConfigReader } from '@backstage/core-app-api';
import { createApp } from '@backstage/frontend-defaults';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { createRoot } from 'react-dom/client';
import aiGatewayPlugin from '../src/alpha';
import { aiGatewayApiRef } from '../src/api';
import { entities } from './entities';
import { controlPlaneOf } from './scenario';

// Read once: the pages own the query string afterwards.
const scenario = new URLSearchParams(window.location.search).get('scenario');
const controlPlane = controlPlaneOf(scenario);

const inMemoryControlPlane = createFrontendModule({
  pluginId: 'ai-gateway',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: aiGatewayApiRef,
          deps: {},
          factory: () => controlPlane.api,
        }),
    }),
  ],
});

const inMemoryCatalog = createFrontendModule({
  pluginId: 'catalog',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: catalogApiRef,
          deps: {},
          factory: () => catalogApiMock({ entities }),
        }),
    }),
  ],
});

const app = createApp({
  features: [
    aiGatewayPlugin,
    catalogPlugin,
    inMemoryControlPlane,
    inMemoryCatalog,
  ],
  advanced: {
    configLoader: async () => ({
      config: new ConfigReader({
        app: {
          title: 'AI Gateway',
          baseUrl: window.location.origin,
          // Nobody has to sign in where there is no backend.
          extensions: [{ 'sign-in-page:app': false }],
        },
        backend: { baseUrl: window.location.origin },
      }),
    }),
  },
});

createRoot(document.getElementById('root')!).render(app.createRoot());
