import type { ApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { StatusChip, type StatusTone } from '../shared';

/** How the states of a key read. */
export const API_KEY_STATE_LABELS: Record<ApiKey['state'], string> = {
  active: 'Active',
  expired: 'Expired',
  revoked: 'Revoked',
};

const TONES: Record<ApiKey['state'], StatusTone> = {
  active: 'good',
  expired: 'warning',
  revoked: 'off',
};

/** Whether a key opens anything. */
export function ApiKeyStateChip(props: { state: ApiKey['state'] }) {
  const { state } = props;
  return (
    <StatusChip tone={TONES[state]}>{API_KEY_STATE_LABELS[state]}</StatusChip>
  );
}
