import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import LocalOfferOutlinedIcon from '@material-ui/icons/LocalOfferOutlined';
import { useParams } from 'react-router-dom';
import { urlFlag, useEndpoint, useUrlState } from '../../../hooks';
import { EmptyState } from '../../shared';
import { useAdminPaths } from '../adminPaths';
import { deploymentName } from '../deployments/deploymentName';
import { Loaded, SectionHead, useAdminLists } from '../shared';
import { PriceDrawer } from './PriceDrawer';
import { PriceHistory } from './PriceHistory';

const PARAMS = { add: urlFlag() };
const REFRESH_MS = 10_000;

/** The prices of one deployment: past, in force and scheduled. */
export function PriceHistoryPage() {
  const { deploymentId = '' } = useParams();
  const paths = useAdminPaths();
  const { refresh } = useAdminLists();
  const [{ add }, setValues] = useUrlState(PARAMS);
  const params = { deploymentId };
  const deployment = useEndpoint(
    endpoints.getDeployment,
    { params },
    { refreshMs: REFRESH_MS },
  );
  const prices = useEndpoint(
    endpoints.listPrices,
    { params },
    { refreshMs: REFRESH_MS },
  );
  const close = () => setValues({ add: false });
  const addPrice = (
    <Button
      variant="contained"
      color="primary"
      onClick={() => setValues({ add: true })}
    >
      Add price
    </Button>
  );

  return (
    <Loaded of={{ deployment, prices }} what="prices">
      {loaded => (
        <>
          <SectionHead
            title={`Prices of ${deploymentName(loaded.deployment)}`}
            actions={addPrice}
          >
            Dollars per million tokens, for{' '}
            <Link to={paths.model(loaded.deployment.modelId)}>
              {loaded.deployment.modelId}
            </Link>
          </SectionHead>
          {loaded.prices.items.length === 0 ? (
            <EmptyState
              title="No price yet"
              icon={<LocalOfferOutlinedIcon />}
              action={addPrice}
            >
              A deployment can be published once it has a price in force, so
              that every request has a cost.
            </EmptyState>
          ) : (
            <PriceHistory prices={loaded.prices.items} />
          )}
          {add && (
            <PriceDrawer
              deployment={loaded.deployment}
              onClose={close}
              onSaved={() => {
                close();
                prices.refresh();
                deployment.refresh();
                refresh();
              }}
            />
          )}
        </>
      )}
    </Loaded>
  );
}
