import {
  endpoints,
  modelManagePermission,
  modelReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderModelAlias } from '../render/renderRouting';
import type { ModelAliasService } from '../services/ModelAliasService';

/** Mounts the routes of aliases. */
export function mountModelAliases(
  router: EndpointRouter,
  {
    authorizer,
    modelAliases,
  }: { authorizer: Authorizer; modelAliases: ModelAliasService },
): void {
  // Every alias leads to a published model, so that whoever sees those may see all.
  router.mount(endpoints.listModelAliases, async ({ caller, query }) => {
    await authorizer.require(caller, modelReadPermission);
    const { items, totalCount } = await modelAliases.list(query);
    return { items: items.map(renderModelAlias), totalCount };
  });

  router.mount(endpoints.createModelAlias, async ({ caller, body }) => {
    await authorizer.require(caller, modelManagePermission);
    return renderModelAlias(await modelAliases.create(caller.actor, body));
  });

  router.mount(endpoints.updateModelAlias, async ({ caller, params, body }) => {
    await authorizer.require(caller, modelManagePermission);
    return renderModelAlias(
      await modelAliases.update(caller.actor, params.alias, body),
    );
  });

  router.mount(endpoints.deleteModelAlias, async ({ caller, params }) => {
    await authorizer.require(caller, modelManagePermission);
    await modelAliases.delete(caller.actor, params.alias);
  });
}
