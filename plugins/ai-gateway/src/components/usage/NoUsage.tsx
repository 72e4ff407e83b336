import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import BarChartIcon from '@material-ui/icons/BarChart';
import { apiKeysRouteRef } from '../../routes';
import { EmptyState } from '../shared';

/** A span in which nobody called anything. */
export function NoUsage() {
  const apiKeysPath = useRouteRef(apiKeysRouteRef);
  return (
    <EmptyState
      title="No requests in this period"
      icon={<BarChartIcon />}
      action={
        <LinkButton
          to={`${apiKeysPath()}?create`}
          variant="contained"
          color="primary"
        >
          Create an API key
        </LinkButton>
      }
    >
      Each call through the gateway is counted here within two seconds of its
      end, with its tokens and its cost. Choose a longer period, or create a key
      and make the first call.
    </EmptyState>
  );
}
