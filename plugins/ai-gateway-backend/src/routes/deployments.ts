import {
  endpoints,
  modelManagePermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderDeployment } from '../render/renderDeployment';
import type {
  DeploymentService,
  PricedDeployment,
} from '../services/DeploymentService';

/** Mounts the routes of deployments. */
export function mountDeployments(
  router: EndpointRouter,
  {
    authorizer,
    deployments,
    clock,
  }: {
    authorizer: Authorizer;
    deployments: DeploymentService;
    clock: () => number;
  },
): void {
  const render = (found: PricedDeployment) => renderDeployment(found, clock());

  router.mount(endpoints.listDeployments, async ({ caller, query }) => {
    await authorizer.require(caller, modelManagePermission);
    const { items, totalCount } = await deployments.list(query);
    return { items: items.map(render), totalCount };
  });

  router.mount(endpoints.createDeployment, async ({ caller, body }) => {
    await authorizer.require(caller, modelManagePermission);
    return render(await deployments.create(caller.actor, body));
  });

  router.mount(endpoints.getDeployment, async ({ caller, params }) => {
    await authorizer.require(caller, modelManagePermission);
    return render(await deployments.get(params.deploymentId));
  });

  router.mount(endpoints.updateDeployment, async ({ caller, params, body }) => {
    await authorizer.require(caller, modelManagePermission);
    return render(
      await deployments.update(caller.actor, params.deploymentId, body),
    );
  });

  router.mount(endpoints.deleteDeployment, async ({ caller, params }) => {
    await authorizer.require(caller, modelManagePermission);
    await deployments.delete(caller.actor, params.deploymentId);
  });

  router.mount(endpoints.publishDeployment, async ({ caller, params }) => {
    await authorizer.require(caller, modelManagePermission);
    return render(await deployments.publish(caller.actor, params.deploymentId));
  });

  router.mount(endpoints.unpublishDeployment, async ({ caller, params }) => {
    await authorizer.require(caller, modelManagePermission);
    return render(
      await deployments.unpublish(caller.actor, params.deploymentId),
    );
  });
}
