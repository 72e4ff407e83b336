import {
  endpoints,
  limitManagePermission,
  limitReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderChange } from '../render/renderChange';
import { renderLimit } from '../render/renderLimit';
import type { LimitService } from '../services/LimitService';

/** Mounts the routes of limits. */
export function mountLimits(
  router: EndpointRouter,
  { authorizer, limits }: { authorizer: Authorizer; limits: LimitService },
): void {
  router.mount(endpoints.listLimits, async ({ caller, query }) => {
    const scope = await authorizer.subjectScope(caller, limitReadPermission);
    const { items, totalCount } = await limits.list(scope, query);
    return { items: items.map(renderLimit), totalCount };
  });

  router.mount(endpoints.createLimit, async ({ caller, body }) => {
    await authorizer.require(caller, limitManagePermission);
    return renderLimit(await limits.create(caller.actor, body));
  });

  router.mount(endpoints.getLimit, async ({ caller, params }) => {
    const scope = await authorizer.subjectScope(caller, limitReadPermission);
    return renderLimit(await limits.get(params.limitId, scope));
  });

  router.mount(endpoints.updateLimit, async ({ caller, params, body }) => {
    await authorizer.require(caller, limitManagePermission);
    return renderLimit(await limits.update(caller.actor, params.limitId, body));
  });

  router.mount(endpoints.deleteLimit, async ({ caller, params }) => {
    await authorizer.require(caller, limitManagePermission);
    await limits.remove(caller.actor, params.limitId);
  });

  router.mount(endpoints.getLimitHistory, async ({ caller, params, query }) => {
    const scope = await authorizer.subjectScope(caller, limitReadPermission);
    const { items, totalCount } = await limits.history(
      params.limitId,
      scope,
      query,
    );
    return { items: items.map(renderChange), totalCount };
  });
}
