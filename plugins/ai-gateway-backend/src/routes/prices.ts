import {
  endpoints,
  modelManagePermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderPrice } from '../render/renderPrice';
import type { PriceService } from '../services/PriceService';

/** Mounts the routes of prices. */
export function mountPrices(
  router: EndpointRouter,
  {
    authorizer,
    prices,
    clock,
  }: { authorizer: Authorizer; prices: PriceService; clock: () => number },
): void {
  router.mount(endpoints.listPrices, async ({ caller, params }) => {
    await authorizer.require(caller, modelManagePermission);
    const found = await prices.list(params.deploymentId);
    const now = clock();
    return { items: found.map(price => renderPrice(price, now)) };
  });

  router.mount(endpoints.createPrice, async ({ caller, params, body }) => {
    await authorizer.require(caller, modelManagePermission);
    return renderPrice(
      await prices.create(caller.actor, params.deploymentId, body),
      clock(),
    );
  });
}
