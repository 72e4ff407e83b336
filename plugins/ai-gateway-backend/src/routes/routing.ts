import {
  endpoints,
  gatewayReadPermission,
  modelManagePermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderChange } from '../render/renderChange';
import { renderDeploymentState, renderRouting } from '../render/renderRouting';
import type { RoutingService } from '../services/RoutingService';

/** Mounts the routes of how requests find a deployment. */
export function mountRouting(
  router: EndpointRouter,
  { authorizer, routing }: { authorizer: Authorizer; routing: RoutingService },
): void {
  router.mount(endpoints.getModelRouting, async ({ caller, params }) => {
    await authorizer.require(caller, modelManagePermission);
    return renderRouting(await routing.get(params.modelId));
  });

  router.mount(
    endpoints.updateModelRouting,
    async ({ caller, params, body }) => {
      await authorizer.require(caller, modelManagePermission);
      return renderRouting(
        await routing.update(caller.actor, params.modelId, body),
      );
    },
  );

  router.mount(
    endpoints.getModelRoutingHistory,
    async ({ caller, params, query }) => {
      await authorizer.require(caller, modelManagePermission);
      const { items, totalCount } = await routing.history(
        params.modelId,
        query,
      );
      return { items: items.map(renderChange), totalCount };
    },
  );

  router.mount(endpoints.listDeploymentStates, async ({ caller, params }) => {
    await authorizer.require(caller, gatewayReadPermission);
    const states = await routing.states(params.deploymentId);
    return { items: states.map(renderDeploymentState) };
  });
}
