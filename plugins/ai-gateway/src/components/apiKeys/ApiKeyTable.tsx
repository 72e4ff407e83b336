import type { ApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { useMemo } from 'react';
import { useProjects } from '../../hooks';
import { DataTable, type DataTableColumn, RelativeTime } from '../shared';
import { ApiKeyExpiry } from './ApiKeyExpiry';
import { ApiKeyModels } from './ApiKeyModels';
import { ApiKeyOwnerLink } from './ApiKeyOwnerLink';
import { ApiKeyStateChip } from './ApiKeyStateChip';
import { KeyEnding } from './KeyEnding';

/** The keys, newest first. */
export function ApiKeyTable(props: {
  apiKeys: readonly ApiKey[];
  onRevoke: (apiKey: ApiKey) => void;
}) {
  const { apiKeys, onRevoke } = props;
  const projects = useProjects().value?.items;
  const columns = useMemo(
    () =>
      columnsOf({
        titleOfProject: id =>
          projects?.find(project => project.id === id)?.title ?? id,
        onRevoke,
      }),
    [projects, onRevoke],
  );
  return (
    <DataTable
      label="API keys"
      columns={columns}
      rows={apiKeys}
      rowKey={apiKey => apiKey.id}
      cardsBelow="md"
    />
  );
}

function columnsOf(options: {
  titleOfProject: (projectId: string) => string;
  onRevoke: (apiKey: ApiKey) => void;
}): DataTableColumn<ApiKey>[] {
  const { titleOfProject, onRevoke } = options;
  return [
    {
      id: 'label',
      label: 'Key',
      title: true,
      render: ({ label, lastFour }) => (
        <>
          <Typography variant="subtitle2" component="div">
            {label}
          </Typography>
          <Typography variant="caption" color="textSecondary">
            <KeyEnding lastFour={lastFour} />
          </Typography>
        </>
      ),
    },
    {
      id: 'owner',
      label: 'Owner',
      render: ({ owner }) => <ApiKeyOwnerLink owner={owner} />,
    },
    {
      id: 'project',
      label: 'Project',
      render: ({ projectId }) => titleOfProject(projectId),
    },
    {
      id: 'models',
      label: 'Models',
      render: ({ modelScope }) => <ApiKeyModels modelScope={modelScope} />,
    },
    {
      id: 'lastUsed',
      label: 'Last used',
      render: ({ lastUsedAt }) =>
        lastUsedAt ? <RelativeTime at={lastUsedAt} /> : 'Never',
    },
    {
      id: 'expires',
      label: 'Expires',
      render: apiKey => <ApiKeyExpiry apiKey={apiKey} />,
    },
    {
      id: 'status',
      label: 'Status',
      render: ({ state }) => <ApiKeyStateChip state={state} />,
    },
    {
      id: 'actions',
      label: 'Actions',
      actions: true,
      render: apiKey =>
        apiKey.canRevoke &&
        apiKey.state === 'active' && (
          <Button
            size="small"
            variant="outlined"
            aria-label={`Revoke key ${apiKey.label}`}
            onClick={() => onRevoke(apiKey)}
          >
            Revoke
          </Button>
        ),
    },
  ];
}
