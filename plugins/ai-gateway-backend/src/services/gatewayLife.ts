import type { GatewayRecord } from '../database/gateways/GatewayStore';

/** Gateways that were not seen for longer are not shown any more. */
export const DAY_MS = 86_400_000;

/** Silent for longer counts as gone. */
const GONE_AFTER_MS = 15_000;

/** Whether a gateway has been silent for so long that it may have ended without saying so. */
export function isGone({ silentForMs }: GatewayRecord): boolean {
  return silentForMs > GONE_AFTER_MS;
}

/** How a gateway is, as far as anybody knows. */
export function stateOf(gateway: GatewayRecord): 'ready' | 'draining' | 'gone' {
  return isGone(gateway) ? 'gone' : gateway.state;
}
