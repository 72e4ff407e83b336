import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { MeService } from '../services/MeService';

/** Mounts the route of the caller. */
export function mountMe(
  router: EndpointRouter,
  { me }: { me: MeService },
): void {
  router.mount(endpoints.getMe, ({ caller }) => me.describe(caller));
}
