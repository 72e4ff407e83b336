import type { Gateway } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { GatewayRecord } from '../database/gateways/GatewayStore';
import { stateOf } from '../services/gatewayLife';

/** A gateway as the API writes it. */
export function renderGateway(gateway: GatewayRecord): Gateway {
  return {
    id: gateway.id,
    hostname: gateway.hostname,
    version: gateway.version,
    startedAt: gateway.startedAt.toISOString(),
    lastSeenAt: gateway.lastSeenAt.toISOString(),
    state: stateOf(gateway),
    appliedRevision: Number(gateway.appliedRevision),
    appliedAt: gateway.appliedAt?.toISOString() ?? null,
    keysRevision: gateway.keys && Number(gateway.keys.revision),
    keysAppliedAt: gateway.keys?.appliedAt.toISOString() ?? null,
    configurationError: gateway.configurationError,
  };
}
