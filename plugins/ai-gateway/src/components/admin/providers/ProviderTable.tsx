import type { Provider } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { Link, LinkButton } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { DataTable, type DataTableColumn, StatusChip } from '../../shared';
import { useAdminPaths } from '../adminPaths';
import { RowActions } from '../shared';
import { PROVIDER_KIND_LABELS } from './providerDraft';
import { RowConnectionTest } from './RowConnectionTest';

/** The providers, with what can be done to each. */
export function ProviderTable(props: {
  providers: readonly Provider[];
  onDelete: (provider: Provider) => void;
}) {
  const { providers, onDelete } = props;
  const paths = useAdminPaths();
  const columns: DataTableColumn<Provider>[] = [
    {
      id: 'title',
      label: 'Provider',
      title: true,
      render: provider => (
        <>
          <Link to={paths.providers(provider.id)}>{provider.title}</Link>
          <Typography variant="caption" color="textSecondary" component="div">
            {provider.name} · {PROVIDER_KIND_LABELS[provider.kind]}
          </Typography>
        </>
      ),
    },
    {
      id: 'baseUrl',
      label: 'Base URL',
      render: provider => (
        <>
          {provider.baseUrl}
          <Typography variant="caption" color="textSecondary" component="div">
            {provider.secretRef ?? 'No secret'}
          </Typography>
        </>
      ),
    },
    {
      id: 'enabled',
      label: 'State',
      render: ({ enabled }) =>
        enabled ? (
          <StatusChip tone="good">Enabled</StatusChip>
        ) : (
          <StatusChip tone="off">Disabled</StatusChip>
        ),
    },
    {
      id: 'deployments',
      label: 'Deployments',
      numeric: true,
      render: ({ deploymentCount }) => deploymentCount.toLocaleString(),
    },
    {
      id: 'connection',
      label: 'Connection',
      render: provider => (
        <RowConnectionTest
          // A changed provider was not tried yet.
          key={provider.version}
          provider={provider}
        />
      ),
    },
    {
      id: 'actions',
      label: 'Actions',
      actions: true,
      render: provider => (
        <RowActions>
          <LinkButton
            to={paths.providers(provider.id)}
            size="small"
            variant="outlined"
            aria-label={`Edit ${provider.title}`}
          >
            Edit
          </LinkButton>
          <Button
            size="small"
            aria-label={`Delete ${provider.title}`}
            onClick={() => onDelete(provider)}
          >
            Delete
          </Button>
        </RowActions>
      ),
    },
  ];
  return (
    <DataTable
      label="Providers"
      rows={providers}
      rowKey={provider => provider.id}
      columns={columns}
      cardsBelow="md"
    />
  );
}
