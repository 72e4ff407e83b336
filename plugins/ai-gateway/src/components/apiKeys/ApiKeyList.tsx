import type {
  ApiKey,
  Page,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Button from '@material-ui/core/Button';
import TablePagination from '@material-ui/core/TablePagination';
import SearchIcon from '@material-ui/icons/Search';
import VpnKeyOutlinedIcon from '@material-ui/icons/VpnKeyOutlined';
import { useState } from 'react';
import { type EndpointState, useProject } from '../../hooks';
import { EmptyState, ErrorState, StaleNotice, TableSkeleton } from '../shared';
import { ApiKeyFilterBar } from './ApiKeyFilterBar';
import { API_KEYS_PER_PAGE, type ApiKeyFilters } from './apiKeyParams';
import { ApiKeyTable } from './ApiKeyTable';
import { RevokeApiKeyDialog } from './RevokeApiKeyDialog';

/** The keys that the reader may see, filtered, with what can be done to them. */
export function ApiKeyList(props: {
  apiKeys: EndpointState<Page<ApiKey>>;
  filters: ApiKeyFilters;
  onFilter: (
    change: Partial<ApiKeyFilters>,
    options?: { push?: boolean },
  ) => void;
  onCreate: () => void;
}) {
  const { apiKeys, filters, onFilter, onCreate } = props;
  const { projectId } = useProject();
  const [revoking, setRevoking] = useState<ApiKey>();

  if (apiKeys.status === 'error') {
    return (
      <ErrorState
        error={apiKeys.error}
        title="API keys could not be loaded"
        onRetry={apiKeys.refresh}
      />
    );
  }
  const isFiltered = Boolean(filters.search || filters.state);
  const page = apiKeys.value;
  if (page?.totalCount === 0 && !apiKeys.stale && !isFiltered) {
    return (
      <EmptyState
        title={
          projectId ? 'No API keys in this project yet' : 'No API keys yet'
        }
        icon={<VpnKeyOutlinedIcon />}
        action={
          <Button variant="contained" color="primary" onClick={onCreate}>
            {projectId ? 'Create a key' : 'Create your first key'}
          </Button>
        }
      >
        A key lets an application call models through the gateway. What it uses
        is counted for its project.
      </EmptyState>
    );
  }
  return (
    <>
      <ApiKeyFilterBar filters={filters} onChange={onFilter} />
      <StaleNotice error={apiKeys.error} onRetry={apiKeys.refresh} />
      {!page && <TableSkeleton label="Loading API keys" />}
      {page?.items.length === 0 && (
        <EmptyState
          title="No key matches"
          icon={<SearchIcon />}
          action={
            <Button
              variant="outlined"
              onClick={() =>
                onFilter({ search: '', state: undefined, page: 1 })
              }
            >
              Clear filters
            </Button>
          }
        >
          No key that you may see passes all of the filters.
        </EmptyState>
      )}
      {page && page.items.length > 0 && (
        <ApiKeyTable apiKeys={page.items} onRevoke={setRevoking} />
      )}
      {page && page.totalCount > API_KEYS_PER_PAGE && (
        <TablePagination
          component="div"
          count={page.totalCount}
          page={filters.page - 1}
          rowsPerPage={API_KEYS_PER_PAGE}
          rowsPerPageOptions={[API_KEYS_PER_PAGE]}
          onPageChange={(_event, index) =>
            onFilter({ page: index + 1 }, { push: true })
          }
        />
      )}
      {revoking && (
        <RevokeApiKeyDialog
          apiKey={revoking}
          onClose={() => setRevoking(undefined)}
          onRevoked={apiKeys.refresh}
        />
      )}
    </>
  );
}
