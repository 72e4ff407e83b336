import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { MODELS_CHANGED_TOPIC } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { AiGatewayEntityProvider } from './AiGatewayEntityProvider';
import { ControlPlaneModels } from './ControlPlaneModels';
import { readCatalogSettings } from './settings';

/** Adds published models, the gateway and its API to the catalog. @public */
export const catalogModuleAiGateway = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'ai-gateway',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({
        auth,
        catalog,
        config,
        discovery,
        events,
        logger,
        scheduler,
      }) {
        const provider = AiGatewayEntityProvider.create({
          models: ControlPlaneModels.create({ auth, discovery }),
          settings: readCatalogSettings(config),
          logger,
        });
        catalog.addEntityProvider(provider);

        await events.subscribe({
          id: 'catalog-backend-module-ai-gateway',
          topics: [MODELS_CHANGED_TOPIC],
          onEvent: event => provider.onModelsChanged(event.eventPayload),
        });
        // Events make a change visible at once; the full sync repairs whatever one of them missed.
        await scheduler.scheduleTask({
          id: 'ai-gateway-catalog-sync',
          frequency: { minutes: 1 },
          timeout: { minutes: 1 },
          initialDelay: { seconds: 5 },
          scope: 'local',
          fn: () => provider.sync(),
        });
      },
    });
  },
});
