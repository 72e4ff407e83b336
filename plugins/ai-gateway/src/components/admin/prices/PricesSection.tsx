import type { Deployment } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import LocalOfferOutlinedIcon from '@material-ui/icons/LocalOfferOutlined';
import {
  DataTable,
  type DataTableColumn,
  EmptyState,
  Money,
  StatusChip,
} from '../../shared';
import { type AdminPaths, useAdminPaths } from '../adminPaths';
import { deploymentName } from '../deployments/deploymentName';
import { SetupGuide } from '../setup';
import { Loaded, SectionHead, useAdminLists } from '../shared';
import { PriceMoment } from './PriceMoment';

/** What each deployment costs now. */
export function PricesSection() {
  const { deployments } = useAdminLists();
  const paths = useAdminPaths();
  return (
    <>
      <SectionHead title="Prices">
        Dollars per million tokens, in force now. A change is a new price with
        its own start; what was used before keeps the price of its time.
      </SectionHead>
      <SetupGuide />
      <Loaded of={{ deployments }} what="deployments">
        {loaded =>
          loaded.deployments.length === 0 ? (
            <EmptyState
              title="Nothing to price yet"
              icon={<LocalOfferOutlinedIcon />}
            >
              Prices belong to the deployments of models. Add a model, then give
              it a deployment.
            </EmptyState>
          ) : (
            <DataTable
              label="Prices in force"
              rows={loaded.deployments}
              rowKey={deployment => deployment.id}
              columns={columnsFor(paths)}
            />
          )
        }
      </Loaded>
    </>
  );
}

function columnsFor(paths: AdminPaths): DataTableColumn<Deployment>[] {
  const amount = (
    id: 'input' | 'output',
    label: string,
  ): DataTableColumn<Deployment> => ({
    id,
    label,
    numeric: true,
    render: ({ currentPrice }) =>
      currentPrice ? <Money usd={currentPrice.amounts[id]} /> : '–',
  });
  return [
    {
      id: 'model',
      label: 'Model',
      title: true,
      render: deployment => (
        <>
          <Link to={paths.priceHistory(deployment.id)}>
            {deployment.modelId}
          </Link>
          <Typography variant="caption" color="textSecondary" component="div">
            {deploymentName(deployment)}
          </Typography>
        </>
      ),
    },
    amount('input', 'Input'),
    amount('output', 'Output'),
    {
      id: 'since',
      label: 'In force since',
      render: ({ currentPrice }) =>
        currentPrice ? (
          <PriceMoment at={currentPrice.effectiveFrom} />
        ) : (
          <StatusChip tone="warning">No price</StatusChip>
        ),
    },
    {
      id: 'published',
      label: 'State',
      render: ({ published }) =>
        published ? (
          <StatusChip tone="good">Published</StatusChip>
        ) : (
          <StatusChip tone="off">Unpublished</StatusChip>
        ),
    },
  ];
}
