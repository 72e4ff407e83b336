import {
  endpoints,
  type UsageQuery,
  type UsageReport,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import { useCallback } from 'react';
import { aiGatewayApiRef } from '../../api';
import { type LoadState, useLoad } from '../../hooks';

/** A backend that takes longer than this, in milliseconds, does not answer. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * A report of usage, kept fresh. A backend that accepts requests and never answers them counts as failed too, so that old figures are
 * said to be old.
 */
export function useUsageReport(
  query: UsageQuery,
  options: { refreshMs?: number },
): LoadState<UsageReport> {
  const api = useApi(aiGatewayApiRef);
  const load = useCallback(
    (question: string, signal: AbortSignal) =>
      api.call(endpoints.getUsage, {
        query: JSON.parse(question) as UsageQuery,
        signal: AbortSignal.any([
          signal,
          AbortSignal.timeout(ANSWER_WITHIN_MS),
        ]),
      }),
    [api],
  );
  return useLoad(load, JSON.stringify(query), options);
}
