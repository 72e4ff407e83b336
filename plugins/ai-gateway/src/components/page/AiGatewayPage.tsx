import { useRouteRef } from '@backstage/core-plugin-api';
import { PageLayout } from '@backstage/frontend-plugin-api';
import { rootRouteRef } from '../../routes';
import { AiGatewayIcon } from './AiGatewayIcon';
import { AiGatewayRoutes } from './AiGatewayRoutes';
import { useTabs } from './useTabs';

/**
 * The page in the new frontend system, in the app's own page layout.
 *
 * The layout is rendered here, not by the page's extension, because its tabs depend on who reads.
 */
export function AiGatewayPage() {
  const tabs = useTabs();
  const root = useRouteRef(rootRouteRef);
  return (
    <PageLayout
      title="AI Gateway"
      icon={<AiGatewayIcon fontSize="inherit" />}
      titleLink={root()}
      tabs={tabs}
    >
      <AiGatewayRoutes />
    </PageLayout>
  );
}
