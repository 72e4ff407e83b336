import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Typography from '@material-ui/core/Typography';
import {
  DataTable,
  type DataTableColumn,
  type DataTableSort,
  Price,
  TokenCount,
} from '../shared';
import { CapabilityChips } from './CapabilityChips';
import { CreateKeyButton } from './CreateKeyButton';
import { MODALITY_LABELS } from './labels';
import { ModelLink } from './ModelLink';
import { ModelStatusChip } from './ModelStatusChip';
import { providerNames } from './providerNames';

const COLUMNS: readonly DataTableColumn<Model>[] = [
  {
    id: 'title',
    label: 'Model',
    title: true,
    sortable: true,
    render: model => (
      <>
        <ModelLink model={model} />
        <Typography variant="caption" color="textSecondary" component="div">
          {model.id}
        </Typography>
      </>
    ),
  },
  {
    id: 'provider',
    label: 'Provider',
    sortable: true,
    render: providerNames,
  },
  {
    id: 'modality',
    label: 'Modality',
    sortable: true,
    render: model => MODALITY_LABELS[model.modality],
  },
  {
    id: 'context',
    label: 'Context',
    numeric: true,
    sortable: true,
    render: ({ contextWindow }) =>
      contextWindow === null ? '–' : <TokenCount count={contextWindow} />,
  },
  {
    id: 'input',
    label: 'In / 1M tokens',
    numeric: true,
    sortable: true,
    render: model => (model.price ? <Price usd={model.price.input} /> : '–'),
  },
  {
    id: 'output',
    label: 'Out / 1M tokens',
    numeric: true,
    sortable: true,
    render: model => (model.price ? <Price usd={model.price.output} /> : '–'),
  },
  {
    id: 'capabilities',
    label: 'Capabilities',
    render: model => <CapabilityChips capabilities={model.capabilities} />,
  },
  {
    id: 'status',
    label: 'Status',
    sortable: true,
    render: model => <ModelStatusChip status={model.status} />,
  },
  {
    id: 'actions',
    label: 'Actions',
    actions: true,
    render: model => <CreateKeyButton model={model} />,
  },
];

/** The models as rows to compare. */
export function ModelTable(props: {
  models: readonly Model[];
  sort: DataTableSort;
  onSort: (sort: DataTableSort) => void;
}) {
  const { models, sort, onSort } = props;
  return (
    <DataTable
      label="Models"
      columns={COLUMNS}
      rows={models}
      rowKey={model => model.id}
      sort={sort}
      onSort={onSort}
      cardsBelow="md"
    />
  );
}
