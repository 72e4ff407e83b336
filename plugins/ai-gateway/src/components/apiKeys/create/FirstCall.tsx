import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useEndpoint } from '../../../hooks';
import { RelativeTime, StatusChip } from '../../shared';

/** A call shows here this soon after it was counted, in milliseconds. */
const REFRESH_MS = 1_000;

/** A line that turns green when the first call with a new key arrives. */
export function FirstCall(props: { apiKeyId: string }) {
  const { apiKeyId } = props;
  const apiKey = useEndpoint(
    endpoints.getApiKey,
    { params: { apiKeyId } },
    { refreshMs: REFRESH_MS },
  );
  const lastUsedAt = apiKey.value?.lastUsedAt;
  return (
    <div role="status">
      {lastUsedAt ? (
        <StatusChip tone="good">
          The first call arrived <RelativeTime at={lastUsedAt} />
        </StatusChip>
      ) : (
        <StatusChip tone="neutral">Waiting for the first call</StatusChip>
      )}
    </div>
  );
}
