import {
  endpoints,
  usageReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderUsage } from '../render/renderUsage';
import type { UsageService } from '../services/UsageService';

/** Mounts the routes of usage. */
export function mountUsage(
  router: EndpointRouter,
  { authorizer, usage }: { authorizer: Authorizer; usage: UsageService },
): void {
  router.mount(endpoints.getUsage, async ({ caller, query }) => {
    const scope = await authorizer.projectScope(caller, usageReadPermission);
    return renderUsage(await usage.report(scope, query), query);
  });
}
