import {
  endpoints,
  type Model,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import { useCallback } from 'react';
import { aiGatewayApiRef } from '../api';
import { type LoadOptions, type LoadState, useLoad } from './useLoad';

/** The most that one request may ask for. */
const PAGE_SIZE = 500;

/** Every published model, so that a page can filter and sort without asking again. */
export function useAllModels(options?: LoadOptions): LoadState<Model[]> {
  const api = useApi(aiGatewayApiRef);
  const load = useCallback(
    async (_question: string, signal: AbortSignal) => {
      const models: Model[] = [];
      let totalCount: number;
      do {
        const query = { limit: PAGE_SIZE, offset: models.length };
        const page = await api.call(endpoints.listModels, { query, signal });
        models.push(...page.items);
        totalCount = page.items.length === 0 ? 0 : page.totalCount;
      } while (models.length < totalCount);
      return models;
    },
    [api],
  );
  return useLoad(load, 'every published model', options);
}
