import {
  endpoints,
  providerManagePermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderProvider } from '../render/renderProvider';
import type { ProviderService } from '../services/ProviderService';

/** Mounts the routes of providers. */
export function mountProviders(
  router: EndpointRouter,
  {
    authorizer,
    providers,
  }: { authorizer: Authorizer; providers: ProviderService },
): void {
  router.mount(endpoints.listProviders, async ({ caller, query }) => {
    await authorizer.require(caller, providerManagePermission);
    const { items, totalCount } = await providers.list(query);
    return { items: items.map(renderProvider), totalCount };
  });

  router.mount(endpoints.createProvider, async ({ caller, body }) => {
    await authorizer.require(caller, providerManagePermission);
    return renderProvider(await providers.create(caller.actor, body));
  });

  router.mount(endpoints.testProviderDraft, async ({ caller, body }) => {
    await authorizer.require(caller, providerManagePermission);
    return providers.testDraft(body);
  });

  router.mount(endpoints.getProvider, async ({ caller, params }) => {
    await authorizer.require(caller, providerManagePermission);
    return renderProvider(await providers.get(params.providerId));
  });

  router.mount(endpoints.updateProvider, async ({ caller, params, body }) => {
    await authorizer.require(caller, providerManagePermission);
    return renderProvider(
      await providers.update(caller.actor, params.providerId, body),
    );
  });

  router.mount(endpoints.deleteProvider, async ({ caller, params }) => {
    await authorizer.require(caller, providerManagePermission);
    await providers.delete(caller.actor, params.providerId);
  });

  router.mount(endpoints.testProvider, async ({ caller, params }) => {
    await authorizer.require(caller, providerManagePermission);
    return providers.test(params.providerId);
  });
}
