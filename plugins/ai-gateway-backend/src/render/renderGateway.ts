import type { Gateway } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { GatewayRecord } from '../database/gateways/GatewayStore';

/** Silent for longer counts as gone. */
const GONE_AFTER_MS = 15_000;

/** A gateway as the API writes it. */
export function renderGateway(gateway: GatewayRecord): Gateway {
  return {
    id: gateway.id,
    hostname: gateway.hostname,
    version: gateway.version,
    startedAt: gateway.startedAt.toISOString(),
    lastSeenAt: gateway.lastSeenAt.toISOString(),
    state: gateway.silentForMs > GONE_AFTER_MS ? 'gone' : gateway.state,
    appliedRevision: Number(gateway.appliedRevision),
    appliedAt: gateway.appliedAt?.toISOString() ?? null,
    configurationError: gateway.configurationError,
  };
}
