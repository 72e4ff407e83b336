import type { ApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { RelativeTime, StatusChip } from '../shared';

const SOON_MS = 7 * 24 * 60 * 60 * 1000;

/** When a key stops working; said louder in its last week. */
export function ApiKeyExpiry(props: {
  apiKey: Pick<ApiKey, 'expiresAt' | 'state'>;
}) {
  const { expiresAt, state } = props.apiKey;
  if (expiresAt === null) return <>Never</>;
  const soon =
    state === 'active' && Date.parse(expiresAt) - Date.now() < SOON_MS;
  const time = <RelativeTime at={expiresAt} />;
  return soon ? <StatusChip tone="warning">{time}</StatusChip> : time;
}
