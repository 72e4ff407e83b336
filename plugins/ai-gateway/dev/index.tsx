import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
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

createDevApp({
  features: [
    aiGatewayPlugin,
    catalogPlugin,
    inMemoryControlPlane,
    inMemoryCatalog,
  ],
});
