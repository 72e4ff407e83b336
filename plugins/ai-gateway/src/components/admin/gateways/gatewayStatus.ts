import type { Gateway } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { StatusTone } from '../../shared';

/** A status as a chip shows it. */
interface Status {
  readonly tone: StatusTone;
  readonly label: string;
}

/** How the states of a gateway read. */
export const GATEWAY_STATES: Record<Gateway['state'], Status> = {
  ready: { tone: 'good', label: 'Ready' },
  draining: { tone: 'warning', label: 'Draining' },
  gone: { tone: 'off', label: 'Gone' },
};

/** Whether a gateway runs the newest configuration, and if not, why. */
export function revisionStatus(
  gateway: Pick<Gateway, 'appliedRevision' | 'configurationError' | 'state'>,
  currentRevision: number,
): Status {
  const behind = currentRevision - gateway.appliedRevision;
  if (behind <= 0) return { tone: 'good', label: 'Up to date' };
  const label = `${behind.toLocaleString()} behind`;
  if (gateway.configurationError !== null) {
    return { tone: 'bad', label: `Refused, ${label}` };
  }
  return { tone: gateway.state === 'gone' ? 'off' : 'warning', label };
}

/** In a sentence: how many of those that serve run the newest configuration. */
export function rolloutSummary(
  gateways: readonly Gateway[],
  currentRevision: number,
): string {
  const serving = gateways.filter(({ state }) => state !== 'gone');
  if (serving.length === 0) {
    return `No gateway serves. The newest configuration is revision ${currentRevision}.`;
  }
  const current = serving.filter(
    ({ appliedRevision }) => appliedRevision >= currentRevision,
  );
  return `${current.length} of ${serving.length} ${
    serving.length === 1 ? 'gateway runs' : 'gateways run'
  } the newest configuration, revision ${currentRevision}.`;
}
