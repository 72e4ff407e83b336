import {
  endpoints,
  type Gateway,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Typography from '@material-ui/core/Typography';
import RouterOutlinedIcon from '@material-ui/icons/RouterOutlined';
import { useEndpoint } from '../../../hooks';
import {
  DataTable,
  type DataTableColumn,
  EmptyState,
  RelativeTime,
  StatusChip,
} from '../../shared';
import { Loaded, SectionHead } from '../shared';
import {
  GATEWAY_STATES,
  revisionStatus,
  rolloutSummary,
} from './gatewayStatus';

/** A change should be seen to arrive, in milliseconds. */
const REFRESH_MS = 2_000;

/** The gateways that serve, and which configuration each runs. */
export function GatewaysSection() {
  const gateways = useEndpoint(
    endpoints.listGateways,
    {},
    { refreshMs: REFRESH_MS },
  );
  return (
    <Loaded of={{ gateways }} what="gateways">
      {({ gateways: { items, currentRevision } }) => (
        <>
          <SectionHead title="Gateways">
            {rolloutSummary(items, currentRevision)}
          </SectionHead>
          {items.length === 0 ? (
            <EmptyState
              title="No gateway was seen in the last day"
              icon={<RouterOutlinedIcon />}
            >
              A gateway shows here as soon as it starts and reaches the
              database. Until then no model can be called.
            </EmptyState>
          ) : (
            <DataTable
              label="Gateways"
              rows={items}
              rowKey={gateway => gateway.id}
              columns={columnsFor(currentRevision)}
              cardsBelow="md"
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function columnsFor(currentRevision: number): DataTableColumn<Gateway>[] {
  return [
    {
      id: 'hostname',
      label: 'Gateway',
      title: true,
      render: gateway => (
        <>
          <strong>{gateway.hostname}</strong>
          <Typography variant="caption" color="textSecondary" component="div">
            Version {gateway.version}
          </Typography>
        </>
      ),
    },
    {
      id: 'state',
      label: 'State',
      render: ({ state }) => {
        const { tone, label } = GATEWAY_STATES[state];
        return <StatusChip tone={tone}>{label}</StatusChip>;
      },
    },
    {
      id: 'configuration',
      label: 'Configuration',
      render: gateway => {
        const { tone, label } = revisionStatus(gateway, currentRevision);
        return (
          <>
            <StatusChip tone={tone}>{label}</StatusChip>
            {gateway.configurationError && (
              <Typography variant="body2" color="textSecondary">
                {gateway.configurationError}
              </Typography>
            )}
          </>
        );
      },
    },
    {
      id: 'revision',
      label: 'Revision',
      numeric: true,
      render: ({ appliedRevision }) =>
        `${appliedRevision.toLocaleString()} of ${currentRevision.toLocaleString()}`,
    },
    {
      id: 'appliedAt',
      label: 'Applied',
      render: ({ appliedAt }) =>
        appliedAt ? <RelativeTime at={appliedAt} /> : 'Not yet',
    },
    {
      id: 'lastSeenAt',
      label: 'Last seen',
      render: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} />,
    },
    {
      id: 'startedAt',
      label: 'Started',
      render: ({ startedAt }) => <RelativeTime at={startedAt} />,
    },
  ];
}
