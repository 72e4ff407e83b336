import {
  endpoints,
  gatewayReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderGateway } from '../render/renderGateway';
import type { GatewayService } from '../services/GatewayService';

/** Mounts the routes of gateways. */
export function mountGateways(
  router: EndpointRouter,
  {
    authorizer,
    gateways,
  }: { authorizer: Authorizer; gateways: GatewayService },
): void {
  router.mount(endpoints.listGateways, async ({ caller }) => {
    await authorizer.require(caller, gatewayReadPermission);
    const { currentRevision, gateways: seen } = await gateways.list();
    return {
      currentRevision: Number(currentRevision),
      items: seen.map(renderGateway),
    };
  });
}
