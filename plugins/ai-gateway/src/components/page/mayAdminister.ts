import type { Me } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** Whether there is something for the reader in Admin; the backend decides again on every request. */
export function mayAdminister(me: Me | undefined): boolean {
  return me !== undefined && Object.values(me.can).some(Boolean);
}
