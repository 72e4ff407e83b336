import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import { demoAuthenticator } from './authenticator';
import { readProfile } from './profile';

/**
 * Signs in as one of the demo users, chosen on the sign-in page, without a password.
 *
 * For a laptop only. Outside development it is not even registered, whatever the configuration says.
 */
export const authModuleDemoProvider = createBackendModule({
  pluginId: 'auth',
  moduleId: 'demo-provider',
  register(env) {
    env.registerInit({
      deps: {
        logger: coreServices.logger,
        providers: authProvidersExtensionPoint,
        config: coreServices.rootConfig,
      },
      async init({ logger, providers, config }) {
        if (process.env.NODE_ENV !== 'development') {
          logger.info(
            'Demo sign-in is not available: NODE_ENV is not development',
          );
          return;
        }
        const users = (
          config.getOptionalConfigArray('app.demoSignIn.users') ?? []
        ).map(user => user.getString('ref'));
        providers.registerProvider({
          providerId: 'demo',
          factory: createProxyAuthProviderFactory({
            authenticator: demoAuthenticator(users),
            profileTransform: async ({ userRef }, context) => {
              const { entity } = await context.findCatalogUser({
                entityRef: userRef,
              });
              return { profile: readProfile(entity) };
            },
            signInResolver: async ({ result }, context) =>
              context.signInWithCatalogUser({ entityRef: result.userRef }),
          }),
        });
      },
    });
  },
});
