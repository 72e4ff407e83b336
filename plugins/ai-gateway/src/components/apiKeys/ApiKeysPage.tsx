import Button from '@material-ui/core/Button';
import AddIcon from '@material-ui/icons/Add';
import { useUrlState } from '../../hooks';
import { PageFrame } from '../shared';
import { ApiKeyList } from './ApiKeyList';
import { API_KEY_FILTER_PARAMS, CREATE_API_KEY_PARAMS } from './apiKeyParams';
import { CreateApiKeyDialog } from './create';
import { useApiKeys } from './useApiKeys';

/** The keys with which applications call the gateway. */
export function ApiKeysPage() {
  const [{ create, model }, setCreation] = useUrlState(CREATE_API_KEY_PARAMS);
  const [filters, setFilters] = useUrlState(API_KEY_FILTER_PARAMS);
  const apiKeys = useApiKeys(filters);
  const openCreation = () => setCreation({ create: true }, { push: true });

  return (
    <PageFrame
      title="API keys"
      description="Credentials with which applications call models; their project pays"
      projectSwitch
      actions={
        <Button
          variant="contained"
          color="primary"
          startIcon={<AddIcon />}
          onClick={openCreation}
        >
          Create key
        </Button>
      }
    >
      <ApiKeyList
        apiKeys={apiKeys}
        filters={filters}
        onFilter={setFilters}
        onCreate={openCreation}
      />
      <CreateApiKeyDialog
        open={create}
        modelId={model || undefined}
        onClose={() => {
          setCreation({ create: false, model: '' });
          apiKeys.refresh();
        }}
      />
    </PageFrame>
  );
}
