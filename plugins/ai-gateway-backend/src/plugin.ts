import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  MODELS_CHANGED_TOPIC,
  type ModelsChangedEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  createRequestLogStore,
  ensurePartitions,
  generateApiKey,
  readAiGatewayConfig,
  readRequestLogSettings,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { v7 as uuidv7 } from 'uuid';
import { CatalogDirectory } from './catalog/CatalogDirectory';
import { DatabaseWrites } from './database/DatabaseWrites';
import { openDatabase } from './database/openDatabase';
import { createStores } from './database/Stores';
import { Authorizer } from './permissions/Authorizer';
import { registerPermissions } from './permissions/registerPermissions';
import { keepRequestLogs } from './requestLogs/keepRequestLogs';
import { createRouter } from './router';
import { OPENAPI_PATH } from './routes/openApi';
import { BudgetNotifier } from './services/BudgetNotifier';
import { createServices } from './services/createServices';

/** The control plane: models, providers, prices, projects, API keys and usage. @public */
export const aiGatewayPlugin = createBackendPlugin({
  pluginId: 'ai-gateway',
  register(env) {
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        userInfo: coreServices.userInfo,
      },
      async init({
        auditor,
        auth,
        catalog,
        config,
        database,
        events,
        httpAuth,
        httpRouter,
        lifecycle,
        logger,
        permissions,
        permissionsRegistry,
        scheduler,
        userInfo,
      }) {
        const clock = Date.now;
        const settings = readAiGatewayConfig(config, process.env);
        const db = await openDatabase(database);
        const stores = createStores(db);
        registerPermissions(permissionsRegistry, stores);
        const authorizer = Authorizer.create({
          permissions,
          permissionsRegistry,
        });
        const writes = DatabaseWrites.create({
          db,
          clock,
          newId: uuidv7,
          onModelsChanged: async modelIds => {
            const eventPayload: ModelsChangedEvent = { modelIds };
            try {
              await events.publish({
                topic: MODELS_CHANGED_TOPIC,
                eventPayload,
              });
            } catch (error) {
              // The change is made, and the catalog reads everything again now and then.
              logger.warn(
                'The catalog could not be told of changed models',
                toError(error),
              );
            }
          },
        });
        const services = createServices({
          stores,
          writes,
          authorizer,
          auth,
          userInfo,
          directory: CatalogDirectory.create({ catalog, auth, logger }),
          settings,
          clock,
          newId: uuidv7,
          generateKey: () => generateApiKey(),
        });

        // Now, so that the first usage finds its partition, and then daily.
        await ensurePartitions(db, clock());
        await scheduler.scheduleTask({
          id: 'ai-gateway-ensure-partitions',
          frequency: { days: 1 },
          timeout: { minutes: 10 },
          fn: () => ensurePartitions(db, clock()),
        });
        const requestLogSettings = readRequestLogSettings(config);
        const requestLogs = createRequestLogStore({
          settings: requestLogSettings,
          knex: db,
          env: process.env,
          now: clock,
        });
        lifecycle.addShutdownHook(() => requestLogs.close());
        await scheduler.scheduleTask({
          id: 'ai-gateway-keep-request-logs',
          frequency: { hours: 1 },
          timeout: { minutes: 30 },
          fn: () =>
            keepRequestLogs({
              store: requestLogs,
              knex: db,
              retentionDays: requestLogSettings.retentionDays,
              logger,
              now: clock(),
            }),
        });
        await scheduler.scheduleTask({
          id: 'ai-gateway-prune-gateways',
          frequency: { hours: 6 },
          timeout: { minutes: 10 },
          fn: () => stores.gateways.prune(),
        });

        const notifier = BudgetNotifier.create({
          stores,
          events,
          logger,
          clock,
        });
        await scheduler.scheduleTask({
          id: 'ai-gateway-budget-notices',
          frequency: { seconds: 15 },
          timeout: { minutes: 2 },
          fn: async () => {
            await notifier.run();
          },
        });

        httpRouter.use(
          createRouter({ ...services, httpAuth, auditor, authorizer, clock }),
        );
        httpRouter.addAuthPolicy({
          path: OPENAPI_PATH,
          allow: 'unauthenticated',
        });
      },
    });
  },
});
