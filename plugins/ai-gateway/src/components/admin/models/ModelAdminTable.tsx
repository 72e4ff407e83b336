import type {
  Deployment,
  Model,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { LIFECYCLE_LABELS, MODALITY_LABELS } from '../../models/labels';
import { ModelStatusChip } from '../../models/ModelStatusChip';
import { DataTable, type DataTableColumn, Money } from '../../shared';
import { type AdminPaths, useAdminPaths } from '../adminPaths';
import { nextStepLabel, nextStepOfModel, nextStepPath } from '../setup';

/** Every model, published or not, with what each still needs. */
export function ModelAdminTable(props: {
  models: readonly Model[];
  deployments: readonly Deployment[];
  hasProvider: boolean;
}) {
  const { models, deployments, hasProvider } = props;
  const paths = useAdminPaths();
  return (
    <DataTable
      label="Models"
      rows={models}
      rowKey={model => model.id}
      columns={columnsFor(deployments, hasProvider, paths)}
      cardsBelow="md"
    />
  );
}

function columnsFor(
  deployments: readonly Deployment[],
  hasProvider: boolean,
  paths: AdminPaths,
): DataTableColumn<Model>[] {
  const deploymentsOf = (model: Model) =>
    deployments.filter(({ modelId }) => modelId === model.id);
  return [
    {
      id: 'model',
      label: 'Model',
      title: true,
      render: model => (
        <>
          <Link to={paths.model(model.id)}>{model.title}</Link>
          <Typography variant="caption" color="textSecondary" component="div">
            {model.id} · {MODALITY_LABELS[model.modality]}
          </Typography>
        </>
      ),
    },
    {
      id: 'status',
      label: 'Status',
      render: ({ status }) => <ModelStatusChip status={status} />,
    },
    {
      id: 'lifecycle',
      label: 'Lifecycle',
      render: ({ lifecycle }) => LIFECYCLE_LABELS[lifecycle],
    },
    {
      id: 'deployments',
      label: 'Deployments',
      numeric: true,
      render: model => {
        const own = deploymentsOf(model);
        const published = own.filter(deployment => deployment.published);
        return own.length === 0
          ? 'None'
          : `${published.length} of ${own.length} published`;
      },
    },
    {
      id: 'input',
      label: 'Input ($/M)',
      numeric: true,
      render: ({ price }) => (price ? <Money usd={price.input} /> : '–'),
    },
    {
      id: 'output',
      label: 'Output ($/M)',
      numeric: true,
      render: ({ price }) => (price ? <Money usd={price.output} /> : '–'),
    },
    {
      id: 'next',
      label: 'Next step',
      render: model => {
        const next = nextStepOfModel(model, deploymentsOf(model), hasProvider);
        return next ? (
          <Link to={nextStepPath(next, paths)}>{nextStepLabel(next)}</Link>
        ) : (
          'None: it can be called'
        );
      },
    },
  ];
}
