import type { ApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { FilterBar, FilterSelect, SearchField } from '../shared';
import type { ApiKeyFilters } from './apiKeyParams';
import { API_KEY_STATE_LABELS } from './ApiKeyStateChip';

const STATES: readonly ApiKey['state'][] = ['active', 'expired', 'revoked'];

/** Search and filters of the keys, in one row. Any change leads back to the first page. */
export function ApiKeyFilterBar(props: {
  filters: ApiKeyFilters;
  onChange: (change: Partial<ApiKeyFilters>) => void;
}) {
  const { filters, onChange } = props;
  return (
    <FilterBar>
      <SearchField
        label="Search keys"
        value={filters.search}
        onChange={search => onChange({ search, page: 1 })}
      />
      <FilterSelect
        label="Status"
        all="Any status"
        value={filters.state}
        options={STATES.map(id => ({ id, label: API_KEY_STATE_LABELS[id] }))}
        onChange={state => onChange({ state, page: 1 })}
      />
    </FilterBar>
  );
}
