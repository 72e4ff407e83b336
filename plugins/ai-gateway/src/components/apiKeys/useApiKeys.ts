import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useDebounced, useEndpoint, useProject } from '../../hooks';
import { API_KEYS_PER_PAGE, type ApiKeyFilters } from './apiKeyParams';

/** "Last used" is this fresh, in milliseconds. */
const REFRESH_MS = 3_000;

/** How long typing rests before the search is asked, in milliseconds. */
const TYPING_REST_MS = 250;

/** One page of the keys that pass the filters, in the project that the pages are narrowed to. */
export function useApiKeys(filters: ApiKeyFilters) {
  const { projectId } = useProject();
  const search = useDebounced(filters.search.trim(), TYPING_REST_MS);
  const query = {
    projectId,
    state: filters.state,
    search: search || undefined,
    limit: API_KEYS_PER_PAGE,
    offset: (filters.page - 1) * API_KEYS_PER_PAGE,
  };
  return useEndpoint(
    endpoints.listApiKeys,
    { query },
    { refreshMs: REFRESH_MS },
  );
}
